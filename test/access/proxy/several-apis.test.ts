import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDeployment } from "../../../src/runtime/load/deployment.ts";
import { narrow } from "../../../src/runtime/load/narrow.ts";
import { knownTo, revokeKnown } from "../../../src/runtime/access/known.ts";
import { type HttpServing, serveHttp } from "../../../src/runtime/serve/http.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { ENVIRONMENT, ticketsApi } from "./fixture/api.ts";
import { openBrowser } from "./fixture/browser.ts";
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
  signIn,
  type Tokens,
} from "./fixture/oauth.ts";
import { connectV1, connectV2, oauthMemory } from "./fixture/sdk-clients.ts";
import { startVendor, type Vendor } from "./fixture/vendor.ts";

/** Two vendors behind one server: each API is a resource of its own, with an authorization server of its own, and sees its own people. */
const NAMES = ["acme", "bolt"] as const;
type Name = (typeof NAMES)[number];
const PEOPLE: Readonly<Record<Name, string>> = { acme: "ann", bolt: "bob" };
let vendors: Readonly<Record<Name, Vendor>>;
let serving: HttpServing;
let stateDirectory: string;
/** Where each API's authorization server and MCP endpoint are. */
let at: Readonly<Record<Name, string>>;
/** One person's browser, signed in at both vendors under different names. */
let browser: ReturnType<typeof openBrowser>;
let clients: Readonly<Record<Name, RawClient>>;
let tokens: Readonly<Record<Name, Tokens>>;

beforeAll(async () => {
  vendors = { acme: await startVendor(), bolt: await startVendor({ identity: true }) };
  stateDirectory = mkdtempSync(join(tmpdir(), "toolwright-several-"));
  const deployments = NAMES.map((name) =>
    createDeployment({
      api: ticketsApi(vendors[name], {}, name === "bolt" ? "openid tickets" : undefined, name),
      mode: "live",
      environment: ENVIRONMENT,
      accessEnvironment: ENVIRONMENT,
      stateDirectory,
    }),
  );
  serving = await serveHttp({ apis: narrow(deployments), version: "1.2.3", port: 0, environment: ENVIRONMENT });
  const origin = new URL(serving.url).origin;
  at = { acme: `${origin}/mcp/acme`, bolt: `${origin}/mcp/bolt` };
  browser = openBrowser(...NAMES.map((name) => ({ issuer: vendors[name].issuer, person: PEOPLE[name] })));
  clients = { acme: await publicClient(at.acme), bolt: await publicClient(at.bolt) };
  tokens = { acme: await tokenOf("acme"), bolt: await tokenOf("bolt") };
});
afterAll(async () => {
  await serving.close();
  await Promise.all(NAMES.map(async (name) => await vendors[name].close()));
  rmSync(stateDirectory, { recursive: true, force: true });
});

/** A token for an API: its resource is the endpoint itself. */
const tokenOf = async (name: Name) => await signIn(at[name], browser, clients[name], { resource: at[name] });
const other = (name: Name): Name => (name === "acme" ? "bolt" : "acme");

