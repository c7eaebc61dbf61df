import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect } from "vitest";
import type { TestClient } from "../../mcp/fixture/clients.ts";
import { askToken, authorizationUrl, type RawClient, register, rpc, type Tokens } from "../proxy/fixture/oauth.ts";
import type { ClientShape } from "./shapes.ts";

/** A server that clients connect to. */
export interface Served {
  /** The MCP endpoint. */
  readonly url: string;
  readonly origin: string;
}

/** Takes a person from the authorization request to the client's redirect URI. */
export type Person = (url: URL, client: RawClient) => Promise<URL>;

/** Asks as the client does: first without a token, then for its documents. @returns the scopes of the challenge. */
export async function discover(proxy: Served, shape: ClientShape): Promise<string> {
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

/** Registers as the client does (RFC 7591). */
export async function registered(proxy: Served, { registration, redirectUri }: ClientShape): Promise<RawClient> {
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

/** Signs a person in with what the client asks for. */
export async function signInAs(
  proxy: Served,
  shape: ClientShape,
  { client, challenge, person }: { readonly client: RawClient; readonly challenge: string; readonly person: Person },
): Promise<Tokens> {
  const scope = { challenge, all: "read write", none: undefined }[shape.scopes];
  const resource = shape.resource ? proxy.url : undefined;
  const { url, verifier, state } = await authorizationUrl(proxy.origin, client, { scope, resource });
  const back = await person(url, client);
  expect(back.href.startsWith(client.redirectUri)).toBe(true);
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ state, iss: proxy.origin });
  const form = {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    code_verifier: verifier,
    redirect_uri: client.redirectUri,
    ...(resource !== undefined && { resource }),
  };
  const { status, body } = await askToken(proxy.origin, client, form);
  expect(status).toBe(200);
  return body as unknown as Tokens; // the shape of RFC 6749 §5.1
}

const INITIALIZE = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "shape", version: "1" } };

/** Connects the SDK that speaks for the client. */
export async function connect(proxy: Served, { sdk }: ClientShape, { access_token }: Tokens): Promise<TestClient> {
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
