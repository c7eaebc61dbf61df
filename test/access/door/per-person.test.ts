import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { raw } from "../../mcp/fixture/raw.ts";
import { OWN_KEY, serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
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

async function serve(stateDirectory?: string) {
  const { resourceServer, ...access } = issuerAccess("per-person");
  const { introspection: _introspection, ...rest } = resourceServer;
  return await serveDoor({
    access: { ...access, resourceServer: rest },
    environment: { ISSUER: issuer.url },
    ...(stateDirectory !== undefined && { stateDirectory }),
  });
}
const as = async (sub: string, at = door) => ({
  authorization: `Bearer ${await issuer.token(at.url, { sub, scope: "read write" })}`,
});
const call = async (sub: string, at = door) => await callTool(at.url, "fetchThing", await as(sub, at));
const linkIn = (text: string) => /http\S+\/connect\/acme\?ticket=[\w-]+/.exec(text)?.[0] ?? "none";
const invited = async (sub: string) => linkIn(textIn(await call(sub)));
const send = async (link: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  await raw(link, {
    method: "POST",
    path: "/connect/acme",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ ticket: new URL(link).searchParams.get("ticket") ?? "", ...form }).toString(),
  });
const connect = async (sub: string, key: string) => await send(await invited(sub), { "credential.key": key });
const show = async (link: string) =>
  await raw(link, { method: "GET", path: new URL(link).pathname + new URL(link).search });

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
    expect((await connect("ann", ann)).text).toContain("Acme is connected");
    expect((await connect("bob", bob)).text).toContain("Acme is connected");
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

  test("what is taken out of the vault is gone from the next call on", async () => {
    await connect("eve", "eveskey0123456789eve");
    expect(nameIn(await call("eve"))).toBe(nameFor("eveskey0123456789eve"));
    const { vault } = openVault({ stateDirectory: door.stateDirectory, environment: {} });
    for (const { id, value } of await vault.list("acme.account")) {
      if ((value as { subject: string }).subject === "eve") await vault.delete("acme.account", id);
    }
    expect(textIn(await call("eve"))).toContain("No account of Acme is connected");
  });

  test("an upstream 401 never becomes ours: the person gets a new link", async () => {
    await connect("fred", "revoked0123456789fre");
    const answer = await call("fred");
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([200, undefined]);
    expect(textIn(answer)).toContain("does not accept the account that was connected");
    const link = linkIn(textIn(answer));
    expect((await send(link, { action: "disconnect" })).text).toContain("not connected any longer");
    expect(textIn(await call("fred"))).toContain("No account of Acme is connected");
  });
});

describe("the page, and who may use a link", () => {
  test("it says for whom, escapes what it says, runs nothing and stands in no frame", async () => {
    const page = await show(await invited('<img src=x onerror="alert(1)">'));
    expect(page.status).toBe(200);
    expect(page.text).not.toContain("<img");
    expect(page.text).toContain("&lt;img");
    expect(page.headers).toMatchObject({
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/) as string,
    });
  });

  test("a link works once", async () => {
    const link = await invited("gina");
    expect((await send(link, { "credential.key": "ginaskey0123456789gi" })).text).toContain("Acme is connected");
    expect((await send(link, { "credential.key": "evilskey0123456789ev" })).text).toContain("This link does not work");
    expect((await show(link)).status).toBe(404);
    expect(nameIn(await call("gina"))).toBe(nameFor("ginaskey0123456789gi"));
  });

  test("of two who send the form at once, one is served", async () => {
    const link = await invited("hal");
    const answers = await Promise.all(
      ["one", "two", "three", "four"].map(
        async (name) => await send(link, { "credential.key": `${name}0123456789012345` }),
      ),
    );
    expect(answers.filter(({ text }) => text.includes("Acme is connected")).length).toBe(1);
  });

  test.each([
    ["empty", ""],
    ["two lines", "abc\r\nX-Evil: 1"],
    ["endless", "a".repeat(5_000)],
  ])("a key that is %s is refused, and the link is still good", async (_what, key) => {
    const link = await invited(`ida ${key.length}`);
    expect((await send(link, { "credential.key": key })).text).toContain("That cannot be one");
    expect((await send(link, { "credential.key": "idaskey0123456789ida" })).text).toContain("Acme is connected");
  });

  test.each([
    ["another site's form", { "sec-fetch-site": "cross-site" }],
    ["JSON", { "content-type": "application/json" }],
  ])("%s is refused (CSRF)", async (_what, headers) => {
    const link = await invited("jim");
    expect(
      (await send(link, { "credential.key": "jimskey0123456789jim" }, headers as Record<string, string>)).status,
    ).toBe(405);
  });

  test("a made-up ticket opens nothing", async () => {
    expect((await raw(door.url, { method: "GET", path: `/connect/acme?ticket=${"A".repeat(32)}` })).status).toBe(404);
    expect((await raw(door.url, { method: "GET", path: "/connect/acme" })).status).toBe(404);
  });
});
