import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { personKey } from "../../../src/runtime/access/caller-key.ts";
import { knownTo, revokeKnown } from "../../../src/runtime/access/known.ts";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { type Browser, openBrowser, type Page, tokenIn } from "../proxy/fixture/browser.ts";
import { OWN_KEY, serveDoor } from "./fixture/door.ts";
import { issuerAccess, SIGN_IN_CLIENT, startIssuer } from "./fixture/issuer.ts";
import { callTool, nameIn, textIn } from "./fixture/rpc.ts";
import { keyOf, nameFor } from "./fixture/vendor.ts";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let door: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  issuer = await startIssuer();
  door = await serve();
});
afterAll(async () => {
  await door.close();
  await issuer.close();
});

async function serve(stateDirectory?: string, environment: Readonly<Record<string, string>> = {}) {
  const { resourceServer, ...access } = issuerAccess("per-person");
  const { introspection: _introspection, ...rest } = resourceServer;
  return await serveDoor({
    access: { ...access, publicUrl: "{$env.PUBLIC_URL:-}", resourceServer: rest },
    environment: { ISSUER: issuer.url, SIGN_IN_SECRET: SIGN_IN_CLIENT.secret, ...environment },
    ...(stateDirectory !== undefined && { stateDirectory }),
  });
}
const as = async (sub: string, at = door) => ({
  authorization: `Bearer ${await issuer.token(at.url, { sub, scope: "read write" })}`,
});
const call = async (sub: string, at = door) => await callTool(at.url, "fetchThing", await as(sub, at));
const linkIn = (text: string) => /http\S+\/connect\/acme\?ticket=[\w-]+/.exec(text)?.[0] ?? "none";
const invited = async (sub: string) => linkIn(textIn(await call(sub)));
/** A browser in which a person is signed in at the issuer. */
const browserOf = (person: string) => openBrowser({ issuer: issuer.url, person });
const nobodysBrowser = () => openBrowser();
/** Sends the form of a page, as a browser does. */
const send = async (
  browser: Browser,
  page: Page,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Page> =>
  await browser.visit(actionOf(page), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ token: tokenIn(page), ...form }).toString(),
  });
const actionOf = ({ body }: Page) => /<form method="post" action="([^"]+)"/.exec(body)?.[1] ?? "none";
const connect = async (sub: string, key: string) => {
  const browser = browserOf(sub);
  return await send(browser, await browser.visit(await invited(sub)), { "credential.key": key });
};

describe("a person connects an account of his own once", () => {
  test("before that a call says how, sends nothing, and never uses the server's own key", async () => {
    const before = door.vendor.seen.length;
    const answer = await call("new");
    expect(answer.json.result).toMatchObject({ isError: true });
    expect(textIn(answer)).toContain("No account of Acme is connected for this person yet.");
    expect(linkIn(textIn(answer))).toContain(`${new URL(door.url).origin}/connect/acme?ticket=`);
    expect(door.vendor.seen.length).toBe(before);
  });

  test("then his calls go with it, and another's with the other's", async () => {
    const [ann, bob] = ["annskey0123456789ann", "bobskey0123456789bob"];
    expect((await connect("ann", ann)).body).toContain("Acme is connected");
    expect((await connect("bob", bob)).body).toContain("Acme is connected");
    const names = await Promise.all(["ann", "bob", "ann", "bob"].map(async (sub) => nameIn(await call(sub))));
    expect(names).toEqual([ann, bob, ann, bob].map(nameFor));
    expect(door.vendor.seen.map(keyOf)).not.toContain(OWN_KEY);
  });

  test("the same person by another client, or of the same name elsewhere, is another (GHSA: bind client, issuer and subject)", async () => {
    await connect("carol", "carolskey0123456789c");
    const headers = {
      authorization: `Bearer ${await issuer.token(door.url, { sub: "carol", client_id: "client-2" })}`,
    };
    expect(textIn(await callTool(door.url, "fetchThing", headers))).toContain("No account of Acme is connected");
  });

  test("it outlasts the server, sealed: neither the key nor the person can be read in the state directory", async () => {
    await connect("dora", "dorascanary0123456789");
    const again = await serve(door.stateDirectory);
    expect(nameIn(await call("dora", again))).toBe(nameFor("dorascanary0123456789"));
    await again.close();
    const files = readdirSync(door.stateDirectory, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const text = readFileSync(join(file.parentPath, file.name), "utf8");
      expect(text).not.toContain("dorascanary");
      expect(`${file.name} ${text}`).not.toMatch(/\bdora\b/);
    }
  });

  test("toolwright clients tells that he did, never what he shows the vendor; what is ended is gone from the next call on", async () => {
    await connect("eve", "eveskey0123456789eve");
    expect(nameIn(await call("eve"))).toBe(nameFor("eveskey0123456789eve"));
    const { vault } = openVault({ stateDirectory: door.stateDirectory, environment: {} });
    const key = personKey(issuer.url, "eve", "client-1");
    const { accounts } = await knownTo(vault, "acme");
    const eves = accounts.filter(({ id }) => key.startsWith(id));
    expect(eves).toEqual([{ id: key.slice(0, 12), credential: "key", since: expect.any(Number) as number }]);
    expect(Date.now() - (eves[0]?.since ?? 0)).toBeLessThan(60_000);
    expect(JSON.stringify(accounts)).not.toMatch(/eveskey|annskey|"eve"|"ann"/);
    expect(await revokeKnown(vault, "acme", key.slice(0, 12))).toEqual({ clients: 0, signIns: 0, accounts: 1 });
    expect(textIn(await call("eve"))).toContain("No account of Acme is connected");
    expect(await revokeKnown(vault, "acme", key.slice(0, 12))).toEqual({ clients: 0, signIns: 0, accounts: 0 });
    expect(nameIn(await call("ann"))).toBe(nameFor("annskey0123456789ann"));
  });

  test("an upstream 401 never becomes ours: the person gets a new link", async () => {
    await connect("fred", "revoked0123456789fre");
    const answer = await call("fred");
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([200, undefined]);
    expect(textIn(answer)).toContain("does not accept the account that was connected");
    const browser = browserOf("fred");
    const page = await browser.visit(linkIn(textIn(answer)));
    expect((await send(browser, page, { action: "disconnect" })).body).toContain("not connected any longer");
    expect(textIn(await call("fred"))).toContain("No account of Acme is connected");
  });
});

