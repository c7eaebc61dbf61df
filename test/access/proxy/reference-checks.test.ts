import { request as httpRequest } from "node:http";
import { importJWK, SignJWT, UnsecuredJWT, decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signingKeys } from "../../../src/runtime/access/proxy/signing-keys.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { type Browser, openBrowser } from "./fixture/browser.ts";
import {
  askToken,
  authorizationUrl,
  call,
  consentTo,
  isBack,
  metadataOf,
  publicClient,
  type RawClient,
  REDIRECT,
  register,
  rpc,
  signIn,
  type Tokens,
} from "./fixture/oauth.ts";
import { connectV1, connectV2 } from "./fixture/sdk-clients.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

/** The 30 checks of the reference (security.md §5.3), in its order; T34, A13, A14 of the threats. */
let proxy: Proxy;
let client: RawClient;
let ann: Browser;
let tokens: Tokens;

beforeAll(async () => {
  proxy = await serveProxy();
  client = await publicClient(proxy.origin);
  ann = openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });
  tokens = await signIn(proxy.origin, ann, client);
});
afterAll(async () => await proxy.close());

/** A token that our own key signed, with what a test makes of its claims. */
async function forge(changed: Record<string, unknown>, seconds = 300): Promise<string> {
  const { vault } = openVault({ stateDirectory: proxy.stateDirectory, environment: {} });
  const keys = await signingKeys(vault, "acme");
  const { exp: _, ...claims } = decodeJwt(tokens.access_token);
  return await new SignJWT({ ...claims, ...changed })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: keys.private.kid ?? "" })
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(await importJWK(keys.private, "ES256"));
}

