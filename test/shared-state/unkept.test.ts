import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { redisStore } from "../../src/runtime/credentials/redis-store.ts";
import { sharedCounter } from "../../src/runtime/limits/shared-counter.ts";
import { openSharedState, type SharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts";

describe.skipIf(!hasRedis)("what Redis does not take", () => {
  let server: RedisServer;
  let shared: SharedState;
  beforeEach(async () => {
    server = await startRedis();
    const opened = openSharedState(server.environment);
    if (!opened) throw new Error("nothing is shared");
    shared = opened;
    await shared.reached();
  });
  afterEach(async () => {
    shared.close();
    await server.close();
  });

  test("since it is full is offered again now and then, not again and again; the newest is then what lies there", async () => {
    const store = redisStore(shared, "acme.oauth.0");
    const write = async (accessToken: string) =>
      await store.write({ seed: { salt: "00", digest: "00" }, held: { values: { accessToken }, obtainedAt: 0 } });
    expect(await write("first")).toEqual(expect.any(String));
    await server.command("CONFIG", "SET", "maxmemory", "1");
    expect([await write("second"), await write("third")]).toEqual([undefined, undefined]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const stats = String(await server.command("INFO", "commandstats"));
    const refused = Number(/^cmdstat_set:.*rejected_calls=(\d+)/m.exec(stats)?.[1]);
    expect(refused).toBeGreaterThanOrEqual(2);
    expect(refused).toBeLessThan(20); // without a pause thousands
    await server.command("CONFIG", "SET", "maxmemory", "0");
    const kept = async () => {
      const seen = await redisStore(shared, "acme.oauth.0").look(undefined, true);
      return seen === "same" ? undefined : seen.stored?.held.values["accessToken"];
    };
    await expect.poll(kept, { timeout: 20_000 }).not.toBe("first");
    expect(await kept()).toBe("third");
  }, 60_000);

  test("while it is away is remembered once for each limit, however many windows pass", async () => {
    let listeners = 0;
    const whenBack: SharedState["whenBack"] = (listener) => {
      listeners += 1;
      shared.whenBack(listener);
    };
    const window = { limit: 100, unit: "second", variable: undefined, isDefault: true } as const;
    const counter = sharedCounter({ ...shared, whenBack }, ["acme", "0", "calls"], window);
    await counter.take();
    await server.kill();
    await expect.poll(() => shared.standing().reachable, { timeout: 10_000 }).toBe(false);
    const ends = new Set<number>();
    while (ends.size < 4) {
      ends.add((await counter.take()).resetsAt);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(listeners).toBe(1);
  }, 60_000);
});
