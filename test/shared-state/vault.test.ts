import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Problem } from "../../src/runtime/problem.ts";
import { openSharedState, type SharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { openVault } from "../../src/runtime/vault/open-vault.ts";
import type { Vault } from "../../src/runtime/vault/vault.ts";
import { hasRedis, type RedisServer, SECRET, startRedis } from "./redis-server.ts";

describe.skipIf(!hasRedis)("a vault that replicas share", () => {
  let server: RedisServer;
  const opened: SharedState[] = [];
  beforeEach(async () => void (server = await startRedis()));
  afterEach(async () => {
    for (const one of opened.splice(0)) one.close();
    await server.close();
  });

  const share = (more: Readonly<Record<string, string>> = {}): SharedState => {
    const shared = openSharedState({ ...server.environment, ...more });
    if (!shared) throw new Error("nothing is shared");
    opened.push(shared);
    return shared;
  };
  const open = (more: Readonly<Record<string, string>> = {}): Vault =>
    openVault({ stateDirectory: undefined, shared: share(more), environment: {} }).vault;

  test("is sealed, names nobody, and ends by itself when its time is over (T40)", async () => {
    const vault = open();
    await vault.set("acme.RefreshToken", "the-token-itself", { accountId: "ann@example.com" }, 600);
    await vault.set("acme.person", "ann@example.com", { accessToken: "vendor-token-of-ann" });
    const all = await server.everything();
    const token = Object.keys(all).find((key) => key.includes(":vault:acme.RefreshToken:")) ?? "";
    expect(all[token]).toMatch(/^"eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+"$/); // JWE compact, `dir`: no encrypted key
    expect(Number(await server.command("TTL", token))).toBeGreaterThan(590);
    expect(Number(await server.command("TTL", token))).toBeLessThanOrEqual(600);
    for (const [key, value] of Object.entries(all)) {
      expect(key).toMatch(/^toolwright:default:/);
      for (const secret of ["the-token-itself", "ann", "vendor-token", SECRET])
        expect(key + value).not.toContain(secret);
    }
  });

  test("what was changed or put in another's place counts as absent", async () => {
    const vault = open();
    await vault.set("acme.person", "ann", { token: "ann's" });
    await vault.set("acme.person", "bob", { token: "bob's" });
    const keys = Object.keys(await server.everything()).filter((key) => key.includes(":vault:acme.person:"));
    const [one = "", other = ""] = keys;
    await server.command("RENAME", one, other);
    expect([await vault.get("acme.person", "ann"), await vault.get("acme.person", "bob")]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await vault.list("acme.person")).toEqual([]);
  });

  test("a secret that is replaced goes on opening what it sealed", async () => {
    const newer = "another secret by which they replace it";
    await open().set("acme.person", "ann", 1);
    expect(await open({ TOOLWRIGHT_SECRET: `${newer},${SECRET}` }).get("acme.person", "ann")).toBe(1);
  });

  test("a replica that has not got the new secret yet says so, rather than that nothing is there", async () => {
    const behind = open();
    await behind.set("acme.person", "ann", 1);
    await open({ TOOLWRIGHT_SECRET: `another secret by which they replace it,${SECRET}` }).set("acme.person", "ann", 2);
    await expect(behind.get("acme.person", "ann")).rejects.toMatchObject({ facts: { retryable: true } });
    expect(share().standing().why).toContain("another TOOLWRIGHT_SECRET");
  });

  test("deployments that share a Redis do not meet: another name, or, where it was forgotten, another secret", async () => {
    await open().set("acme.person", "ann", 1);
    expect(await open({ TOOLWRIGHT_DEPLOYMENT: "staging" }).get("acme.person", "ann")).toBeUndefined();
    const other = share({ TOOLWRIGHT_SECRET: "a secret of quite another deployment" });
    expect(await other.reached()).toMatchObject({
      reachable: false,
      why: "these keys belong to servers with another TOOLWRIGHT_SECRET: set TOOLWRIGHT_DEPLOYMENT",
    });
    const { vault } = openVault({ stateDirectory: undefined, shared: other, environment: {} });
    await expect(vault.set("acme.person", "ann", 2)).rejects.toBeInstanceOf(Problem);
    expect(await open().get("acme.person", "ann")).toBe(1);
  });

  test("a lock that was lost meanwhile is left to whoever has it", async () => {
    const shared = share();
    const { vault } = openVault({ stateDirectory: undefined, shared, environment: {} });
    await vault.locked("acme.person", "ann", async () => {
      const lock = Object.keys(await server.everything()).find((key) => key.includes(":lock:")) ?? "";
      expect(Number(await server.command("PTTL", lock))).toBeGreaterThan(5_000);
      await server.command("SET", lock, "another's");
    });
    await vault.get("acme.person", "ann"); // after the release, on the same connection
    expect(Object.entries(await server.everything()).filter(([key]) => key.includes(":lock:"))).toMatchObject([
      [expect.any(String), '"another\'s"'],
    ]);
  });

  test("89 while Redis is away what is kept is out of reach, at once and in words; then it is there again", async () => {
    const vault = open();
    await vault.set("acme.person", "ann", 1);
    await server.kill();
    const startedAt = performance.now();
    const problem: unknown = await vault.get("acme.person", "ann").catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "internal", facts: { retryable: true } });
    expect(String(problem)).toContain("cannot reach the store that its replicas share");
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await server.start();
    await expect
      .poll(async () => await vault.get("acme.person", "ann").catch(() => "away"), { timeout: 10_000 })
      .toBe(1);
  });
});
