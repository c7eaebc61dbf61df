import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openSharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { knownTo } from "../../src/runtime/access/known.ts";
import { openVault } from "../../src/runtime/vault/open-vault.ts";
import { openBrowser } from "../access/proxy/fixture/browser.ts";
import { askToken, call, publicClient, register, signIn } from "../access/proxy/fixture/oauth.ts";
import { startVendor } from "../access/proxy/fixture/vendor.ts";
import { ESSAYS } from "../mcp/fixture/bundle.ts";
import { startVendor as startEssays } from "../mcp/fixture/vendor.ts";
import { bundlePrograms, type Programs } from "./programs.ts";
import { hasRedis, PASSWORD, type RedisServer, SECRET, startRedis } from "./redis-server.ts";

let programs: Programs;
beforeAll(async () => void (programs = await bundlePrograms(["serving-program"])), 60_000);
afterAll(() => programs.remove());

async function redis(): Promise<RedisServer> {
  const server = await startRedis();
  onTestFinished(async () => {
    openSharedState(server.environment)?.close();
    await server.close();
  });
  return server;
}

/** A load balancer that sends each request to the next of its servers. */
async function balancer() {
  const targets: string[] = [];
  let turn = 0;
  const server = createServer((request, response) => {
    const target = new URL(targets[turn++ % targets.length] ?? "");
    const { method, headers, url } = request;
    const onward = ask({ host: "127.0.0.1", port: target.port, method, headers, path: url }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, targets };
}

/** Two replicas with sign-ins of their own behind one address. */
async function proxies(server: RedisServer) {
  const vendor = await startVendor();
  onTestFinished(async () => await vendor.close());
  const front = await balancer();
  const told = JSON.stringify({ issuer: vendor.issuer, api: vendor.api });
  const running = [1, 2].map(() => programs.run("serving-program", ["proxy", told, front.origin], server.environment));
  const urls = await Promise.all(running.map(async (one) => await one.said(/listening (\S+)/)));
  front.targets.push(...urls);
  return { vendor, origin: front.origin, mcp: `${front.origin}/mcp`, running, urls };
}

describe.skipIf(!hasRedis)("replicas over HTTP", () => {
  test("a sign-in goes on from one replica to the next, and everything of it lies sealed in Redis", async () => {
    const server = await redis();
    const { vendor, origin, mcp } = await proxies(server);
    const client = await publicClient(origin);
    const tokens = await signIn(origin, openBrowser({ issuer: vendor.issuer, person: "ann" }), client);
    for (let i = 0; i < 4; i++) {
      const { body } = await call(mcp, tokens.access_token, "who_am_i");
      expect(body.result?.structuredContent).toEqual({ person: "ann" });
    }
    const text = JSON.stringify(await server.everything());
    for (const secret of [
      "vendor-access",
      "vendor-refresh",
      "ann",
      "Test client",
      tokens.refresh_token,
      client.client_id,
      SECRET,
    ])
      expect(text).not.toContain(secret);
    vendor.expireAccess();
    const before = vendor.state.refreshes;
    const results = await Promise.all(
      Array.from({ length: 20 }, async () => await call(mcp, tokens.access_token, "who_am_i")),
    );
    expect(results.every(({ body }) => body.result?.structuredContent?.["person"] === "ann")).toBe(true);
    expect(vendor.state.refreshes - before).toBe(1);
    const again = await askToken(origin, client, { grant_type: "refresh_token", refresh_token: tokens.refresh_token });
    expect(again.status).toBe(200);
    const { vault } = openVault({
      stateDirectory: undefined,
      shared: openSharedState(server.environment),
      environment: {},
    });
    expect(await knownTo(vault, "acme")).toMatchObject({ clients: [{ id: client.client_id }], signIns: [{}] });
    await server.kill();
    const { status, headers } = await call(mcp, tokens.access_token, "who_am_i");
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]); // nobody is told to sign in again
    await server.start();
    const person = async () =>
      (await call(mcp, tokens.access_token, "who_am_i")).body.result?.structuredContent?.["person"];
    await expect.poll(person, { timeout: 10_000 }).toBe("ann");
  }, 60_000);

  test("T42 what strangers do is counted over all replicas, and their addresses are not told", async () => {
    const server = await redis();
    const { origin } = await proxies(server);
    const metadata = { redirect_uris: ["http://localhost:8787/callback"], token_endpoint_auth_method: "none" };
    const answers: number[] = [];
    for (let i = 0; i < 64; i++) answers.push((await register(origin, metadata)).status);
    expect(answers.filter((status) => status === 201)).toHaveLength(60);
    const keys = Object.keys(await server.everything()).filter((key) => key.includes(":bound:register:"));
    expect(keys).toEqual([expect.stringMatching(/^toolwright:default:bound:register:[0-9a-f]{32}$/)]);
  }, 60_000);

  test("T33 a yes counts once over all replicas, however many are sent it at once; without Redis it does not count", async () => {
    const server = await redis();
    const essays = await startEssays();
    onTestFinished(async () => await essays.close());
    const running = [1, 2, 3].map(() =>
      programs.run("serving-program", ["essays", essays.url, ESSAYS], server.environment),
    );
    const urls = await Promise.all(running.map(async (one) => await one.said(/listening (\S+)/)));
    const [first = ""] = urls;
    const yes = { confirmation: { action: "accept", content: {} } };
    const asked = async () => (await post(first, {})).result?.requestState;
    const params = { requestState: await asked(), inputResponses: yes };
    const answers = await Promise.all([...urls, ...urls, ...urls].map(async (url) => await post(url, params)));
    const done = answers.filter(({ result }) => result?.structuredContent !== undefined);
    const again = answers.filter(({ result }) => result?.resultType === "input_required");
    expect([done.length, again.length, essays.seen.length]).toEqual([1, 8, 1]);
    const later = { requestState: await asked(), inputResponses: yes };
    await server.kill();
    const without = await post(first, later);
    expect(without.result?.content?.[0]?.text).toContain("cannot reach the store that its replicas share");
    expect(essays.seen).toHaveLength(1);
  }, 60_000);

  test("88 /readyz says how Redis stands, and no password turns up anywhere", async () => {
    const server = await redis();
    const essays = await startEssays();
    onTestFinished(async () => await essays.close());
    const { vendor: _, urls, running } = await proxies(server);
    const plain = programs.run("serving-program", ["essays", essays.url, ESSAYS], server.environment);
    const [people = ""] = urls;
    const own = await plain.said(/listening (\S+)/);
    const ready = async (url: string) => {
      const response = await fetch(new URL("/readyz", url));
      return [response.status, JSON.parse(await response.text()) as unknown];
    };
    const there = { reachable: true, server: expect.stringMatching(/^(Redis|Valkey) \d+\.\d+/) as unknown };
    await expect.poll(async () => await ready(own)).toEqual([200, { status: "ready", redis: there }]);
    expect(await ready(people)).toEqual([200, { status: "ready", redis: there }]);
    await server.kill();
    const gone = { ...there, reachable: false, why: expect.any(String) as unknown };
    await expect.poll(async () => await ready(own)).toEqual([200, { status: "degraded", redis: gone }]);
    await expect.poll(async () => await ready(people)).toEqual([503, { status: "unavailable", redis: gone }]);
    expect((await fetch(new URL("/livez", people))).status).toBe(200);
    const fresh = programs.run("serving-program", ["essays", essays.url, ESSAYS], server.environment);
    expect((await ready(await fresh.said(/listening (\S+)/)))[0]).toBe(200); // it starts without
    const told = JSON.stringify({ issuer: "http://127.0.0.1:9", api: "http://127.0.0.1:9" });
    const useless = programs.run("serving-program", ["proxy", told, "http://localhost:9"], server.environment);
    await useless.ended;
    expect(useless.err()).toContain(`Redis at redis://127.0.0.1:${server.port} cannot be used (ECONNREFUSED)`);
    await server.start();
    await expect
      .poll(async () => await ready(people), { timeout: 10_000 })
      .toEqual([200, { status: "ready", redis: there }]);
    const wrong = { ...server.environment, TOOLWRIGHT_REDIS_URL: server.url.replace(PASSWORD, `${PASSWORD}-wrong`) };
    const refused = programs.run("serving-program", ["essays", essays.url, ESSAYS], wrong);
    const at = await refused.said(/listening (\S+)/);
    await expect
      .poll(async () => await ready(at))
      .toMatchObject([200, { redis: { reachable: false, why: "WRONGPASS" } }]);
    for (const one of [...running, plain, fresh, useless, refused]) {
      expect(one.err()).toContain("Redis at redis://127.0.0.1:");
      expect(one.out() + one.err()).not.toContain(PASSWORD);
    }
  }, 90_000);
});

interface Answer {
  readonly result?: {
    readonly resultType?: string;
    readonly requestState?: string;
    readonly structuredContent?: unknown;
    readonly content?: readonly { readonly text: string }[];
  };
}

/** One call of 2026-07-28 by a client that shows forms. */
async function post(url: string, params: object): Promise<Answer> {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "submitEssay",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "submitEssay", arguments: { name: "My summer" }, ...params, _meta: meta },
    }),
  });
  const body = await response.text();
  return JSON.parse(body.startsWith("{") ? body : (/^data: (.*)$/m.exec(body)?.[1] ?? "{}")) as Answer;
}