describe.each(NAMES)("%s of two", (name) => {
  test("has metadata of its own, whichever way they are asked for, and its endpoints are under its path", async () => {
    const { origin, pathname } = new URL(at[name]);
    const metadata = await metadataOf(at[name]);
    expect(metadata.issuer).toBe(at[name]);
    for (const url of [metadata.authorization_endpoint, metadata.token_endpoint, metadata.registration_endpoint])
      expect(url).toMatch(new RegExp(`^${at[name]}/oauth/`));
    for (const document of ["oauth-authorization-server", "openid-configuration"]) {
      const inserted = await fetch(`${origin}/.well-known/${document}${pathname}`);
      expect(await inserted.json()).toEqual(metadata);
    }
    const resource = await fetch(`${origin}/.well-known/oauth-protected-resource${pathname}`);
    expect(await resource.json()).toMatchObject({ resource: at[name], authorization_servers: [at[name]] });
    const challenge = await call(at[name], undefined, "who_am_i");
    expect([challenge.status, challenge.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining(`${origin}/.well-known/oauth-protected-resource${pathname}`),
    ]);
  });

  test("its token is for it alone (RFC 8707): the other API refuses it, and its vendor sees nothing", async () => {
    expect(decodeJwt(tokens[name].access_token)).toMatchObject({ aud: at[name], iss: at[name] });
    const before = vendors[other(name)].calls.length;
    const refused = await call(at[other(name)], tokens[name].access_token, "who_am_i");
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    expect(vendors[other(name)].calls).toHaveLength(before);
  });

  test("a token for the other's resource is not to be had here", async () => {
    const { url } = await authorizationUrl(at[name], clients[name], { resource: at[other(name)] });
    const end = await browser.visit(url, {}, (there) => isBack(there, REDIRECT));
    expect(end.url.searchParams.get("error")).toBe("invalid_target");
  });

  test("T29 its calls go to its own vendor, as its own person, with a token of that vendor's", async () => {
    const [own, foreign] = [vendors[name], vendors[other(name)]];
    const [before, elsewhere] = [own.calls.length, foreign.calls.length];
    const answer = await call(at[name], tokens[name].access_token, "who_am_i");
    expect(answer.body.result?.structuredContent).toEqual({ person: PEOPLE[name] });
    expect(own.calls.slice(before).map(({ person }) => person)).toEqual([PEOPLE[name]]);
    expect(foreign.calls).toHaveLength(elsewhere);
    const shown = own.calls.at(-1)?.headers.authorization?.replace("Bearer ", "") ?? "";
    expect(own.accessOf(PEOPLE[name])).toContain(shown);
    expect(foreign.accessOf(PEOPLE[other(name)])).not.toContain(shown);
  });

  test("without a resource a token is for this API", async () => {
    const plain = await signIn(at[name], browser, clients[name], { resource: undefined });
    expect(decodeJwt(plain.access_token).aud).toBe(at[name]);
  });

  test("its clients, codes and refresh tokens are unknown to the other", async () => {
    const there = at[other(name)];
    const { url } = await authorizationUrl(there, clients[name], { resource: there });
    expect((await browser.visit(url)).status).toBe(400);
    const form = { grant_type: "refresh_token", refresh_token: tokens[name].refresh_token };
    const byStranger = await askToken(there, clients[name], form);
    expect([byStranger.status, byStranger.body["error"]]).toEqual([401, "invalid_client"]);
    const byItsOwn = await askToken(there, clients[other(name)], form);
    expect([byItsOwn.status, byItsOwn.body["error"]]).toEqual([400, "invalid_grant"]);
    const begun = await authorizationUrl(at[name], clients[name], { resource: at[name] });
    const code = (await consentTo(browser, begun.url, clients[name])).searchParams.get("code") ?? "";
    const traded = { grant_type: "authorization_code", code, code_verifier: begun.verifier, redirect_uri: REDIRECT };
    expect((await askToken(there, clients[other(name)], traded)).body["error"]).toBe("invalid_grant");
    expect((await askToken(at[name], clients[name], traded)).status).toBe(200);
  });

  test.each([
    ["SDK v2", connectV2],
    ["SDK v1", connectV1],
  ])("%s finds its way from the URL alone", async (_kind, connect) => {
    const connected = await connect(at[name], browser, oauthMemory(browser));
    const { content } = await connected.callTool({ name: "who_am_i" });
    expect(content[0]?.text).toContain(PEOPLE[name]);
    await connected.close();
  });
});

test("at the root, where no API is named, there are no metadata", async () => {
  const { origin } = new URL(at.acme);
  for (const document of ["oauth-protected-resource", "oauth-authorization-server", "openid-configuration"]) {
    const answer = await fetch(`${origin}/.well-known/${document}`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/json"]);
  }
});

test("two sign-ins at once in one browser, one at each vendor, do not meet", async () => {
  const begun = await Promise.all(
    NAMES.map(async (name) => ({ name, ...(await authorizationUrl(at[name], clients[name], { resource: at[name] })) })),
  );
  const pages = [];
  for (const one of begun) pages.push({ ...one, page: await browser.visit(one.url) });
  for (const { name, page, verifier, state } of pages.toReversed()) {
    expect(page.body).toContain(name === "acme" ? "wants to use Acme as you" : "wants to use Bolt as you");
    const end = await browser.answer(page, "allow", (there) => isBack(there, REDIRECT));
    expect(end.url.searchParams.get("state")).toBe(state);
    expect(end.url.searchParams.get("iss")).toBe(at[name]);
    const code = end.url.searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: REDIRECT };
    const { body } = await askToken(at[name], clients[name], form);
    const answer = await call(at[name], String(body["access_token"]), "who_am_i");
    expect(answer.body.result?.structuredContent).toEqual({ person: PEOPLE[name] });
  }
});

test("T34 the answer of one vendor is not taken at the callback of the other", async () => {
  const { url } = await authorizationUrl(at.acme, clients.acme, { resource: at.acme });
  const page = await browser.visit(url);
  const back = await browser.answer(page, "allow", ({ pathname }) => pathname.endsWith("/oauth/callback"));
  expect(back.url.pathname).toBe("/mcp/acme/oauth/callback");
  const crossed = await browser.visit(`${at.bolt}/oauth/callback${back.url.search}`);
  expect([crossed.status, crossed.body.includes("This sign-in is over, or was never begun here.")]).toEqual([
    400,
    true,
  ]);
});

test("toolwright clients tells them apart; ending a sign-in at one leaves the other", async () => {
  const { vault } = openVault({ stateDirectory, environment: {} });
  const mine = await tokenOf("acme");
  const grant = String(decodeJwt(mine.access_token)["grant_id"]).slice(0, 12);
  expect((await knownTo(vault, "bolt")).signIns.map(({ id }) => id)).not.toContain(grant);
  expect(await revokeKnown(vault, "bolt", grant)).toEqual({ clients: 0, signIns: 0, accounts: 0 });
  expect(await revokeKnown(vault, "acme", grant)).toEqual({ clients: 0, signIns: 1, accounts: 0 });
  expect((await call(at.acme, mine.access_token, "who_am_i")).status).toBe(401);
  expect((await call(at.bolt, tokens.bolt.access_token, "who_am_i")).status).toBe(200);
});
