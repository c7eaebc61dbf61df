import { statSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { knownTo, revokeKnown } from "../../../src/runtime/access/known.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { type Browser, openBrowser, tokenIn } from "./fixture/browser.ts";
import {
  askToken,
  authorizationUrl,
  call,
  publicClient,
  type RawClient,
  signIn,
  type Tokens,
} from "./fixture/oauth.ts";
import { connectV1, connectV2, oauthMemory } from "./fixture/sdk-clients.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

let proxy: Proxy;
let client: RawClient;
let ann: Browser;
let tokens: Tokens;
beforeEach(async () => {
  proxy = await serveProxy();
  client = await publicClient(proxy.origin);
  ann = openBrowser({ issuer: proxy.vendor.issuer, person: "ann" });
  tokens = await signIn(proxy.origin, ann, client);
});
afterEach(async () => await proxy.close());

const status = async (given: Tokens) => (await call(proxy.url, given.access_token, "who_am_i")).status;
const refresh = async (token: string) =>
  await askToken(proxy.origin, client, { grant_type: "refresh_token", refresh_token: token });
const vault = () => openVault({ stateDirectory: proxy.stateDirectory, environment: {} }).vault;

describe("a restart", () => {
  async function restart(): Promise<Proxy> {
    await proxy.stop();
    const { vendor, stateDirectory, url } = proxy;
    const after = await serveProxy({ vendor, stateDirectory, port: Number(new URL(url).port) });
    for (let i = 0; i < 10; i += 1) await fetch(`${after.origin}/livez`).catch(() => undefined); // connections to the one before
    return after;
  }

  test("keeps people signed in: access token, refresh token, registration and vendor token hold", async () => {
    const after = await restart();
    try {
      expect((await call(after.url, tokens.access_token, "who_am_i")).body.result?.structuredContent).toEqual({
        person: "ann",
      });
      expect((await refresh(tokens.refresh_token)).status).toBe(200);
      expect((await signIn(after.origin, ann, client))["token_type"]).toBe("Bearer");
    } finally {
      await after.stop();
    }
  });

  test("in the middle of a sign-in does not end it", async () => {
    const { url, verifier } = await authorizationUrl(proxy.origin, client);
    const page = await ann.visit(url);
    const after = await restart();
    try {
      const end = await ann.answer(page, "allow", (there) => there.port === "8787");
      const code = end.url.searchParams.get("code") ?? "";
      const form = {
        grant_type: "authorization_code",
        code,
        code_verifier: verifier,
        redirect_uri: client.redirectUri,
      };
      expect((await askToken(after.origin, client, form)).body).toMatchObject({
        token_type: "Bearer",
        scope: "read write",
      });
    } finally {
      await after.stop();
    }
  });
});

describe("a client that races itself on refresh (§5.2)", () => {
  test("ten refreshes at once all go through, and each answer goes on", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await refresh(tokens.refresh_token)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
    const nexts = await Promise.all(answers.map(async ({ body }) => await refresh(String(body["refresh_token"]))));
    expect(nexts.every((answer) => answer.status === 200)).toBe(true);
    expect(await status(tokens)).toBe(200);
  });

  test("an answer that got lost: the old token holds until the new one is used", async () => {
    const lost = await refresh(tokens.refresh_token);
    expect(lost.status).toBe(200);
    const again = await refresh(tokens.refresh_token);
    expect(again.status).toBe(200);
    expect((await refresh(String(again.body["refresh_token"]))).status).toBe(200);
    expect(await refresh(tokens.refresh_token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("but not longer than a minute", async () => {
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
    const [{ id, value }] = (await vault().list("acme.rotation")) as [
      { id: string; value: { rotation: number; since: number } },
    ];
    await vault().set("acme.rotation", id, { ...value, since: value.since - 61_000 });
    expect(await refresh(tokens.refresh_token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test.each([
    ["SDK v2", connectV2],
    ["SDK v1", connectV1],
  ])("%s with an expired token makes several calls at once, and survives", async (_kind, connect) => {
    const memory = oauthMemory(ann);
    const connected = await connect(proxy.url, ann, memory);
    const kept = memory.kept.tokens as Tokens;
    memory.kept.tokens = { ...kept, access_token: `${kept.access_token.slice(0, -8)}AAAAAAAA` };
    const asked = memory.kept.asked.length;
    const answers = await Promise.all([1, 2, 3, 4].map(async () => await connected.callTool({ name: "who_am_i" })));
    expect(answers.every(({ content }) => content[0]?.text?.includes("ann"))).toBe(true);
    expect(memory.kept.asked).toHaveLength(asked); // nobody had to sign in again
    await connected.close();
  });
});

describe("an end", () => {
  test("revocation of the refresh token ends the access token from the next call on (RFC 7009)", async () => {
    const response = await fetch(`${proxy.origin}/oauth/revoke`, {
      method: "POST",
      body: new URLSearchParams({ token: tokens.refresh_token, client_id: client.client_id }),
    });
    expect(response.status).toBe(200);
    expect(await status(tokens)).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });

  test("a client cannot revoke another's", async () => {
    const other = await publicClient(proxy.origin, "http://localhost:9999/callback");
    await fetch(`${proxy.origin}/oauth/revoke`, {
      method: "POST",
      body: new URLSearchParams({ token: tokens.refresh_token, client_id: other.client_id }),
    });
    expect(await status(tokens)).toBe(200);
  });

  test("toolwright clients: lists people by a hash and clients by name; revoking a sign-in ends it and no other", async () => {
    const bob = await signIn(proxy.origin, openBrowser({ issuer: proxy.vendor.issuer, person: "bob" }), client);
    const known = await knownTo(vault(), "acme");
    expect(known.clients).toMatchObject([
      { id: client.client_id, name: "Test client", places: ["a program on this computer (localhost)"] },
    ]);
    expect(known.signIns).toHaveLength(2);
    expect(JSON.stringify(known)).not.toMatch(/ann|bob|vendor-/);
    const annsGrant = JSON.parse(Buffer.from(tokens.access_token.split(".")[1] ?? "", "base64url").toString()) as {
      grant_id: string;
    };
    expect(await revokeKnown(vault(), "acme", annsGrant.grant_id.slice(0, 12))).toEqual({
      clients: 0,
      signIns: 1,
      accounts: 0,
    });
    expect([await status(tokens), await status(bob)]).toEqual([401, 200]);
    expect(await vault().list("acme.person")).toHaveLength(1); // her vendor tokens went with it
  });

  test("revoking a client ends its registration and all that it was given, while the server runs", async () => {
    expect(await revokeKnown(vault(), "acme", client.client_id)).toEqual({ clients: 1, signIns: 1, accounts: 0 });
    expect(await status(tokens)).toBe(401);
    expect((await ann.visit((await authorizationUrl(proxy.origin, client)).url)).status).toBe(400);
    expect(await revokeKnown(vault(), "acme", client.client_id)).toEqual({ clients: 0, signIns: 0, accounts: 0 });
  });

  test("a person disconnects on a page of this server, in the browser that connected", async () => {
    const page = await ann.visit(`${proxy.origin}/oauth/disconnect`);
    expect(page.body).toContain("Test client");
    const id = /name="id" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const send = async (browser: Browser, token: string) =>
      await browser.visit(`${proxy.origin}/oauth/disconnect`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", origin: proxy.origin },
        body: new URLSearchParams({ token, id }).toString(),
      });
    expect((await send(ann, "forged")).status).toBe(403);
    const stranger = openBrowser();
    const theirs = await stranger.visit(`${proxy.origin}/oauth/disconnect`);
    expect(theirs.body).not.toContain("Test client");
    expect((await send(stranger, tokenIn(theirs))).status).toBe(403); // it has no form, so no token
    expect(await status(tokens)).toBe(200);
    expect((await send(ann, tokenIn(page))).status).toBe(200);
    expect(await status(tokens)).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });
});

test("T40 what lies in the state directory is sealed, and for its owner alone", () => {
  const files = readdirSync(proxy.stateDirectory, { recursive: true, encoding: "utf8" });
  const texts = files
    .map((name) => join(proxy.stateDirectory, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 }));
  expect(texts.length).toBeGreaterThan(5);
  for (const { path, text, mode } of texts) {
    expect(mode, path).toBe(0o600);
    for (const secret of [
      "vendor-access",
      "vendor-refresh",
      "ann",
      "Test client",
      tokens.refresh_token,
      client.client_id,
    ]) {
      if (!path.endsWith("secret")) expect(text, path).not.toContain(secret);
      expect(path).not.toContain(secret === "ann" ? "vendor" : secret);
    }
  }
  for (const name of files.filter((one) => statSync(join(proxy.stateDirectory, one)).isDirectory())) {
    expect(statSync(join(proxy.stateDirectory, name)).mode & 0o777, name).toBe(0o700);
  }
});
