import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Problem, type ProblemCode } from "../../../src/runtime/problem.ts";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { within } from "../request/fixture.ts";
import { failureTo, rawVendor, sendTo, type Vendor, vendorOf, WRITE } from "./vendor.ts";

// reference: the fault matrix. Names begin with its row numbers. `n` is the number of requests that reach the vendor.

beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(() => configureTransport({}));

type Want = { readonly n: number | readonly [number, number]; readonly code?: ProblemCode; readonly says?: RegExp };

interface Fault {
  readonly row: string;
  readonly raw?: (socket: Socket, attempt: number) => void;
  readonly http?: (response: ServerResponse, attempt: number) => void;
  readonly safe: Want;
  readonly write: Want;
  /** The deadline of the call; 10 s unless the fault lasts for ever. */
  readonly deadlineMs?: number;
}

const status =
  (code: number, headers: Record<string, string> = {}, body = "") =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end(body);
const json = (body: string, headers: Record<string, string> = {}) =>
  status(200, { "content-type": "application/json", ...headers }, body);
const once = (fault: (response: ServerResponse) => void) => (response: ServerResponse, attempt: number) =>
  attempt === 1 ? fault(response) : json("{}")(response);
const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const drip = (socket: Socket, text: string) => {
  const timer = setInterval(() => socket.write(text), 60);
  socket.on("close", () => clearInterval(timer));
};
const unknown = { n: 1, code: "outcome_unknown", says: /check before you repeat it/ } as const;
const ok: Want = { n: 1 };
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toUTCString();
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));