describe("T34 a link connects the account of the person whom it is for, and of nobody else (account linking CSRF, session fixation)", () => {
  test("somebody else who is given the link is sent away before anything is asked, and nothing is connected", async () => {
    const link = await invited("mallory");
    const victim = browserOf("victor");
    const page = await victim.visit(link);
    expect(page.status).toBe(403);
    expect(page.body).toContain("This link is for somebody else");
    expect(page.body).not.toMatch(/<form|mallory/);
    expect(textIn(await call("mallory"))).toContain("No account of Acme is connected");
    expect(textIn(await call("victor"))).toContain("No account of Acme is connected");
  });

  test("nor can he be given a page that was opened in the browser of the one whom it is for", async () => {
    const mallory = browserOf("mallory");
    const page = await mallory.visit(await invited("mallory"));
    expect(page.body).toContain("For <strong>mallory</strong>");
    const victim = browserOf("victor");
    await victim.visit(await invited("victor")); // has a cookie of ours
    const sent = await send(victim, page, { "credential.key": "victorskey0123456789" });
    expect([sent.status, sent.body.includes("in the browser that was signed in")]).toEqual([403, true]);
    const forged = await victim.visit(actionOf(page), {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        token: tokenIn(await victim.visit(await invited("victor"))),
        "credential.key": "victorskey0123456789",
      }).toString(),
    });
    expect(forged.status).toBe(403);
    expect(textIn(await call("mallory"))).toContain("No account of Acme is connected");
    // His own form still works for himself.
    expect((await send(mallory, page, { "credential.key": "malloryskey012345678" })).body).toContain(
      "Acme is connected",
    );
  });

  test("nor an answer of the issuer that belongs to another browser (login CSRF), and each is taken once", async () => {
    const oscar = browserOf("oscar");
    const back = await oscar.visit(await invited("oscar"), {}, ({ pathname }) => pathname === "/connect/acme/callback");
    expect(back.url.searchParams.get("code")).toMatch(/^[0-9a-f]{32}$/);
    const victim = browserOf("victor");
    await victim.visit(await invited("victor"));
    const elsewhere = await victim.visit(back.url);
    expect([elsewhere.status, elsewhere.body.includes("in the browser that was signed in")]).toEqual([403, true]);
    expect((await oscar.visit(back.url)).body).toContain("This link does not work");
  });

  test("a person who is not signed in at the issuer gets no form", async () => {
    const page = await nobodysBrowser().visit(await invited("kim"));
    expect([page.status, page.body.includes("You were not signed in")]).toEqual([403, true]);
    expect(page.body).not.toContain("<form");
  });

  test("a token for another server says nothing of who it is: nobody gets a form, and the operator is told why", async () => {
    issuer.changed["aud"] = "https://other.example/mcp";
    try {
      const page = await browserOf("lea").visit(await invited("lea"));
      expect([page.status, page.body.includes("cannot be signed in just now")]).toEqual([503, true]);
    } finally {
      delete issuer.changed["aud"];
    }
    expect(door.lines.at(-1)).toContain("Check access.resource_server.sign_in");
  });

  test("the issuer is asked as any client asks it: code, PKCE S256, for this server; over https the cookie is __Host-", async () => {
    const behind = await serve(undefined, { PUBLIC_URL: "https://mcp.example.com/tools" });
    onTestFinished(async () => await behind.close());
    const headers = {
      authorization: `Bearer ${await issuer.token("https://mcp.example.com/tools/mcp", { sub: "ann", scope: "read" })}`,
    };
    const link = new URL(linkIn(textIn(await callTool(behind.url, "fetchThing", headers))));
    expect(link.origin + link.pathname).toBe("https://mcp.example.com/tools/connect/acme");
    const response = await fetch(`${new URL(behind.url).origin}/connect/acme${link.search}`, { redirect: "manual" });
    expect(response.status).toBe(303);
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-toolwright=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    );
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const asked = new URL(response.headers.get("location") ?? "");
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      response_type: "code",
      client_id: SIGN_IN_CLIENT.id,
      redirect_uri: "https://mcp.example.com/tools/connect/acme/callback",
      scope: "read",
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: "S256",
      resource: "https://mcp.example.com/tools/mcp",
    });
  });
});

