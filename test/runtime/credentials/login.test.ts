import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "oidc-provider";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OAuth2 } from "../../../src/definition/api.ts";
import type { Held } from "../../../src/runtime/credentials/held.ts";
import { login, logout } from "../../../src/runtime/credentials/login.ts";
import type { Deployment } from "../../../src/runtime/deployment.ts";
import { callWith, deployAt, stateDirectory } from "./deploy.ts";

/** The certified authorization server, with an API behind it: whoever shows a token that it knows may read. */
let server: Server;
let url: string;
let provider: Provider;
const authorizations: URL[] = [];

beforeAll(async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined); // it does not like Node 20, and tells of its development keys
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  server = createServer(
    (request, response) =>
      void answer(request.url ?? "", request.headers.authorization, () => provider.callback()(request, response)).then(
        (status) => {
          if (status !== undefined)
            response.writeHead(status, { "content-type": "application/json" }).end('{"data":{"ok":true}}');
        },
      ),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = new Provider(url, {
    clients: [
      client("confidential", { client_secret: "s3cret-of-client", token_endpoint_auth_method: "client_secret_post" }),
      client("basic", { client_secret: "s3cret-of-client", token_endpoint_auth_method: "client_secret_basic" }),
      client("public", { token_endpoint_auth_method: "none" }),
    ],
    pkce: { required: () => true },
    scopes: ["openid", "offline_access", "all:standard"],
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: { AccessToken: 3600, RefreshToken: 86_400, Grant: 86_400, Interaction: 600, Session: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  vi.restoreAllMocks();
});

/** What the API says to the token that a login came to. */
async function mayRead({ values }: Held): Promise<number> {
  return (await fetch(`${url}/things`, { headers: { authorization: `Bearer ${values["accessToken"]}` } })).status;
}

function client(id: string, more: object) {
  return {
    client_id: id,
    redirect_uris: ["http://127.0.0.1/callback"],
    application_type: "native" as const,
    grant_types: ["authorization_code", "refresh_token"],
    ...more,
  };
}

async function answer(
  path: string,
  authorization: string | undefined,
  rest: () => Promise<void>,
): Promise<number | undefined> {
  if (path.startsWith("/auth?")) authorizations.push(new URL(path, url));
  if (!path.startsWith("/things")) {
    await rest();
    return undefined;
  }
  const token = await provider.AccessToken.find(authorization?.replace(/^Bearer /, "") ?? "");
  return token?.isValid === true ? 200 : 401;
}

function deployment(oauth2: Partial<OAuth2> = {}, directory: string = stateDirectory()): Deployment {
  return deployAt(url, {
    stateDirectory: directory,
    oauth2: {
      tokenUrl: "/token",
      authorizationUrl: "/auth",
      revocationUrl: "/token/revocation",
      scope: "openid offline_access all:standard",
      clientId: "confidential",
      parameters: { prompt: "consent" },
      ...oauth2,
    },
  });
}

/** What a person does in a browser: signs in, consents, and is sent back. */
async function browse(start: string): Promise<void> {
  const jar = new Map<string, string>();
  let next = start;
  let form: URLSearchParams | undefined;
  for (let hop = 0; hop < 20; hop++) {
    const response = await fetch(next, {
      method: form ? "POST" : "GET",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      redirect: "manual",
      ...(form && { body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get("location");
    form = undefined;
    if (location !== null) {
      next = new URL(location, next).href;
      continue;
    }
    const page = await response.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) return; // the last page is ours
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? "";
    form = new URLSearchParams({ prompt, login: "ada", password: "x" });
    next = new URL(action, next).href;
  }
  throw new Error("the browser went round in circles");
}

/** Signs in, the person acting as told. */
async function signIn(
  to: Deployment,
  person: (where: { url: string; redirectUri: string }) => Promise<unknown>,
  ms = 10_000,
) {
  let acting: Promise<unknown> = Promise.resolve();
  const held = await login(to, "oauth", {
    port: 0,
    signal: AbortSignal.timeout(ms),
    show: (where) => void (acting = person(where)),
  });
  await acting;
  return held;
}

test.each([
  ["a secret in the body", { clientId: "confidential" }],
  ["a secret in the header", { clientId: "basic", clientAuthentication: "client_secret_basic" }],
  ["no secret", { clientId: "public", clientSecret: "" }],
] as const)(
  "a person signs in through the browser, with %s; the tokens work, are renewed and given back",
  async (_, oauth2) => {
    const directory = stateDirectory();
    const running = deployment(oauth2, directory);
    const held = await signIn(running, async ({ url: page }) => await browse(page));
    expect(Object.keys(held.values).sort()).toEqual(["accessToken", "refreshToken"]);
    expect(held.expiresAt).toBeGreaterThan(Date.now() + 3_000_000);
    expect((await callWith(deployment(oauth2, directory))).body).toEqual({ data: { ok: true } });

    const token = await provider.AccessToken.find(held.values["accessToken"] ?? "");
    await token?.destroy();
    expect((await callWith(running)).status).toBe(200); // after a refresh, which rotated

    expect(await logout(running, "oauth")).toEqual({ removed: true, revoked: true });
    expect(readdirSync(join(directory, "credentials"))).toEqual([]);
    await expect(callWith(running)).rejects.toMatchObject({ code: "reauthorize" });
  },
);

test("the vendor's page is asked for with PKCE S256, a state, and the further parameters", async () => {
  authorizations.length = 0;
  await signIn(deployment(), async ({ url: page }) => await browse(page));
  const query = Object.fromEntries(authorizations[0]?.searchParams ?? []);
  expect(query).toMatchObject({
    response_type: "code",
    client_id: "confidential",
    code_challenge_method: "S256",
    scope: "openid offline_access all:standard",
    prompt: "consent",
  });
  expect(query["redirect_uri"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  expect(query["code_challenge"]).toMatch(/^[\w-]{43}$/);
  expect(query["state"]).toMatch(/^[\w-]{43}$/); // 32 bytes
});

/** Answers the redirect by hand. */
async function comeBack(redirectUri: string, query: Readonly<Record<string, string>>) {
  const target = new URL(redirectUri);
  target.search = new URLSearchParams(query).toString();
  const response = await fetch(target);
  return { status: response.status, page: await response.text(), headers: response.headers };
}

test("T34 an answer with another state is refused and changes nothing; the person's own is still waited for", async () => {
  const pages: number[] = [];
  const held = await signIn(deployment(), async ({ url: page, redirectUri }) => {
    for (const query of [
      { code: "stolen", state: "wrong" },
      { code: "stolen" },
      { error: "access_denied", state: "x" },
    ]) {
      pages.push((await comeBack(redirectUri, query)).status);
    }
    await browse(page);
  });
  expect(pages).toEqual([400, 400, 400]);
  expect(await mayRead(held)).toBe(200);
});

test("T34 the answer of another server is refused by its iss, and its code is sent nowhere", async () => {
  const directory = stateDirectory();
  const problem = signIn(deployment({}, directory), async ({ url: page, redirectUri }) => {
    const state = new URL(page).searchParams.get("state") ?? "";
    await comeBack(redirectUri, { code: "canary", state, iss: "https://evil.example" });
  });
  await expect(problem).rejects.toMatchObject({
    code: "invalid_response",
    message: "Acme gave no token: the answer came from somebody else (iss).",
  });
});

test("a name of the vendor's in tools.yaml is what iss must say", async () => {
  const held = await signIn(deployment({ issuer: url }), async ({ url: page }) => await browse(page));
  expect(await mayRead(held)).toBe(200);
  const wrong = signIn(deployment({ issuer: `${url}/other` }), async ({ url: page }) => await browse(page));
  await expect(wrong).rejects.toMatchObject({ code: "invalid_response" });
});

test("a person who says no, and one who never comes back, are told apart", async () => {
  const no = signIn(deployment(), async ({ url: page, redirectUri }) => {
    const state = new URL(page).searchParams.get("state") ?? "";
    const { page: shown } = await comeBack(redirectUri, {
      error: "access_denied",
      error_description: "<b>CANARY</b>",
      state,
      iss: url,
    });
    expect(shown).not.toContain("CANARY");
  });
  await expect(no).rejects.toMatchObject({
    code: "reauthorize",
    message: "Acme did not sign this server in (access_denied).",
  });
  await expect(signIn(deployment(), async () => undefined, 100)).rejects.toMatchObject({ name: "TimeoutError" });
});

test("a page that is no answer, and one by another host's name, find nothing", async () => {
  await signIn(deployment(), async ({ url: page, redirectUri }) => {
    const { status, headers } = await comeBack(redirectUri.replace("/callback", "/"), {});
    expect(status).toBe(404);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    const { request } = await import("node:http");
    const rebound = await new Promise<number | undefined>((resolve) => {
      request(redirectUri, { headers: { host: "evil.example" } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(rebound).toBe(404);
    await browse(page);
  });
});