const faults: readonly Fault[] = [
  {
    row: "7 reset before headers",
    raw: (s) => s.resetAndDestroy(),
    safe: { n: 3, code: "upstream_unreachable" },
    write: unknown,
  },
  { row: "7 closed before headers", raw: (s) => s.end(), safe: { n: 3, code: "upstream_unreachable" }, write: unknown },
  {
    row: "8 reset in the middle of the body",
    raw: (s) =>
      s.write(`${head}transfer-encoding: chunked\r\n\r\n5\r\n{"a":`, () => setTimeout(() => s.resetAndDestroy(), 20)),
    safe: { n: 3, code: "upstream_unreachable" },
    write: unknown,
  },
  { row: "9 accepts and never answers", raw: () => undefined, safe: { n: [1, 2], code: "timeout" }, write: unknown },
  {
    row: "10 headers in drips",
    raw: (s) => drip(s, "H"),
    safe: { n: [1, 3] },
    write: { n: 1, code: "outcome_unknown" },
    deadlineMs: 1_500,
  },
  {
    row: "11 body in drips, for ever",
    raw: (s) => (s.write(`${head}content-length: 100000\r\n\r\n`), drip(s, " ")),
    safe: { n: 1, code: "timeout" },
    write: unknown,
    deadlineMs: 1_000,
  },
  {
    row: "12 body stalls in the middle",
    raw: (s) => s.write(`${head}content-length: 20\r\n\r\n{"a":`),
    safe: { n: [1, 3], code: "timeout" },
    write: unknown,
  },
  {
    row: "15 401 with a static key",
    http: status(401),
    safe: { n: 1, code: "credential_rejected", says: /must check ACME_KEY\./ },
    write: { n: 1, code: "credential_rejected" },
  },
  { row: "18 403", http: status(403), safe: { n: 1, code: "forbidden" }, write: { n: 1, code: "forbidden" } },
  {
    row: "19 404",
    http: status(404),
    safe: { n: 1, code: "not_found", says: /Check the ids/ },
    write: { n: 1, code: "not_found" },
  },
  { row: "20 405", http: status(405), safe: { n: 1, code: "contract_error" }, write: { n: 1, code: "contract_error" } },
  { row: "20 406", http: status(406), safe: { n: 1, code: "contract_error" }, write: { n: 1, code: "contract_error" } },
  { row: "20 415", http: status(415), safe: { n: 1, code: "contract_error" }, write: { n: 1, code: "contract_error" } },
  { row: "21 409", http: status(409), safe: { n: 1, code: "conflict" }, write: { n: 1, code: "conflict" } },
  { row: "22 410", http: status(410), safe: { n: 1, code: "not_found" }, write: { n: 1, code: "not_found" } },
  {
    row: "24 429 with Retry-After: 2",
    http: once(status(429, { "retry-after": "2" })),
    safe: { n: 2 },
    write: { n: 2 },
  },
  {
    row: "26 429 without a header",
    http: status(429),
    safe: { n: 3, code: "rate_limited", says: /Try again later/ },
    write: { n: 3, code: "rate_limited" },
  },
  {
    row: "27 429 with Retry-After: -1",
    http: status(429, { "retry-after": "-1" }),
    safe: { n: 3, code: "rate_limited" },
    write: { n: 3, code: "rate_limited" },
  },
  {
    row: "27 429 with Retry-After: abc",
    http: status(429, { "retry-after": "abc" }),
    safe: { n: 3, code: "rate_limited" },
    write: { n: 3, code: "rate_limited" },
  },
  {
    row: "27 429 with Retry-After: 1e9",
    http: status(429, { "retry-after": "1e9" }),
    safe: { n: 3, code: "rate_limited" },
    write: { n: 3, code: "rate_limited" },
  },
  {
    row: "27 429 with Retry-After: Fri, 99",
    http: status(429, { "retry-after": "Fri, 99" }),
    safe: { n: 3, code: "rate_limited" },
    write: { n: 3, code: "rate_limited" },
  },
  {
    row: "28 429 with Retry-After: 3600",
    http: status(429, { "retry-after": "3600" }),
    safe: { n: 1, code: "rate_limited", says: /in 3600 seconds/ },
    write: { n: 1, code: "rate_limited" },
  },
  {
    row: "28 429 with a date in three days",
    http: status(429, { "retry-after": days(3) }),
    safe: { n: 1, code: "rate_limited", says: /in more than a day/ },
    write: { n: 1, code: "rate_limited" },
  },
  { row: "30 500", http: status(500), safe: { n: 1, code: "upstream_unreachable" }, write: unknown },
  {
    row: "31 502 with a page",
    http: status(
      502,
      { "content-type": "text/html" },
      "<html><head><title>502 Bad <b>Gateway</title></head><body><h1>secret-page</h1></body></html>",
    ),
    safe: { n: 3, code: "upstream_unreachable", says: /^(?!.*(?:<|secret-page)).*502 Bad/ },
    write: unknown,
  },
  { row: "32 503 with Retry-After", http: once(status(503, { "retry-after": "1" })), safe: { n: 2 }, write: unknown },
  { row: "33 504", http: status(504), safe: { n: 3, code: "upstream_unreachable" }, write: unknown },
  { row: "34 522", http: status(522), safe: { n: 3, code: "upstream_unreachable" }, write: unknown },
  { row: "34 530", http: status(530), safe: { n: 3, code: "upstream_unreachable" }, write: unknown },
  { row: "408", http: status(408), safe: { n: 3, code: "upstream_unreachable" }, write: unknown },
  {
    row: "35 103 and 200",
    raw: (s) =>
      s.end(
        `HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n${head}content-length: 2\r\nconnection: close\r\n\r\n{}`,
      ),
    safe: ok,
    write: ok,
  },
  { row: "36 204", http: status(204), safe: ok, write: ok },
  { row: "37 200 without a body", http: status(200), safe: ok, write: ok },
  {
    row: "38 304",
    http: status(304),
    safe: { n: 1, code: "invalid_response" },
    write: { n: 1, code: "invalid_response" },
  },
  {
    row: "39 content-length longer than the body",
    raw: (s) => s.end(`${head}content-length: 50\r\n\r\n{}`),
    safe: { n: 3, code: "upstream_unreachable" },
    write: unknown,
  },
  {
    row: "40 truncated JSON",
    http: json('{"a": "CANARY'),
    safe: { n: 1, code: "invalid_json", says: /^(?!.*CANARY)/ },
    write: unknown,
  },
  {
    row: "41 login page",
    http: status(200, { "content-type": "text/html" }, "<!doctype html><title>Sign in</title>"),
    safe: { n: 1, code: "not_authenticated_html", says: /credential/ },
    write: unknown,
  },
  { row: "42 JSON as text/plain", http: status(200, { "content-type": "text/plain" }, "{}"), safe: ok, write: ok },
  {
    row: "43 gzip that is none",
    http: json("not gzip at all", { "content-encoding": "gzip" }),
    safe: { n: [1, 3], code: "decode_error" },
    write: unknown,
  },
  {
    row: "44 gzip bomb of 200 MiB",
    http: (response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb),
    safe: { n: 1, code: "response_too_large" },
    write: { n: 1, code: "response_too_large", says: /was carried out: do not repeat it/ },
  },
  {
    row: "45 six content encodings",
    http: json("{}", { "content-encoding": "gzip, gzip, gzip, gzip, gzip, gzip" }),
    safe: { n: 1, code: "decode_error" },
    write: unknown,
  },
  { row: "46 byte order mark", http: json("\uFEFF{}"), safe: ok, write: ok },
  {
    row: "47 content-length over the cap",
    raw: (s) => s.write(`${head}content-length: 10485761\r\n\r\n{`),
    safe: { n: 1, code: "response_too_large" },
    write: { n: 1, code: "response_too_large" },
  },
  {
    row: "47 cap and one byte",
    http: (response) => response.writeHead(200).end(Buffer.alloc(10 * 1024 * 1024 + 1, " ")),
    safe: { n: 1, code: "response_too_large" },
    write: { n: 1, code: "response_too_large" },
  },
  {
    row: "48 nested 100,000 deep",
    http: json("[".repeat(100_000) + "]".repeat(100_000)),
    safe: { n: 1, code: "invalid_json" },
    write: unknown,
  },
  { row: "52 NaN", http: json('{"a":NaN}'), safe: { n: 1, code: "invalid_json" }, write: unknown },
  { row: "52 Infinity", http: json('{"a":Infinity}'), safe: { n: 1, code: "invalid_json" }, write: unknown },
  {
    row: "53 headers of 20 KB",
    raw: (s) => s.end(`${head}x-long: ${"x".repeat(20_000)}\r\ncontent-length: 2\r\n\r\n{}`),
    safe: { n: 1, code: "invalid_response" },
    write: unknown,
  },
];

