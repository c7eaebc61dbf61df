import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { both, type Row, UNKNOWN } from "../row.ts";
import { type Fault, http } from "../vendor.ts";
import { bytes, HEAD, json, sendJson } from "./answers.ts";

const CAP = 10 * 1024 * 1024;
const CAPPED = { attempts: 1, code: "response_too_large" } as const;
const DONE = /was carried out: do not repeat it/;
const DEEP = "[".repeat(100_000) + "]".repeat(100_000);

/** What 200 KB on the wire are in memory; made when the row is driven, since it takes a second. */
const bomb: Fault = async () => {
  const zipped = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  const vendor = await http((response) => sendJson(response, zipped, { "content-encoding": "gzip" }))();
  return vendor;
};

/** One byte too many, told before and not told. */
const tooLarge = {
  told: bytes((socket) => socket.write(`${HEAD}content-length: ${CAP + 1}\r\n\r\n{`)),
  "not told": http((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (let piece = 0; piece < 160; piece++) response.write(" ".repeat(CAP / 160));
    response.end(" ");
  }),
};

/** Why a write whose 2xx cannot be read is in doubt. */
const UNREADABLE =
  "A status of 2xx says that the request was accepted (RFC 9110 §15.3), and proxies and sign-in pages say it too (row 41): what cannot be read proves neither, so all of them are one answer, “check before you repeat it”.";

