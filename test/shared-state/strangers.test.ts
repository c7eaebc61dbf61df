import { describe, expect, onTestFinished, test } from "vitest";
import { openSharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { serveDoor } from "../access/door/fixture/door.ts";
import { callTool, nameIn, textIn } from "../access/door/fixture/rpc.ts";
import { nameFor } from "../access/door/fixture/vendor.ts";
import { legacy } from "../mcp/fixture/raw.ts";
import { hasRedis, startRedis } from "./redis-server.ts";

const MONTH = 28 * 24 * 3600;
const definition = {
  servers: { api: { url: "https://api.acme.example.com" } },
  limits: { calls: ["5/day", "4/month"], upstream: ["100/minute"] },
};

async function start() {
  const server = await startRedis();
  onTestFinished(async () => {
    openSharedState(server.environment)?.close();
    await server.close();
  });
  const serve = async (more: Parameters<typeof serveDoor>[0] = {}) => {
    const door = await serveDoor({ definition, environment: server.environment, ...more });
    onTestFinished(async () => await door.close());
    const call = async (key: string) => await callTool(door.url, "fetchThing", { "x-acme-api-key": key });
    return { ...door, call };
  };
  const limits = async () => (await server.command("KEYS", "*:limit:*")) as readonly string[];
  return { server, serve, limits };
}

describe.skipIf(!hasRedis)("T42 callers with invented keys, where replicas share Redis", () => {
  test("leave nothing there but what their address did, for ten minutes", async () => {
    const { server, serve, limits } = await start();
    const { call } = await serve();
    for (let n = 0; n < 40; n++) expect(textIn(await call(`revoked${100_000_000 + n}`))).toContain("does not accept");
    expect(await limits()).toEqual([]);
    const keys = ((await server.command("KEYS", "*")) as readonly string[]).filter((key) => !key.endsWith(":owner"));
    expect(keys).toEqual([expect.stringContaining(":bound:stranger:")]);
    expect(await server.command("GET", keys[0] ?? "")).toBe("40");
    expect(Number(await server.command("TTL", keys[0] ?? ""))).toBeLessThanOrEqual(600);
  });

  test("what a good key uses lies there for as long as its window, from its first call on", async () => {
    const { server, serve, limits } = await start();
    const first = await serve();
    expect(nameIn(await first.call("annskey0123456789"))).toBe(nameFor("annskey0123456789"));
    const kept = await limits();
    const left = await Promise.all(
      kept.map(
        async (key) => [key, await server.command("GET", key), Number(await server.command("TTL", key))] as const,
      ),
    );
    expect(left.map(([, used]) => used)).toEqual(["1", "1", "1"]);
    const ttl = (unit: string) => left.find(([key]) => key.includes(`:${unit}`))?.[2] ?? 0;
    expect(ttl("minute")).toBeLessThanOrEqual(60);
    expect(ttl("day")).toBeGreaterThan(86_000);
    expect(ttl("month")).toBeLessThanOrEqual(MONTH + 3 * 24 * 3600);
    // Another replica does not know the key yet, and holds it to what is left all the same.
    const second = await serve({ vendor: first.vendor });
    const more = [];
    for (let n = 0; n < 5; n++) more.push(nameIn(await second.call("annskey0123456789")) !== undefined);
    expect(more).toEqual([true, true, true, false, false]);
    expect(first.vendor.seen).toHaveLength(4);
  });

  test("and they are counted over all replicas, whatever became of their calls", async () => {
    const { server, serve } = await start();
    const first = await serve();
    const second = await serve({ vendor: first.vendor });
    const counted = async () => {
      const [key] = (await server.command("KEYS", "*:bound:stranger:*")) as readonly string[];
      return key === undefined ? 0 : Number(await server.command("GET", key));
    };
    const calls = async (count: number, what: string) =>
      await Promise.all(
        Array.from({ length: count }, async (_, n) => await (n % 2 ? first : second).call(`${what}${100_000_000 + n}`)),
      );
    await calls(30, "revoked");
    await expect.poll(counted).toBe(30);
    await calls(30, "goodperson");
    await expect.poll(counted).toBe(30);
    first.vendor.answerWith(500); // a vendor that is down makes nobody a stranger for longer
    await calls(10, "otherperson");
    await expect.poll(counted).toBe(30);
    first.vendor.answerWith(404);
    await calls(10, "thirdperson");
    await expect.poll(counted).toBe(40);
    first.vendor.answerWith(undefined);
    const release = first.vendor.hold();
    const before = first.vendor.seen.length;
    const abort = new AbortController();
    const leaving = async (n: number) => await leaveCall(first.url, `leavingperson123${n}`, abort.signal);
    const gone = Array.from({ length: 10 }, async (_, n) => await leaving(n));
    await expect.poll(() => first.vendor.seen.length, { timeout: 20_000 }).toBe(before + 10);
    abort.abort();
    await Promise.all(gone);
    await expect.poll(counted).toBe(50);
    release();
    await server.command(
      "SET",
      ((await server.command("KEYS", "*:bound:stranger:*")) as string[])[0] ?? "",
      "600",
      "EX",
      "500",
    );
    const seen = first.vendor.seen.length;
    for (const { call } of [first, second]) {
      expect(textIn(await call("newperson123456789"))).toContain("Too many calls came from your network");
      expect(nameIn(await call("goodperson100000000")) ?? nameIn(await call("goodperson100000001"))).toBeDefined();
    }
    expect(first.vendor.seen.length - seen).toBe(2);
  });
});

/** A call whose client leaves before it is answered. */
async function leaveCall(url: string, key: string, signal: AbortSignal): Promise<void> {
  const accept = "application/json, text/event-stream";
  const headers = { "content-type": "application/json", accept, "x-acme-api-key": key };
  const { body } = legacy("tools/call", { name: "fetchThing", arguments: { thing_id: 1 } });
  await fetch(url, { method: "POST", headers, body, signal }).catch(() => undefined);
}
