import { both, type Row, UNKNOWN } from "../row.ts";
import { type Fault, http } from "../vendor.ts";
import { bytes, HEAD, json, once, sendJson, status } from "./answers.ts";

const refuse = (code: number, body: object) =>
  status(code, { "content-type": "application/json" }, JSON.stringify(body));
const at = (ms: number) => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + ms).toUTCString();
const HOUR = 3_600_000;
const limited = (headers: () => Readonly<Record<string, string>>) =>
  once((response) => response.writeHead(429, headers()).end());

/** The vendor says that the window is spent, with the answer to the call before. */
const spent: Fault = async () => {
  const vendor = await http((response) => sendJson(response, "{}", { "x-ratelimit-remaining": "0" }))();
  const { attempts } = vendor;
  return { ...vendor, before: async (call) => void (await call()), attempts: () => attempts() - 1 };
};

/** Statuses that say what they say to everybody: asked once, the same for a write. */
function plain(number: number, fault: string, codes: readonly number[], code: "not_found" | "contract_error"): Row {
  return {
    number,
    fault,
    ...both({ vendor: Object.fromEntries(codes.map((c) => [String(c), status(c)])), attempts: 1, code }),
  };
}

/** Faults that a status tells. */
export const STATUS: readonly Row[] = [
  {
    number: 14,
    fault: "400 with errors as JSON",
    ...both({
      vendor: refuse(400, { description: "Validation failed", errors: [{ field: "name", message: "is too short" }] }),
      attempts: 1,
      code: "rejected",
      text: /Validation failed\. name: is too short/,
      note: "with the vendor's words and the argument",
    }),
  },
  {
    number: 15,
    fault: "401 with a key that does not change",
    ...both({
      vendor: status(401),
      attempts: 1,
      code: "credential_rejected",
      text: /must check ACME_KEY/,
      note: "our own status stays 200",
    }),
  },
  { number: 18, fault: "403", ...both({ vendor: status(403), attempts: 1, code: "forbidden" }) },
  plain(19, "404", [404], "not_found"),
  plain(20, "405, 406, 415", [405, 406, 415], "contract_error"),
  { number: 21, fault: "409", ...both({ vendor: status(409), attempts: 1, code: "conflict" }) },
  plain(22, "410", [410], "not_found"),
  {
    number: 23,
    fault: "422 with a list of complaints",
    ...both({
      vendor: refuse(422, {
        errors: { name: ["is missing", "is odd"], "address.city": ["is unknown"], more: ["is too much"] },
      }),
      attempts: 1,
      code: "rejected",
      text: /name: is missing\. name: is odd\. address\.city: is unknown\. more: is too much/,
      note: "with all of them, ten at most",
    }),
    differs:
      "Ten at a time: MCP (Tools, Error Handling) wants errors that a model can act on, and what is left is told with the next call.",
  },
  {
    number: 24,
    fault: "429 with Retry-After: 2",
    ...both({
      vendor: limited(() => ({ "retry-after": "2" })),
      attempts: 2,
      value: { ok: true },
      leastMs: 90,
      note: "after 2 s",
    }),
  },
  {
    number: 25,
    fault: "429 with a date 2 s ahead, by a right clock and by a wrong one",
    ...both({
      vendor: {
        right: limited(() => ({ "retry-after": at(2_000) })),
        "an hour behind": limited(() => ({ date: at(-HOUR), "retry-after": at(2_000 - HOUR) })),
        "an hour ahead": limited(() => ({ date: at(HOUR), "retry-after": at(2_000 + HOUR) })),
        "RateLimit-Reset": limited(() => ({ "ratelimit-reset": "2" })),
      },
      attempts: 2,
      value: { ok: true },
      leastMs: 90,
      note: "after 2 s of the vendor's clock",
    }),
  },
  {
    number: 26,
    fault: "429 without a time",
    ...both({ vendor: status(429), attempts: 3, code: "rate_limited", text: /Try again later/ }),
  },
  {
    number: 27,
    fault: "429 with a Retry-After that is no time",
    ...both({
      vendor: Object.fromEntries(
        ["-1", "abc", "1e9", "Fri, 99", ""].map((value) => [`“${value}”`, status(429, { "retry-after": value })]),
      ),
      attempts: 3,
      code: "rate_limited",
      text: /Try again later/,
    }),
  },
  {
    number: 28,
    fault: "429 with a time beyond the deadline",
    ...both({
      vendor: status(429, { "retry-after": "3600" }),
      attempts: 1,
      code: "rate_limited",
      text: /in 3600 seconds/,
      mostMs: 1_000,
      note: "at once, with the time",
    }),
  },
  {
    number: 28,
    fault: "429 with a time beyond a day",
    ...both({
      vendor: status(429, { "retry-after": "999999999" }),
      attempts: 1,
      code: "rate_limited",
      text: /in more than a day/,
      mostMs: 1_000,
    }),
  },
  {
    number: 29,
    fault: "the vendor's count says that nothing is left",
    ...both({
      vendor: spent,
      attempts: 0,
      code: "rate_limited",
      text: /the request was not sent\. Come back in \d+ seconds?/,
      note: "waits for the next window if it begins within 10 s",
    }),
  },
  {
    number: 30,
    fault: "500",
    reading: {
      vendor: status(500),
      attempts: 1,
      code: "upstream_unreachable",
      note: "not asked again: it is most often the request",
    },
    writing: { vendor: status(500), ...UNKNOWN },
  },
  {
    number: 31,
    fault: "502 with a page",
    reading: {
      vendor: badGateway(),
      attempts: 3,
      code: "upstream_unreachable",
      text: /^(?!.*(?:<|secret-page)).*502 Bad/s,
      note: "of the page its title",
    },
    writing: { vendor: badGateway(), ...UNKNOWN, text: /^(?!.*(?:<|secret-page)).*check before/s },
  },
  {
    number: 32,
    fault: "503 with Retry-After",
    reading: {
      vendor: once((response) => response.writeHead(503, { "retry-after": "2" }).end()),
      attempts: 2,
      value: { ok: true },
      leastMs: 90,
    },
    writing: { vendor: once((response) => response.writeHead(503, { "retry-after": "2" }).end()), ...UNKNOWN },
  },
  {
    number: 33,
    fault: "504",
    reading: { vendor: status(504), attempts: 3, code: "upstream_unreachable" },
    writing: { vendor: status(504), ...UNKNOWN },
  },
  {
    number: 34,
    fault: "520 to 530 of a proxy",
    reading: {
      vendor: { 520: status(520), 522: status(522), 530: status(530) },
      attempts: 3,
      code: "upstream_unreachable",
    },
    writing: { vendor: { 520: status(520), 522: status(522), 530: status(530) }, ...UNKNOWN },
  },
  {
    number: 35,
    fault: "103, then 200",
    ...both({
      vendor: bytes((socket) =>
        socket.end(
          `HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n${HEAD}content-length: 11\r\nconnection: close\r\n\r\n{"ok":true}`,
        ),
      ),
      attempts: 1,
      value: { ok: true },
    }),
  },
  {
    number: 36,
    fault: "204 where the description says JSON",
    ...both({ vendor: status(204), attempts: 1, value: { result: null } }),
  },
  {
    number: 37,
    fault: "200 without a body",
    ...both({
      vendor: { "no type": status(200), JSON: json(""), blank: json(" \n") },
      attempts: 1,
      value: { result: null },
      note: "with nothing in it",
    }),
    differs:
      "No warning goes with it: RFC 9110 §15.3.1 allows a 200 whose framing says that its content is empty, and `result: null` says the same to the model.",
  },
  {
    number: 38,
    fault: "304 that nobody asked for",
    ...both({ vendor: status(304), attempts: 1, code: "invalid_response" }),
  },
];

function badGateway(): Fault {
  const page = "<html><head><title>502 Bad <b>Gateway</title></head><body><h1>secret-page</h1></body></html>";
  return status(502, { "content-type": "text/html" }, page);
}
