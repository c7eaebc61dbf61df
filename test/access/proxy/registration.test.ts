import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "./fixture/browser.ts";
import { askToken, authorizationUrl, consentTo, register, signIn } from "./fixture/oauth.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

let proxy: Proxy;
beforeAll(async () => {
  proxy = await serveProxy({
    access: {
      clients: [
        {
          clientId: "pasted-id",
          clientSecret: "pasted-secret-of-an-operator",
          redirectUris: ["https://claude.ai/api/mcp/auth_callback"],
        },
        { clientId: "pasted-public", redirectUris: ["http://127.0.0.1/callback"] },
      ],
    },
  });
});
afterAll(async () => await proxy.close());

const VS_CODE = [
  "http://127.0.0.1:33418/",
  "http://127.0.0.1/",
  "https://vscode.dev/redirect",
  "https://insiders.vscode.dev/redirect",
];
const CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback";

/** The corpus of security.md §5.3, and what is near it. */
const CORPUS: readonly {
  readonly what: string;
  readonly redirect_uris: readonly string[];
  readonly type?: string;
  readonly want: number;
  readonly becomes?: string;
}[] = [
  { what: "VS Code, native", redirect_uris: VS_CODE, type: "native", want: 201, becomes: "native" },
  { what: "VS Code without application_type", redirect_uris: VS_CODE, want: 201, becomes: "native" },
  { what: "Cursor's own scheme, native", redirect_uris: [CURSOR], type: "native", want: 201, becomes: "native" },
  {
    what: "Cursor's own scheme without a type is native by its scheme",
    redirect_uris: [CURSOR],
    want: 201,
    becomes: "native",
  },
  { what: "Cursor's own scheme that says web", redirect_uris: [CURSOR], type: "web", want: 400 },
  { what: "Cursor on loopback", redirect_uris: ["http://localhost:8787/callback"], want: 201, becomes: "native" },
  {
    what: "Cursor on the web",
    redirect_uris: ["https://www.cursor.com/agents/mcp/oauth/callback"],
    want: 201,
    becomes: "web",
  },
  {
    what: "Claude",
    redirect_uris: ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
    want: 201,
    becomes: "web",
  },
  {
    what: "Copilot Studio, a URI of this connection",
    redirect_uris: ["https://global.consent.azure-apim.net/redirect/cr1a2-5facme-5f9c1"],
    want: 201,
    becomes: "web",
  },
  { what: "IPv6 loopback", redirect_uris: ["http://[::1]:7777/cb"], want: 201, becomes: "native" },
  { what: "javascript:", redirect_uris: ["javascript:alert(1)"], want: 400 },
  { what: "javascript: that says native", redirect_uris: ["javascript:alert(1)"], type: "native", want: 400 },
  { what: "data:", redirect_uris: ["data:text/html,x"], want: 400 },
  { what: "data: that says native", redirect_uris: ["data:text/html,x"], type: "native", want: 400 },
  { what: "file:", redirect_uris: ["file:///etc/passwd"], type: "native", want: 400 },
  { what: "http on another host (pitfall *)", redirect_uris: ["http://evil.example/cb"], want: 400 },
  {
    what: "http on another host beside a good one",
    redirect_uris: ["https://good.example/cb", "http://evil.example/cb"],
    want: 400,
  },
  { what: "a host that only looks like loopback", redirect_uris: ["http://127.0.0.1.evil.example/cb"], want: 400 },
  { what: "localhost as a part of a name", redirect_uris: ["http://localhost.evil.example/cb"], want: 400 },
  { what: "a fragment", redirect_uris: ["https://good.example/cb#x"], want: 400 },
  { what: "a user name", redirect_uris: ["https://good.example@evil.example/cb"], want: 400 },
  { what: "no URI at all", redirect_uris: [], want: 400 },
  { what: "something that is none", redirect_uris: ["callback"], want: 400 },
  { what: "too many", redirect_uris: Array.from({ length: 21 }, (_, i) => `https://good.example/${i}`), want: 400 },
];