async function meets({ row, raw, http, deadlineMs = 10_000 }: Fault, want: Want, request: object): Promise<void> {
  const vendor: Vendor = raw ? await rawVendor(raw) : await vendorOf(http ?? (() => undefined));
  const start = performance.now();
  const outcome = await sendTo(vendor, { request, context: within(deadlineMs) }).catch((error: unknown) => error);
  const tookMs = performance.now() - start;
  await vendor.close();
  if (want.code || want.says) {
    expect(outcome, row).toBeInstanceOf(Problem);
    if (want.code) expect(outcome).toMatchObject({ code: want.code });
    expect((outcome as Problem).message).toMatch(want.says ?? /./);
    // T35: nothing of the request's address and secrets reaches the model.
    expect((outcome as Problem).message).not.toMatch(/127\.0\.0\.1|https?:|s3cr3t|x-api-key|\.ts:\d/i);
  } else if (typeof want.n === "number") {
    expect(outcome).not.toBeInstanceOf(Error);
  }
  const [least, most] = typeof want.n === "number" ? [want.n, want.n] : want.n;
  expect(vendor.requests.length).toBeGreaterThanOrEqual(least);
  expect(vendor.requests.length).toBeLessThanOrEqual(most);
  expect(tookMs).toBeLessThan(Math.min(deadlineMs + 1_000, 6_000));
}

test.each(faults)("$row: safe", (fault) => meets(fault, fault.safe, {}));
test.each(faults)("$row: write", (fault) => meets(fault, fault.write, WRITE));

