import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { configureMetadataFetch, mayFetch } from "../../../src/runtime/access/proxy/metadata-fetch.ts";
import { KEY, OTHER_HOST } from "../../runtime/send/certificates.ts";
import { openBrowser } from "./fixture/browser.ts";
import { authorizationUrl, call, signIn } from "./fixture/oauth.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

/** Client ID metadata documents on a host that only this test knows the address of (T15, A13). */
let proxy: Proxy;
let host: Server;
let base: string;
let hits: string[];
let answer: (path: string) => {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
};
// The certificate is for acme.test, a name that no client may have (RFC 6761): so it is said what to hold it against.
const connect = { ca: OTHER_HOST, servername: "acme.test" };
const here: LookupFunction = (_name, { all }, done) =>
  all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);

beforeAll(async () => {
  proxy = await serveProxy();
  host = createServer({ key: KEY, cert: OTHER_HOST }, (request, response) => {
    hits.push(request.url ?? "");
    const { status = 200, headers = {}, body } = answer(request.url ?? "");
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  base = `https://client.example:${(host.address() as AddressInfo).port}`;
});
afterAll(async () => {
  host.close();
  host.closeAllConnections();
  await proxy.close();
});
beforeEach(() => {
  hits = [];
  configureMetadataFetch({ lookup: here, connect, allowed: (address) => address === "127.0.0.1" });
});
afterEach(() => configureMetadataFetch({}));

const document = (id: string, changed: object = {}) => ({
  client_id: id,
  client_name: "Claude Code",
  redirect_uris: ["http://localhost/callback", "http://127.0.0.1/callback"],
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  ...changed,
});
const statusOf = async (client_id: string) =>
  (
    await openBrowser().visit(
      (await authorizationUrl(proxy.origin, { client_id, redirectUri: "http://localhost:50001/callback" })).url,
    )
  ).status;

test("a client that is described by a document signs its person in, at any port of loopback", async () => {
  const id = `${base}/good.json`;
  answer = () => ({ body: document(id) });
  const client = { client_id: id, redirectUri: "http://localhost:50001/callback" };
  const browser = openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });
  const page = await browser.visit((await authorizationUrl(proxy.origin, client)).url);
  expect(page.body).toContain("client.example"); // where it is described
  const tokens = await signIn(proxy.origin, browser, client);
  expect((await call(proxy.url, tokens.access_token, "who_am_i")).body.result?.structuredContent).toEqual({
    person: "ann",
  });
  expect(hits).toEqual(["/good.json"]); // and was kept
});

describe("a document is refused", () => {
  test.each([
    ["that is of another client", (id: string) => ({ body: document(`${id}x`) })],
    ["that is elsewhere", () => ({ status: 302, headers: { location: `${base}/good.json` }, body: "" })],
    [
      "that is larger than 5 KB",
      (id: string) => ({ body: document(id, { logo_uri: `https://client.example/${"x".repeat(5000)}` }) }),
    ],
    ["that is no JSON", () => ({ body: "<html>" })],
    [
      "that sends people to another host by http",
      (id: string) => ({ body: document(id, { redirect_uris: ["http://evil.example/cb"] }) }),
    ],
    ["that has a secret in it", (id: string) => ({ body: document(id, { client_secret: "x" }) })],
    [
      "that asks for client_secret_basic",
      (id: string) => ({ body: document(id, { token_endpoint_auth_method: "client_secret_basic" }) }),
    ],
  ])("%s", async (what, make) => {
    const id = `${base}/${encodeURIComponent(what)}.json`;
    answer = () => make(id);
    expect(await statusOf(id)).toBe(400);
    expect(new Set(hits).size).toBe(1); // twice at most: the library looks again for the page that says no
  });
});

describe("a host is not asked", () => {
  test("whose name leads to an address that is not public", async () => {
    configureMetadataFetch({ lookup: here, connect });
    expect(await statusOf("https://client.example/c.json")).toBe(400);
    expect(hits).toEqual([]);
  });

  test("whose name leads to a public address and to another", async () => {
    const two: LookupFunction = (_name, _asked, done) =>
      done(null, [
        { address: "93.184.215.14", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]);
    configureMetadataFetch({ lookup: two, connect });
    expect(await statusOf("https://client.example/c.json")).toBe(400);
    expect(hits).toEqual([]);
  });

  test.each([
    "https://127.0.0.1/c.json",
    "https://[::1]/c.json",
    "https://[::ffff:127.0.0.1]/c.json",
    "https://2130706433/c.json",
    "https://0x7f.1/c.json",
    "https://0177.0.0.1/c.json",
    "https://127.1/c.json",
    "https://0.0.0.0/c.json",
    "https://169.254.169.254/c.json",
    "https://[64:ff9b::7f00:1]/c.json",
    "https://[2002:7f00:1::]/c.json",
    "https://10.0.0.1/c.json",
    "https://[fd00::1]/c.json",
    "https://localhost/c.json",
    "https://printer.local/c.json",
    "https://intranet/c.json",
    "https://good.example:8443/c.json",
    "https://user@good.example/c.json",
    "https://good.example/",
    "http://good.example/c.json",
  ])("%s", async (id) => {
    configureMetadataFetch({});
    expect(await mayFetch(id)).toBe(false);
  });

  test("but a public one is", async () => {
    configureMetadataFetch({});
    expect(await mayFetch("https://claude.ai/oauth/claude-code-client-metadata")).toBe(true);
  });
});
