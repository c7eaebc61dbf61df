import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestClient } from "../../mcp/fixture/clients.ts";
import { serveDoor } from "./fixture/door.ts";
import { issuerAccess } from "./fixture/issuer.ts";
import { startOidcIssuer } from "./fixture/oidc-issuer.ts";

const REDIRECT = "http://localhost:8787/callback";
let issuer: Awaited<ReturnType<typeof startOidcIssuer>>;
let door: Awaited<ReturnType<typeof serveDoor>>;
beforeAll(async () => {
  issuer = await startOidcIssuer();
  const { resourceServer, ...access } = issuerAccess();
  const { introspection: _introspection, ...rest } = resourceServer;
  door = await serveDoor({ access: { ...access, resourceServer: rest }, environment: { ISSUER: issuer.url } });
});
afterAll(async () => {
  await door.close();
  await issuer.close();
});

/** What a client keeps of OAuth; its person signs in at the issuer by himself. */
function memory(person: string) {
  const kept: {
    client?: unknown;
    tokens?: unknown;
    verifier?: string;
    state?: unknown;
    back: URLSearchParams;
    asked: URL[];
  } = {
    asked: [],
    back: new URLSearchParams(),
  };
  const provider = {
    redirectUrl: REDIRECT,
    clientMetadata: {
      client_name: "test",
      redirect_uris: [REDIRECT],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    clientInformation: () => kept.client as never,
    saveClientInformation: (client: unknown) => void (kept.client = client),
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => void (kept.tokens = tokens),
    saveCodeVerifier: (verifier: string) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier ?? "",
    saveDiscoveryState: (state: unknown) => void (kept.state = state),
    discoveryState: () => kept.state as never,
    async redirectToAuthorization(url: URL) {
      kept.asked.push(url);
      kept.back = (await issuer.authorize(url, person, REDIRECT)).searchParams;
    },
  };
  return { kept, provider };
}

const ROWS = [
  ["SDK v2, 2026-07-28", { pin: "2026-07-28" }],
  ["SDK v2, legacy", "legacy"],
  ["SDK v1", undefined],
] as const;

async function connect(person: string, mode: (typeof ROWS)[number][1]) {
  const { kept, provider } = memory(person);
  const url = new URL(door.url);
  const open = () =>
    mode === undefined
      ? {
          client: new ClientV1({ name: "test", version: "1" }),
          transport: new TransportV1(url, { authProvider: provider }),
        }
      : {
          client: new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } }),
          transport: new StreamableHTTPClientTransport(url, { authProvider: provider }),
        };
  const first = open();
  await expect(first.client.connect(first.transport)).rejects.toThrow();
  // v1 takes the code alone, v2 everything that came back, `iss` with it (RFC 9207).
  if (first.transport instanceof TransportV1) await first.transport.finishAuth(kept.back.get("code") ?? "");
  else await first.transport.finishAuth(kept.back);
  const second = open();
  await second.client.connect(second.transport);
  return { client: second.client as unknown as TestClient, kept }; // the same methods, typed by the specification at large
}

describe.each(ROWS)("an issuer of the tests' own (oidc-provider), %s", (_name, mode) => {
  test("discovers, registers, signs in with PKCE and our resource, lists and calls", async () => {
    const { client, kept } = await connect("ann", mode);
    const [asked] = kept.asked;
    expect(asked?.origin).toBe(issuer.url);
    expect(asked?.searchParams.get("resource")).toBe(door.url);
    expect(asked?.searchParams.get("code_challenge_method")).toBe("S256");
    expect(asked?.searchParams.get("scope")).toMatch(/^read( offline_access)?$/); // some clients add the latter for a refresh token
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["downloadThing", "fetchThing", "fetchThings"]);
    const { structuredContent } = await client.callTool({ name: "fetchThing", arguments: { thing_id: 1 } });
    expect(structuredContent).toMatchObject({ id: 1 });
    expect(door.lines.at(-1)).toContain('"subject":"ann"');
    await client.close();
  });
});

test("two people sign in, and the log tells them apart", async () => {
  const [ann, bob] = [await connect("ann", "legacy"), await connect("bob", { pin: "2026-07-28" })];
  const call = { name: "fetchThing", arguments: { thing_id: 1 } };
  door.lines.length = 0;
  for (const { client } of [ann, bob, ann]) await client.callTool(call);
  expect(door.lines.map((line) => (JSON.parse(line) as { subject: string }).subject)).toEqual(["ann", "bob", "ann"]);
  await Promise.all([ann.client.close(), bob.client.close()]);
});
