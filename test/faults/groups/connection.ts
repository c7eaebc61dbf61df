import type { Socket } from "node:net";
import { EXPIRED, OTHER_HOST } from "../../runtime/send/certificates.ts";
import { both, type Row, UNKNOWN } from "../row.ts";
import { connecting, type Fault, https, raw } from "../vendor.ts";
import { bytes, drip, HEAD } from "./answers.ts";

const failing = (code: string) =>
  connecting(Object.assign(new Error(code), { code, ...(code !== "ECONNREFUSED" && { syscall: "getaddrinfo" }) }));
/** A vendor whose certificate is not to be trusted: no request may get there. */
const tls =
  (certificate: string, trusted: boolean): Fault =>
  async () => {
    const vendor = await https(certificate, trusted, (response) => response.end('{"ok":true}'))();
    return { ...vendor, strayed: () => vendor.seen.length };
  };

/** A connection that was kept alive, and is reset by the request that uses it again. */
const stale: Fault = async () => {
  const vendor = await raw((socket, attempt) => {
    if (attempt === 2) socket.resetAndDestroy();
    else socket.write(`${HEAD}content-length: 11\r\n\r\n{"ok":true}`);
  })();
  const { attempts } = vendor;
  return { ...vendor, attempts: () => attempts() - 1, before: async (call) => void (await call()) };
};

/** The same, closed while nobody uses it. */
const closedIdle: Fault = async () => {
  const left = new Set<() => void>();
  const vendor = await raw((socket) => {
    left.add(() => socket.destroy());
    socket.write(`${HEAD}content-length: 11\r\n\r\n{"ok":true}`);
  })();
  const { attempts } = vendor;
  const before = async (call: () => Promise<unknown>) => {
    await call();
    for (const close of left) close();
    await new Promise((resolve) => setTimeout(resolve, 30));
  };
  return { ...vendor, before, attempts: () => attempts() - 1 };
};

/** Faults of the way to the vendor. */
export const CONNECTION: readonly Row[] = [
  {
    number: 1,
    fault: "nobody listens (ECONNREFUSED)",
    ...both({ vendor: failing("ECONNREFUSED"), attempts: 3, code: "upstream_unreachable" }),
  },
  {
    number: 2,
    fault: "the host name does not exist (ENOTFOUND)",
    ...both({
      vendor: failing("ENOTFOUND"),
      attempts: 1,
      code: "upstream_unreachable",
      text: /must check its address/,
    }),
  },
  {
    number: 3,
    fault: "the name cannot be looked up just now (EAI_AGAIN)",
    ...both({ vendor: failing("EAI_AGAIN"), attempts: 3, code: "upstream_unreachable" }),
  },
  {
    number: 4,
    fault: "connecting does not end",
    ...both({
      vendor: connecting(undefined, "https"), // takes the connection and never says a word of TLS
      attempts: 3,
      code: "upstream_unreachable",
      deadlineMs: 10_000, // undici tells times below a second to the second
      mostMs: 5_000,
      note: "5 s each",
    }),
  },
  {
    number: 5,
    fault: "certificate expired, or signed by itself",
    ...both({
      vendor: { expired: tls(EXPIRED, true), "signed by itself": tls(OTHER_HOST, false) },
      attempts: 1,
      code: "tls_error",
      text: /cannot be trusted/,
    }),
  },
  {
    number: 6,
    fault: "certificate of another host",
    ...both({
      vendor: async () => {
        const { url, ...rest } = await tls(OTHER_HOST, true)();
        return { ...rest, url: url.replace("acme.test", "localhost") };
      },
      attempts: 1,
      code: "tls_error",
    }),
  },
  {
    number: 7,
    fault: "reset, or closed, before the headers",
    reading: {
      vendor: { reset: bytes((socket) => socket.resetAndDestroy()), closed: bytes((socket) => socket.end()) },
      attempts: 3,
      code: "upstream_unreachable",
    },
    writing: {
      vendor: { reset: bytes((socket) => socket.resetAndDestroy()), closed: bytes((socket) => socket.end()) },
      ...UNKNOWN,
    },
  },
  {
    number: 8,
    fault: "reset in the middle of the body",
    reading: { vendor: bytes(resetInBody), attempts: 3, code: "upstream_unreachable" },
    writing: { vendor: bytes(resetInBody), ...UNKNOWN },
  },
  {
    number: 9,
    fault: "takes the request and never answers",
    reading: { vendor: raw(() => undefined), attempts: 1, code: "timeout", leastMs: 400, note: "after 15 s" },
    writing: { vendor: raw(() => undefined), ...UNKNOWN, note: "after 15 s" },
  },
  {
    number: 10,
    fault: "headers at a byte a second",
    reading: { vendor: bytes(drippedHeader), attempts: 1, code: "timeout", note: "after 15 s" },
    writing: { vendor: bytes(drippedHeader), ...UNKNOWN },
  },
  {
    number: 11,
    fault: "body at a byte a second, for ever",
    reading: {
      vendor: bytes(drippedBody),
      attempts: 1,
      code: "timeout",
      text: /within the time for one call/,
      leastMs: 2_000,
      note: "at the deadline, 45 s",
    },
    writing: { vendor: bytes(drippedBody), ...UNKNOWN, leastMs: 2_000, note: "at the deadline" },
  },
  {
    number: 12,
    fault: "the body stops in the middle",
    reading: { vendor: bytes(stalls), attempts: [1, 3], code: "timeout", note: "10 s of silence each" },
    writing: { vendor: bytes(stalls), ...UNKNOWN },
  },
  {
    number: 13,
    fault: "a connection that was kept alive is reset when it is used again",
    reading: { vendor: stale, attempts: 2, value: { ok: true } },
    writing: { vendor: stale, ...UNKNOWN },
  },
  {
    number: 13,
    fault: "it was closed before, while it was idle",
    ...both({ vendor: closedIdle, attempts: 1, value: { ok: true }, note: "over a new one" }),
  },
];

function resetInBody(socket: Socket): void {
  socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"a":`, () =>
    setTimeout(() => socket.resetAndDestroy(), 20),
  );
}

function drippedHeader(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
  drip(socket, "x");
}

function drippedBody(socket: Socket): void {
  socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
  drip(socket, " ");
}

function stalls(socket: Socket): void {
  socket.write(`${HEAD}content-length: 20\r\n\r\n{"a":`);
}
