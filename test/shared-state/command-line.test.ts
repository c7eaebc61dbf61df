import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { accountsOf } from "../../src/runtime/access/accounts.ts";
import { openSharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { openVault } from "../../src/runtime/vault/open-vault.ts";
import { run } from "../e2e/server.ts";
import { hasRedis, PASSWORD, type RedisServer, SECRET, startRedis } from "./redis-server.ts";

describe.skipIf(!hasRedis)("commands where replicas share something", () => {
  let server: RedisServer;
  let environment: Readonly<Record<string, string>>;
  const state = mkdtempSync(join(tmpdir(), "toolwright-unused-"));
  beforeAll(async () => {
    server = await startRedis();
    const path = process.env["PATH"] ?? "";
    environment = {
      PATH: path,
      TOOLWRIGHT_STATE_DIR: state,
      ...server.environment,
      FRESHSERVICE_DOMAIN: "127.0.0.1:9",
      FRESHSERVICE_API_KEY: "k",
    };
  });
  afterAll(async () => await server.close());

  test("clients lists what is in Redis, and ends it there; the process ends by itself", async () => {
    const shared = openSharedState(server.environment);
    onTestFinished(() => shared?.close());
    const { vault } = openVault({ stateDirectory: undefined, shared, environment: {} });
    await accountsOf(vault, "freshservice").connect("a".repeat(32), "key", "the key of ann");
    const listed = await run(["clients", "freshservice"], { env: environment });
    expect(listed.out).toContain("freshservice: 0 registered clients, 0 sign-ins, 1 connected account");
    const ended = await run(["clients", "freshservice", "--revoke", "aaaaaaaa"], { env: environment });
    expect([ended.code, ended.out.trim()]).toEqual([
      0,
      "ended: 0 clients, 0 sign-ins, 1 account; it holds from the next call on",
    ]);
    expect(await accountsOf(vault, "freshservice").list()).toEqual([]);
  });

  test("doctor tells how Redis stands", async () => {
    const { out: stdout } = await run(["doctor", "freshservice"], { env: environment });
    expect(stdout).toMatch(
      /ok +(Redis|Valkey) [\d.]+ at redis:\/\/127\.0\.0\.1:\d+ answers; keys begin with toolwright:default:/,
    );
    expect(stdout).not.toContain("appendonly");
    await server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "appendonly", "no");
    const { out: warned } = await run(["doctor", "freshservice"], { env: environment });
    expect(warned).toContain("keeps no log of what it is given");
    expect(warned).toContain("(maxmemory-policy allkeys-lru)");
    const { out: wrong } = await run(["doctor", "freshservice"], {
      env: { ...environment, TOOLWRIGHT_REDIS_URL: server.url.replace(PASSWORD, `${PASSWORD}-wrong`) },
    });
    expect(wrong).toMatch(/problem +Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used \(WRONGPASS\)/);
    const { TOOLWRIGHT_SECRET: _, ...open } = environment;
    const { out: unsealed } = await run(["doctor", "freshservice"], { env: open });
    expect(unsealed).toContain("TOOLWRIGHT_REDIS_URL is set and TOOLWRIGHT_SECRET is not");
    for (const text of [stdout, warned, wrong, unsealed])
      for (const secret of [PASSWORD, SECRET]) expect(text).not.toContain(secret);
  }, 120_000);

  test("a call from a terminal is counted with all others; nothing is written to the state directory", async () => {
    await run(["call", "fetchAgents", "{}"], { env: environment });
    const month =
      Object.keys(await server.everything()).find((key) => /:limit:freshservice:.*:calls:month:/.test(key)) ?? "";
    expect(await server.command("TYPE", month)).toBe("string");
    expect(readdirSync(state)).toEqual([]);
  });

  test("88 clients says that Redis is away, and how to mend it", async () => {
    await server.kill();
    const { code, note: stderr } = await run(["clients"], { env: environment });
    expect(code).toBe(1);
    expect(stderr).toContain("cannot be used (ECONNREFUSED), and people's sign-ins are kept there");
    expect(stderr).not.toContain(PASSWORD);
    await server.start();
  });
});