test("44 a gzip bomb costs less than 64 MB and a second", async () => {
  const vendor = await vendorOf((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
  const before = process.memoryUsage.rss();
  const start = performance.now();
  expect(await failureTo(vendor)).toMatchObject({ code: "response_too_large" });
  expect(performance.now() - start).toBeLessThan(4_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  await vendor.close();
});

test("47 exactly the cap is read", async () => {
  const text = `"${"a".repeat(10 * 1024 * 1024 - 2)}"`;
  const vendor = await vendorOf((response) => response.end(text));
  expect((await sendTo(vendor)).bytes).toBe(10 * 1024 * 1024);
  await vendor.close();
});

test("a PUT is repeated like a read, and a POST that says it is idempotent as well", async () => {
  for (const [request, call] of [
    [{ ...WRITE, method: "PUT" }, {}],
    [WRITE, { idempotent: true }],
  ] as const) {
    const vendor = await vendorOf(once((response) => response.destroy()));
    expect(await sendTo(vendor, { request, call })).toMatchObject({ status: 200 });
    expect(vendor.requests).toHaveLength(2);
    expect(vendor.bodies).toEqual(['{"a":1}', '{"a":1}']); // the whole body again
    await vendor.close();
  }
});

test("24 and 25 a pause is as long as the vendor asks, by its own clock", async () => {
  const hour = 3_600_000; // the vendor's clock is an hour off
  const at = (ms: number) => new Date(Math.floor((Date.now() - hour) / 1_000) * 1_000 + ms).toUTCString();
  for (const headers of [
    () => ({ "retry-after": "2" }),
    () => ({ date: at(0), "retry-after": at(2_000) }),
    () => ({ "x-ratelimit-reset": "2" }),
  ]) {
    const vendor = await vendorOf((response, attempt) => once(status(429, headers()))(response, attempt));
    const start = performance.now();
    await sendTo(vendor);
    expect(performance.now() - start).toBeGreaterThan(90); // 2 s, twenty times as fast
    expect(performance.now() - start).toBeLessThan(4_000);
    await vendor.close();
  }
});

test("28 a pause that is longer than the deadline is not begun", async () => {
  const vendor = await vendorOf(status(429, { "retry-after": "30" }));
  const start = performance.now();
  expect(await failureTo(vendor, { context: within(1_000) })).toMatchObject({
    code: "rate_limited",
    facts: { retryAfterSeconds: 30, retryable: true },
  });
  expect(performance.now() - start).toBeLessThan(3_000);
  await vendor.close();
});

test("13 a kept connection that the vendor has closed costs a read nothing but a second try", async () => {
  const vendor = await vendorOf((response, attempt) => {
    if (attempt === 2) response.socket?.resetAndDestroy();
    else json("{}")(response);
  });
  await sendTo(vendor);
  await sendTo(vendor);
  expect(vendor.requests).toHaveLength(3);
  await vendor.close();
});

test("R2 no double write: 300 random fault sequences, no POST that may have been carried out is repeated", async () => {
  const pool = faults.filter(({ deadlineMs, row }) => !deadlineMs && !/^(?:9|12|44|47|48)/.test(row));
  let state = 7;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  for (let run = 0; run < 300; run++) {
    let repeatable = true;
    let repeated = 0;
    const vendor = await rawVendor((socket, attempt) => {
      if (!repeatable) repeated++;
      const fault = pool[Math.floor(random() * pool.length)];
      const limited = random() < 0.4;
      repeatable = limited; // a 429 is the one answer that says "not carried out"
      if (limited) socket.end("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      else if (fault?.raw) fault.raw(socket, attempt);
      else
        socket.end(
          `HTTP/1.1 ${[500, 502, 503, 504, 408, 520][Math.floor(random() * 6)]} Fault\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
        );
    });
    await failureTo(vendor, { request: WRITE, context: within(3_000) });
    expect(repeated).toBe(0);
    await vendor.close();
  }
});