describe("the page, and who may use a link", () => {
  test("it says for whom, escapes what it says, runs nothing and stands in no frame", async () => {
    const name = '<img src=x onerror="alert(1)">';
    issuer.changed["sub"] = name;
    onTestFinished(() => void delete issuer.changed["sub"]);
    const page = await browserOf("any").visit(await invited(name));
    expect(page.status).toBe(200);
    expect(page.body).not.toContain("<img");
    expect(page.body).toContain("&lt;img");
    expect(Object.fromEntries(page.headers)).toMatchObject({
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
      "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/) as string,
    });
  });

  test("a link works once", async () => {
    const link = await invited("gina");
    const browser = browserOf("gina");
    const page = await browser.visit(link);
    expect((await browser.visit(link)).status).toBe(404);
    expect((await send(browser, page, { "credential.key": "ginaskey0123456789gi" })).body).toContain(
      "Acme is connected",
    );
    expect((await send(browser, page, { "credential.key": "evilskey0123456789ev" })).body).toContain(
      "This link does not work",
    );
    expect(nameIn(await call("gina"))).toBe(nameFor("ginaskey0123456789gi"));
  });

  test("of two who send the form at once, one is served", async () => {
    const browser = browserOf("hal");
    const page = await browser.visit(await invited("hal"));
    const answers = await Promise.all(
      ["one", "two", "three", "four"].map(
        async (name) => await send(browser, page, { "credential.key": `${name}0123456789012345` }),
      ),
    );
    expect(answers.filter(({ body }) => body.includes("Acme is connected")).length).toBe(1);
  });

  test.each([
    ["empty", ""],
    ["two lines", "abc\r\nX-Evil: 1"],
    ["endless", "a".repeat(5_000)],
  ])("a key that is %s is refused, and the form is still good", async (_what, key) => {
    const browser = browserOf("ida");
    const again = await send(browser, await browser.visit(await invited("ida")), { "credential.key": key });
    expect(again.body).toContain("That cannot be one");
    expect((await send(browser, again, { "credential.key": "idaskey0123456789ida" })).body).toContain(
      "Acme is connected",
    );
    const { vault } = openVault({ stateDirectory: door.stateDirectory, environment: {} });
    await revokeKnown(vault, "acme", personKey(issuer.url, "ida", "client-1").slice(0, 12));
  });

  test.each([
    ["another site's form", { "sec-fetch-site": "cross-site" }],
    ["a form of another origin", { origin: "http://localhost:1" }],
    ["JSON", { "content-type": "application/json" }],
  ])("%s is refused (CSRF)", async (_what, headers) => {
    const browser = browserOf("jim");
    const page = await browser.visit(await invited("jim"));
    const form = { "credential.key": "jimskey0123456789jim" };
    expect((await send(browser, page, form, headers as Record<string, string>)).status).toBe(403);
    expect((await send(browser, page, { ...form, token: "forged" })).status).toBe(403);
  });

  test("a made-up ticket, state or form opens nothing", async () => {
    const browser = browserOf("ken");
    const { origin } = new URL(door.url);
    const made = "A".repeat(32);
    for (const path of ["", `?ticket=${made}`, "/callback", `/callback?state=${made}&code=x`])
      expect((await browser.visit(`${origin}/connect/acme${path}`)).status, path).toBe(404);
    const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "token=x" };
    expect((await browser.visit(`${origin}/connect/acme?id=${made}`, form)).status).toBe(404);
    for (const method of ["PUT", "DELETE", "HEAD"])
      expect((await browser.visit(`${origin}/connect/acme`, { method })).status).toBe(405);
  });
});
