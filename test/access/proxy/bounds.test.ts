import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { callerAddress } from "../../../src/runtime/access/caller-address.ts";
import { configureMetadataFetch } from "../../../src/runtime/access/proxy/metadata-fetch.ts";
import { clientKind, MOST_UNUSED } from "../../../src/runtime/access/proxy/registered-clients.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { KEY, OTHER_HOST } from "../../runtime/send/certificates.ts";
import { openBrowser } from "./fixture/browser.ts";
import { authorizationUrl, publicClient, REDIRECT, signIn } from "./fixture/oauth.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

/** What strangers may do, and how often: everything here comes from one address, this machine's, unless a trusted proxy says otherwise. */
const PASTED = { client_id: "pasted-id", client_secret: "pasted-secret-of-an-operator", redirectUri: REDIRECT };
let proxy: Proxy;
beforeEach(async () => {
  const clients = ["pasted-id", "other-id"].map((clientId) => ({
    clientId,
    clientSecret: PASTED.client_secret,
    redirectUris: [REDIRECT],
  }));
  proxy = await serveProxy({ trustProxy: true, access: { clients } });
});
afterEach(async () => await proxy.close());

const vault = () => openVault({ stateDirectory: proxy.stateDirectory, environment: {} }).vault;
const ask = async (path: string, body: string, headers: Record<string, string> = {}, at = proxy.origin) => {
  const response = await fetch(`${at}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
};
const METADATA = JSON.stringify({ redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" });
const register = async (from?: string, at = proxy.origin) =>
  await ask("/oauth/register", METADATA, from === undefined ? {} : { "x-forwarded-for": from }, at);
const statuses = async (times: number, from?: string) =>
  await Promise.all(Array.from({ length: times }, async () => (await register(from)).status));

describe("T42 registration is bounded for each address (RFC 7591)", () => {
  test("60 in ten minutes; the next is a 429 with Retry-After, in the words of RFC 7591", async () => {
    expect(await statuses(60)).toEqual(Array.from({ length: 60 }, () => 201));
    const { status, headers, body } = await register();
    expect(status).toBe(429);
    const seconds = Number(headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(body).toEqual({
      error: "too_many_requests",
      error_description: `too many clients were registered from this address: try again in ${seconds} seconds`,
    });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(await vault().list(clientKind("acme"))).toHaveLength(60);
  });

  test("another address is not held up, and the one that counts is what the nearest proxy saw", async () => {
    await statuses(60, "203.0.113.7");
    expect((await register("203.0.113.7")).status).toBe(429);
    expect((await register("198.51.100.1, 203.0.113.7")).status).toBe(429); // a stranger wrote the first one
    expect((await register("203.0.113.8")).status).toBe(201);
    expect((await register()).status).toBe(201);
  });

  test("T44 X-Forwarded-For makes nobody another, unless an operator trusts the proxy", async () => {
    const plain = await serveProxy();
    onTestFinished(async () => await plain.close());
    const answers = await Promise.all(
      Array.from({ length: 61 }, async (_, i) => (await register(`203.0.113.${i}`, plain.origin)).status),
    );
    expect(answers.filter((status) => status === 201)).toHaveLength(60);
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
  });

  test("only what may make a client is counted", async () => {
    await statuses(59);
    for (const method of ["GET", "OPTIONS", "HEAD", "DELETE"])
      await fetch(`${proxy.origin}/oauth/register`, { method });
    expect([(await register()).status, (await register()).status]).toEqual([201, 429]);
  });
});

describe("T42 clients that nobody signed in with do not fill the disk", () => {
  const old = async (count: number) => {
    const store = vault();
    for (let i = 0; i < count; i += 1) {
      const client = { client_id: `old-${i}`, redirect_uris: [REDIRECT], client_id_issued_at: 1_700_000_000 + i };
      await store.set(clientKind("acme"), `old-${i}`, client);
    }
  };
  const ids = async () => (await vault().list(clientKind("acme"))).map(({ id }) => id);

  test("the oldest of them go; one that somebody signed in with stays, however old", async () => {
    const used = await publicClient(proxy.origin);
    const ann = openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });
    await signIn(proxy.origin, ann, used);
    const kept = vault();
    const stored = (await kept.get(clientKind("acme"), used.client_id)) as object; // what the server put there
    await kept.set(clientKind("acme"), used.client_id, { ...stored, client_id_issued_at: 1_600_000_000 });
    await old(MOST_UNUSED + 20);
    const again = await serveProxy({ vendor: proxy.vendor, stateDirectory: proxy.stateDirectory });
    onTestFinished(async () => await again.close());
    const young = (await register(undefined, again.origin)).body["client_id"];
    const left = await ids();
    expect(left.length).toBeLessThanOrEqual(MOST_UNUSED + 1);
    expect(left).toEqual(expect.arrayContaining([young, used.client_id, `old-${MOST_UNUSED + 19}`]));
    expect(left).not.toContain("old-0");
    expect(left).not.toContain("old-69");
    expect(left).toContain("old-70");
    expect((await signIn(again.origin, ann, { ...used })).scope).toBe("read write"); // and the library takes it as it is kept
  });

  test("up to there every one stays", async () => {
    await old(MOST_UNUSED - 51);
    await register();
    expect(await ids()).toHaveLength(MOST_UNUSED - 50);
  });
});

test("T42 sign-ins that are begun are bounded for each address: a page says so, with Retry-After", async () => {
  const client = await publicClient(proxy.origin);
  const { url } = await authorizationUrl(proxy.origin, client);
  const begin = async (from: string) => await fetch(url, { redirect: "manual", headers: { "x-forwarded-for": from } });
  const answers = await Promise.all(Array.from({ length: 300 }, async () => (await begin("203.0.113.7")).status));
  expect(new Set(answers)).toEqual(new Set([303]));
  const refused = await begin("203.0.113.7");
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(500);
  expect(refused.headers.get("content-type")).toContain("text/html");
  expect(await refused.text()).toContain("Too many sign-ins were begun from your network");
  expect((await begin("203.0.113.8")).status).toBe(303);
  expect(await vault().list("acme.Interaction")).toHaveLength(301);
});

describe("T45 secrets of clients cannot be tried at will", () => {
  const form = (client_id: string, client_secret: string) =>
    new URLSearchParams({ grant_type: "refresh_token", refresh_token: "none", client_id, client_secret }).toString();
  const show = async (client_id: string, secret: string, from: string, path = "/oauth/token") =>
    await ask(path, path === "/oauth/token" ? form(client_id, secret) : `${form(client_id, secret)}&token=none`, {
      "content-type": "application/x-www-form-urlencoded",
      "x-forwarded-for": from,
    });

  test.each(["/oauth/token", "/oauth/revoke"])("at %s, ten wrong ones a minute", async (path) => {
    for (let i = 0; i < 10; i += 1) {
      const { status, body } = await show("pasted-id", `guess-${i}`, "203.0.113.7", path);
      expect([status, body["error"]]).toEqual([401, "invalid_client"]);
    }
    const right = await show("pasted-id", PASTED.client_secret, "203.0.113.7", path);
    expect([right.status, right.body["error"]]).toEqual([429, "too_many_requests"]); // a good guess is told from a bad one by nothing
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(50);
    // Nobody else is locked out by that: not the client at its own address, nor another client.
    const own = await show("pasted-id", PASTED.client_secret, "203.0.113.8");
    expect([own.status, own.body["error"]]).toEqual([400, "invalid_grant"]);
    const other = await show("other-id", PASTED.client_secret, "203.0.113.7");
    expect([other.status, other.body["error"]]).toEqual([400, "invalid_grant"]);
  });

  test("guesses that are sent at once count too", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (await show("pasted-id", `guess-${i}`, "203.0.113.7")).status),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(30);
  });

  test("a right secret is never too often", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => (await show("pasted-id", PASTED.client_secret, "203.0.113.7")).status),
    );
    expect(new Set(answers)).toEqual(new Set([400])); // its refresh token is none
  });
});

test("T42 T15 nobody makes this server fetch documents at will, by whatever client ids", async () => {
  let hits = 0;
  const host = createServer({ key: KEY, cert: OTHER_HOST }, (_request, response) => {
    hits += 1;
    response.writeHead(404).end();
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  const here: LookupFunction = (_name, { all }, done) =>
    all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
  const connect = { ca: OTHER_HOST, servername: "acme.test" };
  configureMetadataFetch({ lookup: here, connect, allowed: (address) => address === "127.0.0.1" });
  onTestFinished(() => {
    configureMetadataFetch({});
    host.close();
    host.closeAllConnections();
  });
  const base = `https://client.example:${(host.address() as AddressInfo).port}`;
  for (let i = 0; i < 40; i += 1) {
    const client_id = `${base}/${i}.json`;
    const form = new URLSearchParams({ grant_type: "authorization_code", code: "none", client_id }).toString();
    const type = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ask("/oauth/token", form, type)).body["error"]).toBe("invalid_client");
  }
  expect(hits).toBe(30);
});

test.each([
  ["203.0.113.7", undefined, "203.0.113.7"],
  ["::ffff:203.0.113.7", undefined, "203.0.113.7"],
  ["2001:db8:1:2:aaaa::1", undefined, "2001:db8:1:2"],
  ["2001:db8:1:2:ffff:1:2:3", undefined, "2001:db8:1:2"],
  ["10.0.0.1", "203.0.113.7", "203.0.113.7"],
  ["10.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"],
  ["10.0.0.1", "203.0.113.7:4711", "203.0.113.7"],
  ["10.0.0.1", "[2001:db8:1:2::9]:4711", "2001:db8:1:2"],
  ["10.0.0.1", "unknown", "10.0.0.1"],
  ["10.0.0.1", "<script>", "10.0.0.1"],
  ["10.0.0.1", "", "10.0.0.1"],
  [undefined, undefined, "unknown"],
])("an address %s that is forwarded for %s counts as %s", (remoteAddress, forwardedFor, want) => {
  const headers = forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor };
  const request = { headers, socket: { remoteAddress } };
  expect(callerAddress(request, true)).toBe(want);
  if (forwardedFor === undefined) expect(callerAddress(request, false)).toBe(want);
  else expect(callerAddress(request, false)).toBe(remoteAddress);
});
