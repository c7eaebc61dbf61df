import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bundlePrograms, type Programs } from "./programs.ts";
import { hasRedis, PASSWORD, type RedisServer, startRedis } from "./redis-server.ts";

let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms(["calling-program"]);
}, 120_000);
afterAll(() => programs.remove());

/** A vendor that counts. */
async function vendor() {
  let seen = 0;
  const server = createServer((_, response) => {
    seen += 1;
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen: () => seen };
}

async function redis(): Promise<RedisServer> {
  const server = await startRedis();
  onTestFinished(async () => await server.close());
  return server;
}

/** Replicas that call at once, each so often; what each call came to, replica by replica. */
async function replicas(
  { environment }: Pick<RedisServer, "environment">,
  options: { url: string; limit: string; each: number; atATime?: number; pauseMs?: number; count?: number },
) {
  const { url, limit, each, atATime = 10, pauseMs = 0, count = 4 } = options;
  const args = [url, limit, each, atATime, pauseMs].map(String);
  const running = Array.from({ length: count }, () => programs.run("calling-program", args, environment));
  const outputs = await Promise.all(running.map(async ({ ended }) => await ended));
  return { outputs, out: outputs.join(""), err: running.map((one) => one.err()) };
}

const count = (text: string, what: string) => text.split(what).length - 1;

// Limits of an hour, or of a month: no window of theirs ends in the middle of a test, however slow the machine is.
describe.skipIf(!hasRedis)("limits over several processes", () => {
  // A machine on which Redis gets no turn for 50 ms is one where it is slow, and its word is not waited for: then once more.
  test(
    "R6 four processes that want 1,000 calls a minute make exactly as many as the limit allows",
    { retry: 3, timeout: 120_000 },
    async () => {
      const [server, acme] = await Promise.all([redis(), vendor()]);
      const { out } = await replicas(server, { url: acme.url, limit: "100/hour", each: 250 });
      expect([acme.seen(), count(out, "+"), count(out, "-"), count(out, "!")]).toEqual([100, 100, 900, 0]);
    },
  );

  test("R6 a month is exact over processes, and over a restart of them and of Redis", async () => {
    const [server, acme] = await Promise.all([redis(), vendor()]);
    const first = await replicas(server, { url: acme.url, limit: "120/month", each: 20 });
    expect([acme.seen(), count(first.out, "+")]).toEqual([80, 80]);
    await server.kill();
    await server.start();
    const { out, err } = await replicas(server, { url: acme.url, limit: "120/month,1000/hour", each: 40 });
    expect([acme.seen(), count(out, "+"), count(out, "!")], err.join("")).toEqual([120, 40, 0]);
    const keys = Object.keys(await server.everything());
    const month = keys.find((key) => key.endsWith(`:month:${new Date().toISOString().slice(0, 7)}`)) ?? "";
    expect(month).toMatch(/^toolwright:default:limit:acme:[0-9a-f]{32}:calls:month:/);
    const left = Number(await server.command("PTTL", month));
    const now = new Date();
    expect(Math.abs(left - (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - now.getTime()))).toBeLessThan(
      5_000,
    );
  }, 120_000);

  test("88 without a Redis at the start each of four replicas keeps to its part, and says so once", async () => {
    const [server, acme] = await Promise.all([redis(), vendor()]);
    await server.kill();
    const { outputs, err } = await replicas(server, { url: acme.url, limit: "100/hour", each: 50 });
    expect(outputs.map((out) => [count(out, "+"), count(out, "-"), count(out, "!")])).toEqual(
      Array.from({ length: 4 }, () => [25, 25, 0]),
    );
    expect(acme.seen()).toBe(100);
    for (const text of err) {
      expect(count(text, `Redis at redis://127.0.0.1:${server.port} cannot be used (ECONNREFUSED)`)).toBe(1);
      expect(text).not.toContain(PASSWORD);
    }
  }, 120_000);

  test("89 Redis that is lost and comes back: no call fails, together they stay within the limit, and are exact again", async () => {
    const [server, acme] = await Promise.all([redis(), vendor()]);
    const steady = { url: acme.url, limit: "400/hour", each: 300, atATime: 1, pauseMs: 40 };
    const done = replicas(server, steady);
    await atLeast(acme, 60);
    await server.kill();
    const atLoss = acme.seen();
    await atLeast(acme, atLoss + 20); // without Redis
    await server.start();
    const { out, err } = await done;
    const rest = await replicas(server, { ...steady, each: 60, pauseMs: 0 });
    expect(count(out + rest.out, "!")).toBe(0);
    expect(acme.seen()).toBeLessThanOrEqual(400);
    expect(acme.seen()).toBeGreaterThan(390); // what was lost with Redis is a call or two that it had counted and not answered
    for (const text of err) expect(text).toMatch(/cannot be used \([^]*is back/);
  }, 120_000);

  test("89 Redis that answers after five seconds makes no call wait for it, nor fail", async () => {
    const [server, acme] = await Promise.all([redis(), vendor()]);
    const done = replicas(server, { url: acme.url, limit: "400/hour", each: 240, atATime: 1, pauseMs: 25 });
    await atLeast(acme, 40);
    await server.command("CLIENT", "PAUSE", "5000", "ALL");
    const { out, err } = await done;
    expect([count(out, "!"), count(err.join(""), "slow call")]).toEqual([0, 0]);
    expect(acme.seen()).toBeLessThanOrEqual(420); // what others took in the moment before Redis fell silent a replica has not heard of
    for (const text of err) expect(text).toMatch(/cannot be used \(no answer in time\)[^]*is back/);
  }, 120_000);
});

/** Waits until a vendor has seen so many calls. */
async function atLeast({ seen }: { readonly seen: () => number }, calls: number): Promise<void> {
  await expect.poll(seen, { interval: 5, timeout: 30_000 }).toBeGreaterThanOrEqual(calls);
}