describe("registration policy (RFC 7591, T34)", () => {
  test.each(CORPUS)("$what → $want", async ({ redirect_uris, type, want, becomes }) => {
    const { status, body } = await register(proxy.origin, {
      client_name: "A client",
      redirect_uris,
      token_endpoint_auth_method: "none",
      ...(type !== undefined && { application_type: type }),
    });
    expect(status).toBe(want);
    if (becomes !== undefined) expect(body["application_type"]).toBe(becomes);
    if (want === 400) expect(String(body["error"])).toMatch(/^invalid_(?:client_metadata|redirect_uri)$/);
  });

  test("scopes that are not ours do no harm: people grant scopes, a registration does not (pitfall *)", async () => {
    const { status, body } = await register(proxy.origin, {
      redirect_uris: ["http://localhost:1/cb"],
      scope: "openid profile offline_access read",
    });
    expect(status).toBe(201);
    expect(body["scope"]).toBeUndefined();
  });

  test("what is no JSON → 400", async () => {
    const response = await fetch(`${proxy.origin}/oauth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(response.status).toBe(400);
  });
});

describe("loopback ports vary, nothing else does (RFC 8252 §7.3, pitfall *)", () => {
  test.each([
    ["http://127.0.0.1:59656/", 200],
    ["http://127.0.0.1:33418/", 200],
    ["http://localhost:59656/", 400],
    ["http://127.0.0.1:59656/other", 400],
    ["https://127.0.0.1:59656/", 400],
  ])("%s → %i", async (redirect_uri, want) => {
    const { body } = await register(proxy.origin, { redirect_uris: VS_CODE, token_endpoint_auth_method: "none" });
    const client = { client_id: String(body["client_id"]), redirectUri: redirect_uri };
    const page = await openBrowser().visit((await authorizationUrl(proxy.origin, client)).url);
    expect(page.status).toBe(want);
  });

  test("a client on the web is held to its exact URI", async () => {
    const { body } = await register(proxy.origin, {
      redirect_uris: ["https://good.example/cb"],
      token_endpoint_auth_method: "none",
    });
    for (const redirectUri of [
      "https://good.example/cb/",
      "https://good.example:444/cb",
      "https://good.example/cb?x=1",
      "https://GOOD.example/cb2",
    ]) {
      const { url } = await authorizationUrl(proxy.origin, { client_id: String(body["client_id"]), redirectUri });
      expect((await openBrowser().visit(url)).status, redirectUri).toBe(400);
    }
  });
});

describe("clients that an operator knows", () => {
  const pasted = {
    client_id: "pasted-id",
    client_secret: "pasted-secret-of-an-operator",
    redirectUri: "https://claude.ai/api/mcp/auth_callback",
  };
  const person = () => openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });

  test("an id and a secret, shown in the body", async () => {
    expect((await signIn(proxy.origin, person(), pasted)).scope).toBe("read write");
  });

  test("an id and a secret, shown as Basic", async () => {
    const { url, verifier } = await authorizationUrl(proxy.origin, pasted);
    const code = (await consentTo(person(), url, pasted)).searchParams.get("code") ?? "";
    const response = await fetch(`${proxy.origin}/oauth/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${pasted.client_id}:${pasted.client_secret}`).toString("base64")}`,
      },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        code_verifier: verifier,
        redirect_uri: pasted.redirectUri,
      }),
    });
    expect(response.status).toBe(200);
  });

  test.each(["", "wrong-secret-of-an-operator"])("the secret %j → 401", async (client_secret) => {
    const { url, verifier } = await authorizationUrl(proxy.origin, pasted);
    const code = (await consentTo(person(), url, pasted)).searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: pasted.redirectUri };
    const { status, body } = await askToken(proxy.origin, { ...pasted, client_secret }, form);
    expect([status, body["error"]]).toEqual([401, "invalid_client"]);
  });

  test("a secret does not stand in for PKCE", async () => {
    const { url } = await authorizationUrl(proxy.origin, pasted, {
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    const end = await openBrowser().visit(url, {}, (there) => there.host === "claude.ai");
    expect(end.url.searchParams.get("error")).toBe("invalid_request");
  });

  test("a public one on loopback, at any port", async () => {
    const client = { client_id: "pasted-public", redirectUri: "http://127.0.0.1:50123/callback" };
    expect((await signIn(proxy.origin, person(), client)).scope).toBe("read write");
  });
});

describe("scopes", () => {
  const client = { client_id: "pasted-public", redirectUri: "http://127.0.0.1:50123/callback" };
  test.each([
    ["none are named: all that the person agrees to", undefined, "read write"],
    ["others beside ours are left out", "openid offline_access read", "read"],
    ["only others: what a first sign-in asks for", "openid profile", "read"],
  ])("%s", async (_what, scope, want) => {
    const tokens = await signIn(proxy.origin, openBrowser({ issuer: proxy.vendor.issuer, person: "ann" }), client, {
      scope,
    });
    expect(tokens.scope).toBe(want);
    const { status, body } = await askToken(proxy.origin, client, {
      grant_type: "refresh_token",
      refresh_token: tokens.refresh_token,
    });
    expect([status, body["scope"]]).toEqual([200, want]); // not more than was agreed to, later either
  });

  test("without a resource the token is for the MCP URL", async () => {
    const tokens = await signIn(proxy.origin, openBrowser({ issuer: proxy.vendor.issuer, person: "ann" }), client, {
      resource: undefined,
    });
    const claims: unknown = JSON.parse(Buffer.from(tokens.access_token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ aud: `${proxy.origin}/mcp` });
  });
});
