import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openSharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { lockedInRedis } from "../../src/runtime/shared-state/lock.ts";
import { logout } from "../../src/runtime/credentials/login.ts";
import { liveCredentialOf } from "../../src/runtime/credentials/credentials.ts";
import { type Authority, startAuthority } from "../runtime/credentials/authority.ts";
import { callWith, deployAt } from "../runtime/credentials/deploy.ts";
import { bundlePrograms, type Programs } from "./programs.ts";
import { hasRedis, type RedisServer, SECRET, startRedis } from "./redis-server.ts";

describe.skipIf(!hasRedis)("a login that replicas share", () => {
  let programs: Programs;
  let server: RedisServer;
  let acme: Authority;
  beforeAll(async () => void (programs = await bundlePrograms(["credential-program"])), 60_000);
  afterAll(() => programs.remove());
  beforeEach(async () => {
    server = await startRedis();
    acme = await startAuthority({ apiDelayMs: 5, tokenDelayMs: 30 });
  });
  afterEach(async () => {
    openSharedState(server.environment)?.close();
    await Promise.all([server.close(), acme.close()]);
  });

  const deploy = (more: Readonly<Record<string, string>> = {}, oauth2 = {}) =>
    deployAt(acme.url, { oauth2, environment: { ...server.environment, ...more } });
  /** What the calls of three processes came to, and what those say whose calls failed. */
  const callers = async (seed: string, calls: number) => {
    const args = ["call", acme.url, seed, String(calls)];
    const running = [1, 2, 3].map(() => programs.run("credential-program", args, server.environment));
    const outputs = await Promise.all(running.map(async ({ ended }) => await ended));
    return { outputs, err: running.map((one) => one.err()).join("") };
  };

  test("70 three processes cause one renewal for each rotation, and end none; no token of theirs lies in Redis", async () => {
    const seed = acme.refreshToken();
    await callWith(deploy({ ACME_REFRESH_TOKEN: seed }));
    for (let rotation = 1; rotation <= 3; rotation++) {
      acme.expire();
      acme.tokenForms.length = 0;
      const { outputs, err } = await callers(seed, 50);
      expect(outputs, err).toEqual(["+".repeat(50), "+".repeat(50), "+".repeat(50)]);
      expect(acme.tokenForms).toHaveLength(1);
    }
    expect(acme.reused).toEqual([]);
    const all = await server.everything();
    expect(Object.keys(all).some((key) => key.startsWith("toolwright:default:credential:acme.oauth."))).toBe(true);
    const text = JSON.stringify(all);
    const secrets = [...acme.given, seed, acme.accessToken(), acme.refreshToken(), "s3cret-of-client", SECRET];
    expect(secrets.length).toBeGreaterThan(8);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }, 90_000);

  test("71 a process that is killed while it holds the lock is waited for as long as a lock lives, and no longer", async () => {
    const shared = openSharedState(server.environment);
    if (!shared) throw new Error("nothing is shared");
    const holder = programs.run("credential-program", ["hold", "toolwright:default:lock:x"], server.environment);
    await holder.said(/held/);
    holder.kill();
    const startedAt = performance.now();
    expect(await lockedInRedis(shared, "toolwright:default:lock:x", async () => "done")).toBe("done");
    expect(performance.now() - startedAt).toBeGreaterThan(5_000);
    expect(performance.now() - startedAt).toBeLessThan(25_000);
  }, 60_000);

  test("a login and a logout are seen by servers that run", async () => {
    const running = deploy();
    const before: unknown = await callWith(running).catch((error: unknown) => error);
    expect(before).toMatchObject({ code: "reauthorize" });
    const other = deploy();
    const held = {
      values: { accessToken: acme.accessToken(), refreshToken: acme.refreshToken() },
      obtainedAt: Date.now(),
    };
    await liveCredentialOf(other, "oauth")?.replace(held);
    acme.expire(); // what was signed in for has to be renewed at once
    expect((await callWith(running)).status).toBe(200);
    expect(await logout(other, "oauth")).toEqual({ removed: true, revoked: undefined });
    expect(await callWith(running).catch((error: unknown) => error)).toMatchObject({ code: "reauthorize" });
  });

  test("a replica that has not got the new secret yet does not begin anew what others sealed with it", async () => {
    const seed = { ACME_REFRESH_TOKEN: acme.refreshToken() };
    const newer = { ...seed, TOOLWRIGHT_SECRET: `another secret by which they replace it,${SECRET}` };
    const [behind, ahead] = [deploy(seed), deploy(newer)];
    onTestFinished(() => openSharedState({ ...server.environment, ...newer })?.close());
    expect((await callWith(behind)).status).toBe(200);
    acme.expire();
    expect((await callWith(ahead)).status).toBe(200);
    acme.expire(); // for both
    const problem: unknown = await callWith(behind).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "internal", facts: { retryable: true } });
    expect(openSharedState(server.environment)?.standing()).toMatchObject({ reachable: false });
    expect((await callWith(ahead)).status).toBe(200);
    expect(acme.reused).toEqual([]);
  });

  test("89 without Redis what there is goes on being used, and nothing is traded in that others could trade in too", async () => {
    const deployment = deploy({ ACME_REFRESH_TOKEN: acme.refreshToken() });
    await callWith(deployment);
    acme.tokenForms.length = 0;
    await server.kill();
    expect((await callWith(deployment)).status).toBe(200);
    acme.expire();
    const problem: unknown = await callWith(deployment).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "internal", facts: { retryable: true } });
    expect(acme.tokenForms).toHaveLength(0);
    await server.start();
    const status = async () => (await callWith(deployment).catch(() => undefined))?.status;
    await expect.poll(status, { timeout: 10_000 }).toBe(200);
    expect([acme.tokenForms.length, acme.reused.length]).toEqual([1, 0]);
  });

  test("89 without Redis a token that is got with the client's own secret is got all the same", async () => {
    await server.kill();
    const deployment = deploy({}, { grant: "client_credentials" });
    expect((await callWith(deployment)).status).toBe(200);
    acme.expire();
    expect((await callWith(deployment)).status).toBe(200);
    expect(acme.tokenForms).toHaveLength(2);
  });
});
