import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestClient } from "../../mcp/fixture/clients.ts";
import { openBrowser } from "../proxy/fixture/browser.ts";
import {
  askToken,
  authorizationUrl,
  consentTo,
  type RawClient,
  register,
  rpc,
  type Tokens,
} from "../proxy/fixture/oauth.ts";
import { type Proxy, serveProxy } from "../proxy/fixture/serve.ts";
import { type ClientShape, SHAPES } from "./shapes.ts";

let proxy: Proxy;
beforeAll(async () => void (proxy = await serveProxy()));
afterAll(async () => await proxy.close());

describe.each(SHAPES)("$name, in front of a vendor with one client id and secret", (shape) => {
  test("discovers, registers, signs in two people, lists and calls", async () => {
    const challenge = await discover(shape);
    const client = await registered(shape);
    const [ann, bob] = [
      await signInAs("ann", shape, client, challenge),
      await signInAs("bob", shape, client, challenge),
    ];
    const before = proxy.vendor.calls.length;
    for (const [person, tokens] of [
      ["ann", ann],
      ["bob", bob],
    ] as const) {
      const connected = await connect(shape, tokens);
      const { tools } = await connected.listTools();
      expect(tools.map(({ name }) => name)).toContain(shape.calls);
      const args = shape.calls === "create_ticket" ? { arguments: { subject: `${shape.name}, ${person}` } } : {};
      const answer = await connected.callTool({ name: shape.calls, ...args });
      expect(answer.isError ?? false).toBe(false);
      expect(JSON.stringify(answer)).not.toMatch(/vendor-(?:access|refresh)/);
      await connected.close();
    }
    expect(proxy.vendor.calls.slice(before).map(({ person }) => person)).toEqual(["ann", "bob"]);
    const refreshed = await askToken(proxy.origin, client, {
      grant_type: "refresh_token",
      refresh_token: ann.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });
});

/** Asks as the client does: first without a token, then for its documents. @returns the scopes of the challenge. */
async function discover(shape: ClientShape): Promise<string> {
  const first = await rpc(proxy.url, undefined, "initialize", INITIALIZE);
  expect(first.status).toBe(401);
  const header = first.headers.get("www-authenticate") ?? "";
  const named = /resource_metadata="([^"]+)"/.exec(header)?.[1] ?? "";
  const resource = (await (await fetch(named)).json()) as {
    readonly resource: string;
    readonly authorization_servers: readonly string[];
  };
  expect(resource).toMatchObject({ resource: proxy.url, authorization_servers: [proxy.origin] });
  for (const template of shape.wellKnown) {
    const response = await fetch(`${proxy.origin}${template.replace("{mcp}", new URL(proxy.url).pathname)}`);
    expect(response.status, template).toBe(200);
    expect(response.headers.get("content-type"), template).toContain("application/json");
    const document = (await response.json()) as Record<string, unknown>;
    if (template.includes("protected-resource")) expect(document, template).toEqual(resource);
    else expect(document["issuer"], template).toBe(proxy.origin);
  }
  return /scope="([^"]+)"/.exec(header)?.[1] ?? "";
}

async function registered({ registration, redirectUri }: ClientShape): Promise<RawClient> {
  const { status, body } = await register(proxy.origin, registration);
  expect(status).toBe(201);
  const secret = body["client_secret"];
  expect(typeof secret).toBe(registration["token_endpoint_auth_method"] === "none" ? "undefined" : "string");
  return {
    client_id: String(body["client_id"]),
    redirectUri,
    ...(typeof secret === "string" && { client_secret: secret }),
  };
}

async function signInAs(person: string, shape: ClientShape, client: RawClient, challenge: string): Promise<Tokens> {
  const scope = { challenge, all: "read write", none: undefined }[shape.scopes];
  const resource = shape.resource ? proxy.url : undefined;
  const { url, verifier, state } = await authorizationUrl(proxy.origin, client, { scope, resource });
  const browser = openBrowser({ issuer: proxy.vendor.issuer, person });
  const back = await consentTo(browser, url, client);
  expect(back.href.startsWith(shape.redirectUri)).toBe(true);
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ state, iss: proxy.origin });
  const form = {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    code_verifier: verifier,
    redirect_uri: shape.redirectUri,
    ...(resource !== undefined && { resource }),
  };
  const { status, body } = await askToken(proxy.origin, client, form);
  expect(status).toBe(200);
  return body as unknown as Tokens; // the shape of RFC 6749 §5.1
}

const INITIALIZE = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "shape", version: "1" } };

async function connect({ sdk }: ClientShape, { access_token }: Tokens): Promise<TestClient> {
  const requestInit = { headers: { authorization: `Bearer ${access_token}` } };
  if (sdk === "v1") {
    const client = new ClientV1({ name: "shape", version: "1" });
    await client.connect(new TransportV1(new URL(proxy.url), { requestInit }));
    return client as unknown as TestClient; // the same methods, typed by the specification at large
  }
  const mode = sdk === "v2" ? ({ pin: "2026-07-28" } as const) : ("legacy" as const);
  const client = new Client({ name: "shape", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(proxy.url), { requestInit }));
  return client as unknown as TestClient; // as above
}
