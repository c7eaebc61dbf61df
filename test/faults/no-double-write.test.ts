import { randomInt } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, expect, test } from "vitest";
import { configureTransport } from "../../src/runtime/send/transport.ts";
import { serve } from "./bench.ts";
import { sendJson } from "./groups/answers.ts";
import { http } from "./vendor.ts";

/** Calls that write, each with faults of its own. */
const CALLS = 1_000;
const AT_ONCE = 20;
/** Set SEED to go through the same sequences again. */
const SEED = Number(process.env["SEED"] ?? randomInt(2 ** 31));

afterAll(() => configureTransport({}));

type Meet = (response: ServerResponse) => void;
const write =
  (text: string): Meet =>
  (response) =>
    void response.socket?.end(text);
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";

/** What may have been carried out when this is all that comes of it. */
const MAYBE_DONE: readonly Meet[] = [
  (response) => response.socket?.resetAndDestroy(),
  (response) => response.socket?.destroy(),
  (response) => sendJson(response, '{"ok":true}'),
  (response) => sendJson(response, '{"ok":tr'),
  (response) => sendJson(response, "not gzip", { "content-encoding": "gzip" }),
  (response) => sendJson(response, "<html>Sign in</html>", { "content-type": "text/html" }),
  (response) => response.writeHead(204).end(),
  (response) => void response.writeHead(200).write("{"), // and nothing more
  write(`${OK}content-length: 50\r\n\r\n{}`),
  write(`${OK}transfer-encoding: chunked\r\n\r\n5\r\n{"a":`),
  write("HTTP/1.1 2"),
  write("no HTTP at all\r\n\r\n"),
  ...[400, 401, 403, 408, 409, 500, 502, 503, 504, 520, 524].map(
    (status): Meet =>
      (response) =>
        void response.writeHead(status, { "retry-after": "0" }).end(),
  ),
  (response) => void response.writeHead(303, { location: "/thing" }).end(), // it says: done, and look there
  (response) => void response.writeHead(302, { location: "/thing" }).end(),
];

/** What says of itself that nothing was done. */
const NOT_DONE: readonly Meet[] = [
  (response) => void response.writeHead(429).end(),
  (response) => void response.writeHead(429, { "retry-after": "1" }).end(),
  (response) => void response.writeHead(429, { "retry-after": "3600" }).end(),
  (response) => void response.writeHead(307, { location: "/thing" }).end(),
];

test(`R2 no double write in ${CALLS} sequences of random faults (SEED=${SEED})`, async () => {
  const random = randomFrom(SEED);
  const drawn = Array.from({ length: CALLS }, () => Array.from({ length: 8 }, () => draw(random)));
  const done = new Map<number, number>();
  const writes = new Map<number, number>();
  const vendor = await http((response, _attempt, request, body) => {
    if (request.method !== "POST") return sendJson(response, "{}"); // where a 303 led
    const { name } = JSON.parse(body) as { readonly name: string };
    const call = Number(name);
    const nth = writes.get(call) ?? 0;
    writes.set(call, nth + 1);
    const { meet, maybeDone } = drawn[call]?.[nth] ?? draw(random);
    if (maybeDone) done.set(call, (done.get(call) ?? 0) + 1);
    meet(response);
  })();
  const served = await serve(vendor);
  let next = 0;
  const worker = async () => {
    while (next < CALLS) {
      const call = next++;
      const { status, json } = await served.call(
        "create_thing",
        { name: String(call) },
        { era: call % 2 === 0 ? "modern" : "legacy" },
      );
      expect({ status, error: json.error }).toEqual({ status: 200, error: undefined });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(writes.size, "calls that reached the vendor").toBeGreaterThan(CALLS * 0.95); // a busy machine may not connect within the scaled times
  expect(
    [...done].filter(([, times]) => times > 1),
    "repeated writes",
  ).toEqual([]);
  expect([...writes.values()].filter((times) => times > 1).length, "repeated as they may be").toBeGreaterThan(50);
  expect(served.log.filter((line) => line.includes('"outcome_unknown"')).length).toBeGreaterThan(300);
  await served.close();
  await vendor.close();
}, 300_000);

function draw(random: () => number) {
  const maybeDone = random() < 0.6;
  const pool = maybeDone ? MAYBE_DONE : NOT_DONE;
  const meet = pool[Math.floor(random() * pool.length)];
  if (!meet) throw new Error("drawn beyond the pool");
  return { meet, maybeDone };
}

/** A linear congruential generator (Numerical Recipes): the same seed, the same sequence, on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed % 2 ** 32;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