/** Faults of what the vendor answers. */
export const BODY: readonly Row[] = [
  {
    number: 39,
    fault: "content-length longer than the body",
    reading: {
      vendor: bytes((socket) => socket.end(`${HEAD}content-length: 50\r\n\r\n{}`)),
      attempts: 3,
      code: "upstream_unreachable",
    },
    writing: { vendor: bytes((socket) => socket.end(`${HEAD}content-length: 50\r\n\r\n{}`)), ...UNKNOWN },
  },
  {
    number: 40,
    fault: "JSON that ends in the middle",
    reading: {
      vendor: json('{"a": "BODYCANARY'),
      attempts: 1,
      code: "invalid_json",
      text: /^(?!.*BODYCANARY)/s,
      note: "nothing of the body is shown",
    },
    writing: { vendor: json('{"a": "BODYCANARY'), ...UNKNOWN, text: /^(?!.*BODYCANARY).*check before/s },
  },
  {
    number: 41,
    fault: "200 with a sign-in page",
    reading: {
      vendor: json("<!doctype html><title>Sign in</title>", { "content-type": "text/html" }),
      attempts: 1,
      code: "not_authenticated_html",
      text: /web page instead of data/,
    },
    writing: { vendor: json("<!doctype html><title>Sign in</title>", { "content-type": "text/html" }), ...UNKNOWN },
  },
  {
    number: 42,
    fault: "JSON under another content type",
    ...both({
      vendor: {
        "text/plain": json('{"ok":true}', { "content-type": "text/plain" }),
        none: http((response) => response.end('{"ok":true}')),
      },
      attempts: 1,
      value: { ok: true },
    }),
    differs:
      "No warning goes with it: RFC 9110 §8.3 knows that servers are often configured wrong and lets a recipient look at the content; nothing that a model could do follows from it, and every call would pay for the words.",
  },
  {
    number: 43,
    fault: "gzip that is none",
    reading: {
      vendor: json("not gzip at all", { "content-encoding": "gzip" }),
      attempts: [1, 3],
      code: "decode_error",
    },
    writing: { vendor: json("not gzip at all", { "content-encoding": "gzip" }), ...UNKNOWN },
  },
  {
    number: 44,
    fault: "200 KB of gzip that are 200 MiB",
    reading: { vendor: bomb, ...CAPPED },
    writing: { vendor: bomb, ...CAPPED, text: DONE, note: "with “it was carried out”" },
  },
  {
    number: 44,
    fault: "what that costs",
    reading: {
      says: "less than 64 MB of memory",
      file: "runtime/send/size.test.ts",
      test: "44 a gzip bomb costs less than 64 MB and a second",
    },
  },
  {
    number: 45,
    fault: "six content encodings",
    reading: {
      vendor: json("{}", { "content-encoding": "gzip, gzip, gzip, gzip, gzip, gzip" }),
      attempts: 1,
      code: "decode_error",
    },
    writing: { vendor: json("{}", { "content-encoding": "gzip, gzip, gzip, gzip, gzip, gzip" }), ...UNKNOWN },
    differs: `A write is in doubt, as in row 43. ${UNREADABLE}`,
  },
  {
    number: 46,
    fault: "a byte order mark; UTF-16 with one",
    ...both({
      vendor: {
        mark: json('\uFEFF{"name":"Zoë"}'),
        "UTF-16LE": json(Buffer.from('\uFEFF{"name":"Zoë"}', "utf16le")),
        "UTF-16BE": json(Buffer.from('\uFEFF{"name":"Zoë"}', "utf16le").swap16()),
        "by its charset": json(Buffer.from('{"name":"Zoë"}', "latin1"), {
          "content-type": "application/json; charset=latin1",
        }),
      },
      attempts: 1,
      value: { name: "Zoë" },
    }),
  },
  {
    number: 46,
    fault: "bytes that are no UTF-8",
    ...both({
      vendor: json(Buffer.concat([Buffer.from('{"name":"Zo'), Buffer.of(0xff), Buffer.from('"}')])),
      attempts: 1,
      value: { name: "Zo\uFFFD" },
      note: "with U+FFFD in their place",
    }),
    differs:
      "The flag is the character itself: a decoder puts U+FFFD in the place of what is no character (WHATWG Encoding §4.1, error mode “replacement”), where a warning would not say which text is meant.",
  },
  {
    number: 47,
    fault: "a byte more than 10 MiB",
    reading: { vendor: tooLarge, ...CAPPED },
    writing: { vendor: tooLarge, ...CAPPED, text: DONE, note: "with “it was carried out”" },
  },
  {
    number: 48,
    fault: "nested 100,000 deep",
    reading: { vendor: json(DEEP), attempts: 1, code: "invalid_json", text: /nested deeper than 200/ },
    writing: { vendor: json(DEEP), ...UNKNOWN },
    differs: UNREADABLE,
  },
  {
    number: 49,
    fault: "members called `__proto__`",
    ...both({
      vendor: {
        plain: json('{"__proto__":{"polluted":1},"ok":true}'),
        escaped: json(String.raw`{"\u005f_proto__":{"polluted":1},"ok":true}`),
      },
      attempts: 1,
      value: { ok: true },
      text: /^(?!.*polluted)/,
      note: "they are dropped",
    }),
  },
  {
    number: 50,
    fault: "members that the description does not know, that are missing, or null",
    ...both({
      vendor: json('{"unheard":["of"],"name":null,"count":"seven"}'),
      attempts: 1,
      value: { unheard: ["of"], count: "seven" },
    }),
    differs:
      "No warning goes with it. MCP (Tools, Output Schema) asks conformance of a tool that declares a schema of its answers; without one an answer is held against what the tool points at, and against nothing else.",
  },
  {
    number: 51,
    fault: "an integer beyond 2^53",
    ...both({
      vendor: json('{"id":9007199254740993,"ids":[-12345678901234567890]}'),
      attempts: 1,
      value: { id: "9007199254740993", ids: ["-12345678901234567890"] },
      note: "its digits as a text",
    }),
  },
  {
    number: 52,
    fault: "NaN, Infinity",
    reading: {
      vendor: { NaN: json('{"a":NaN}'), Infinity: json('{"a":-Infinity}') },
      attempts: 1,
      code: "invalid_json",
    },
    writing: { vendor: { NaN: json('{"a":NaN}'), Infinity: json('{"a":-Infinity}') }, ...UNKNOWN },
    differs: UNREADABLE,
  },
  {
    number: 53,
    fault: "20 KB of response headers",
    reading: { vendor: bytes(longHeader), attempts: 1, code: "invalid_response" },
    writing: { vendor: bytes(longHeader), ...UNKNOWN },
  },
];

function longHeader(socket: Socket): void {
  socket.end(`${HEAD}x-long: ${"x".repeat(20_000)}\r\ncontent-length: 2\r\n\r\n{}`);
}