/** `fetch` may not name a host. */
async function statusWith(headers: Record<string, string>): Promise<number> {
  const { port } = new URL(proxy.url);
  return await new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        port,
        host: "127.0.0.1",
        path: "/mcp",
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${tokens.access_token}`, ...headers },
      },
      (response) => resolve(response.resume().statusCode ?? 0),
    );
    sent.once("error", reject).end("{}");
  });
}

test("check 01: the 401 carries resource_metadata", async () => {
  const { status, headers } = await rpc(proxy.url, undefined, "tools/list");
  expect(status).toBe(401);
  expect(headers.get("www-authenticate")).toContain(
    `resource_metadata="${proxy.origin}/.well-known/oauth-protected-resource/mcp"`,
  );
});

test("check 02: the protected resource's metadata name the resource and its authorization server", async () => {
  const document = await (await fetch(`${proxy.origin}/.well-known/oauth-protected-resource/mcp`)).json();
  expect(document).toMatchObject({ resource: `${proxy.origin}/mcp`, authorization_servers: [proxy.origin] });
});

test("check 03: the authorization server's metadata have S256, client ID metadata documents, iss and registration", async () => {
  expect(await metadataOf(proxy.origin)).toMatchObject({
    issuer: proxy.origin,
    code_challenge_methods_supported: ["S256"],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
    registration_endpoint: `${proxy.origin}/oauth/register`,
    scopes_supported: ["read", "write"],
    response_types_supported: ["code"],
  });
});

test.each([
  ["SDK v2", connectV2],
  ["SDK v1", connectV1],
])("check 04: %s registers and goes through the code flow by its own provider", async (_kind, connect) => {
  const browser = openBrowser({ issuer: proxy.vendor.issuer, person: "cleo" });
  const connected = await connect(proxy.url, browser);
  const { tools } = await connected.listTools();
  expect(tools.map(({ name }) => name)).toContain("who_am_i");
  expect((await connected.callTool({ name: "who_am_i" })).content[0]?.text).toContain("cleo");
  await connected.close();
});

describe("the consent page", () => {
  const show = async () => {
    const evil = await publicClient(proxy.origin, "https://tools.example/cb", '<img src=x onerror="alert(1)">&"\'');
    return await openBrowser().visit((await authorizationUrl(proxy.origin, evil)).url);
  };

  test("check 05: escapes client_name", async () => {
    const { body, status } = await show();
    expect(status).toBe(200);
    expect(body).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&quot;&#39;");
    expect(body).not.toContain("<img");
  });

  test("check 06: shows the host that it will send the person to", async () => {
    expect((await show()).body).toContain("<strong>tools.example</strong>");
  });

  test("check 07: may be shown in no frame", async () => {
    const { headers } = await show();
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });
});

test("check 08: iss comes back with the code (RFC 9207)", async () => {
  const { url, state } = await authorizationUrl(proxy.origin, client);
  const back = await consentTo(ann, url, client);
  expect(back.searchParams.get("iss")).toBe(proxy.origin);
  expect(back.searchParams.get("state")).toBe(state);
});

test("check 09: the access token is a JWT for the MCP URL", () => {
  const header: unknown = JSON.parse(Buffer.from(tokens.access_token.split(".")[0] ?? "", "base64url").toString());
  expect(header).toMatchObject({ typ: "at+jwt", alg: "ES256" });
  expect(decodeJwt(tokens.access_token)).toMatchObject({
    aud: `${proxy.origin}/mcp`,
    iss: proxy.origin,
    scope: "read write",
  });
});

test("check 10: the client never sees a vendor token", async () => {
  const answer = await call(proxy.url, tokens.access_token, "who_am_i");
  const seen = [
    JSON.stringify(tokens),
    Buffer.from(tokens.access_token.split(".")[1] ?? "", "base64url").toString(),
    JSON.stringify(answer.body),
    JSON.stringify([...answer.headers]),
  ].join("\n");
  expect(seen).not.toMatch(/vendor-(?:access|refresh)-/);
});

test("check 11: a tool answers as the person who signed in", async () => {
  const { body } = await call(proxy.url, tokens.access_token, "who_am_i");
  expect(body.result?.structuredContent).toEqual({ person: "ann" });
});

test("check 12: the vendor's API saw the vendor's token, and nothing of ours (T29)", async () => {
  proxy.vendor.calls.length = 0;
  await call(proxy.url, tokens.access_token, "who_am_i");
  const [seen] = proxy.vendor.calls;
  expect(seen?.headers.authorization).toMatch(/^Bearer vendor-access-ann-/);
  expect(JSON.stringify(seen?.headers)).not.toContain(tokens.access_token);
  expect(Object.keys(seen?.headers ?? {}).filter((name) => /^(?:cookie|mcp-|x-forwarded|baggage)/.test(name))).toEqual(
    [],
  );
});

test("check 13: 60 interleaved calls of two people, 0 crossings (T30)", async () => {
  const bob = await signIn(proxy.origin, openBrowser({ issuer: proxy.vendor.issuer, person: "bob" }), client);
  const calls = Array.from({ length: 60 }, async (_, i) => {
    const [token, person] = i % 2 === 0 ? [tokens.access_token, "ann"] : [bob.access_token, "bob"];
    const { body } = await call(proxy.url, token, "who_am_i");
    return body.result?.structuredContent?.["person"] === person;
  });
  expect((await Promise.all(calls)).filter((own) => !own)).toHaveLength(0);
});

test("check 14: a vendor token shown to us is refused", async () => {
  const [vendorToken = ""] = proxy.vendor.accessOf("ann");
  expect(vendorToken).toMatch(/^vendor-access-ann-/);
  expect((await rpc(proxy.url, vendorToken, "tools/list")).status).toBe(401);
});

describe("forged tokens (T28)", () => {
  test("the forgery itself is sound: with nothing changed it is let in", async () => {
    expect((await call(proxy.url, await forge({}), "who_am_i")).status).toBe(200);
  });

  test("check 15: for another audience → 401", async () => {
    const answer = await call(proxy.url, await forge({ aud: "https://other.example/mcp" }), "who_am_i");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("resource_metadata=");
  });

  test("check 16: alg none → 401", async () => {
    const { aud, ...claims } = decodeJwt(tokens.access_token);
    const bare = new UnsecuredJWT(claims).setAudience(String(aud)).encode();
    expect((await call(proxy.url, bare, "who_am_i")).status).toBe(401);
  });

  test("check 17: expired → 401", async () => {
    expect((await call(proxy.url, await forge({}, -120), "who_am_i")).status).toBe(401);
  });

  test.each([
    ["of another issuer", { iss: "https://evil.example" }],
    ["of a sign-in that there is not", { grant_id: "nothing" }],
    ["of another person's sign-in", { sub: "someone-else" }],
    ["of another client", { client_id: "someone-else" }],
  ])("%s → 401", async (_what, changed) => {
    expect((await call(proxy.url, await forge(changed), "who_am_i")).status).toBe(401);
  });
});

test("check 18: a scope is missing → 403 insufficient_scope, naming all that it takes", async () => {
  const reading = await signIn(proxy.origin, openBrowser({ issuer: proxy.vendor.issuer, person: "ann" }), client, {
    scope: "read",
  });
  expect(reading.scope).toBe("read");
  const answer = await call(proxy.url, reading.access_token, "create_ticket", { subject: "x" });
  expect(answer.status).toBe(403);
  expect(answer.headers.get("www-authenticate")).toMatch(/error="insufficient_scope".*scope="read write"/);
});

test("check 19: an evil Origin → 403", async () => {
  expect(await statusWith({ origin: "https://evil.example" })).toBe(403);
});

test("check 20: an evil Host → 403", async () => {
  expect(await statusWith({ host: "evil.example" })).toBe(403);
});

test("check 21: another browser at the vendor's callback → 403", async () => {
  const { url } = await authorizationUrl(proxy.origin, client);
  const victim = openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });
  const attacker = openBrowser({ issuer: proxy.vendor.issuer, person: "mallory" });
  await attacker.visit(proxy.origin + "/oauth/disconnect"); // it has a cookie, and another
  const page = await victim.visit(url);
  const vendor = await victim.answer(page, "allow", (there) => there.pathname === "/oauth/callback");
  expect(vendor.url.pathname).toBe("/oauth/callback");
  expect((await attacker.visit(vendor.url)).status).toBe(403);
  expect((await victim.visit(vendor.url)).status).toBe(400); // state holds once, whoever came with it
});

test("check 22: a forged answer to the consent page → 403 (CSRF)", async () => {
  const { url } = await authorizationUrl(proxy.origin, client);
  const page = await ann.visit(url);
  expect((await ann.answer(page, "allow", undefined, "forged")).status).toBe(403);
  const elsewhere = await openBrowser().visit((await authorizationUrl(proxy.origin, client)).url);
  const token = /name="token" value="([^"]+)"/.exec(elsewhere.body)?.[1] ?? "";
  expect((await ann.answer(page, "allow", undefined, token)).status).toBe(403); // another browser's
  const form = {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: "https://evil.example" },
  };
  expect((await ann.visit(page.url, { ...form, body: "answer=allow" })).status).toBe(403);
});

test("check 23: a second client in the same browser must be consented to, and the first one again", async () => {
  const second = await publicClient(proxy.origin, "http://localhost:9999/callback", "Second");
  for (const one of [second, client]) {
    const page = await ann.visit((await authorizationUrl(proxy.origin, one)).url);
    expect(page.status).toBe(200);
    expect(page.body).toContain("Continue to Acme");
  }
});

test("check 24: a code that was traded in → 400, and what it gave is worth nothing", async () => {
  const { url, verifier } = await authorizationUrl(proxy.origin, client);
  const code = (await consentTo(ann, url, client)).searchParams.get("code") ?? "";
  const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: client.redirectUri };
  const first = await askToken(proxy.origin, client, form);
  expect(first.status).toBe(200);
  expect(await askToken(proxy.origin, client, form)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect((await call(proxy.url, String(first.body["access_token"]), "who_am_i")).status).toBe(401);
});

test("check 25: without PKCE → error=invalid_request; with plain too", async () => {
  for (const changed of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: "plain" },
  ]) {
    const { url } = await authorizationUrl(proxy.origin, client, changed);
    const end = await ann.visit(url, {}, (there) => isBack(there, REDIRECT));
    expect(end.url.searchParams.get("error")).toBe("invalid_request");
  }
});

test("check 26: a redirect URI that was not registered → 400, and no redirect", async () => {
  for (const redirect_uri of [
    "http://localhost:8787/other",
    "https://evil.example/cb",
    "http://localhost.evil.example:8787/callback",
  ]) {
    const page = await ann.visit((await authorizationUrl(proxy.origin, client, { redirect_uri })).url);
    expect(page.status).toBe(400);
    expect(page.url.origin).toBe(proxy.origin);
  }
});

test("check 27: a foreign resource → invalid_target", async () => {
  const { url } = await authorizationUrl(proxy.origin, client, { resource: "https://other.example/mcp" });
  const end = await ann.visit(url, {}, (there) => isBack(there, REDIRECT));
  expect(end.url.searchParams.get("error")).toBe("invalid_target");
});

test.each([
  "http://claude.ai/c.json",
  "https://169.254.169.254/latest/x",
  "https://localhost/c.json",
  "https://evil.example/c.json",
  "https://[::1]/c.json",
  "https://2130706433/c.json",
  "https://[64:ff9b::7f00:1]/c.json",
  "https://metadata.google.internal/c.json",
])("check 28: the client ID %s → 400, and nobody is asked (T15)", async (client_id) => {
  const { url } = await authorizationUrl(proxy.origin, { client_id, redirectUri: REDIRECT });
  expect((await ann.visit(url)).status).toBe(400);
});

test("check 29: a refresh rotates", async () => {
  const own = await signIn(proxy.origin, ann, client);
  const { status, body } = await askToken(proxy.origin, client, {
    grant_type: "refresh_token",
    refresh_token: own.refresh_token,
  });
  expect(status).toBe(200);
  expect(body["refresh_token"]).not.toBe(own.refresh_token);
  expect((await call(proxy.url, String(body["access_token"]), "who_am_i")).status).toBe(200);
});

test("check 30: a refresh token whose successor was used is refused, and ends the sign-in", async () => {
  const own = await signIn(proxy.origin, ann, client);
  const refresh = async (token: string) =>
    await askToken(proxy.origin, client, { grant_type: "refresh_token", refresh_token: token });
  const second = await refresh(own.refresh_token);
  const third = await refresh(String(second.body["refresh_token"]));
  expect(third.status).toBe(200);
  expect(await refresh(own.refresh_token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect((await refresh(String(third.body["refresh_token"]))).status).toBe(400);
  expect((await call(proxy.url, String(third.body["access_token"]), "who_am_i")).status).toBe(401);
});

test("registration answers JSON, and gives a public client no secret", async () => {
  const { status, body } = await register(proxy.origin, {
    redirect_uris: [REDIRECT],
    token_endpoint_auth_method: "none",
  });
  expect(status).toBe(201);
  expect(body["client_secret"]).toBeUndefined();
});
