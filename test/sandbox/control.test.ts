import { createHash } from "node:crypto";
import { readFileSync, mkdtempSync, rmSync, writeFileSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { ask, at, control, HARBOUR, signIn } from "./harbour.ts";

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox(HARBOUR)));
afterAll(async () => await sandbox.close());

describe("servers", () => {
  test("have an origin of their own, or a path beside another, by their names", () => {
    const { api = "", auth = "", gateway = "", site = "", storage = "" } = sandbox.servers;
    expect(sandbox.url).toBe(api);
    expect([api, auth, gateway, site, storage].map((url) => new URL(url).pathname)).toEqual([
      "/api",
      "/auth",
      "/graphql",
      "/site",
      "/",
    ]);
    expect(new URL(auth).origin).toBe(new URL(api).origin);
    expect(new Set([api, gateway, site, storage].map((url) => new URL(url).origin)).size).toBe(4);
    expect(sandbox.environment["HARBOUR_AUTH"]).toBe(`${auth}/token`);
  });

  test("answer their own operations, and no other's", async () => {
    const { bearer: headers } = await signIn(sandbox);
    expect((await ask(at(sandbox, "site", "/session"), { headers })).status).toBe(200);
    expect((await ask(at(sandbox, "api", "/session"), { headers })).status).toBe(404);
    expect((await ask(at(sandbox, "site", "/ships"), { headers })).status).toBe(404);
    expect((await ask(`${new URL(sandbox.url).origin}/elsewhere`)).status).toBe(404);
    expect((await ask(at(sandbox, "auth", "/nothing"))).status).toBe(404);
    expect((await ask(at(sandbox, "auth", "/token"))).status).toBe(405);
  });
});

describe("what was asked", () => {
  test("is remembered with hashes of what opened it, never with it", async () => {
    const { access, bearer } = await signIn(sandbox);
    await ask(at(sandbox, "api", "/ships"), { headers: bearer });
    const { body, text } = await ask(`${new URL(sandbox.url).origin}/__sandbox/requests`);
    const entries = body as unknown as Record<string, unknown>[];
    const hash = createHash("sha256").update(`Bearer ${access}`).digest("hex").slice(0, 16);
    expect(entries.at(-1)).toMatchObject({
      server: "api",
      method: "GET",
      path: "/api/ships",
      operation: "listShips",
      user: 31,
      status: 200,
      credentials: { authorization: hash },
    });
    expect(entries.at(-2)).toMatchObject({ server: "auth", operation: "token", status: 200 });
    expect(text).not.toContain(access);
  });
});

test.each([
  ["expire", { what: "everything" }, 400],
  ["expire", {}, 400],
  ["fail", { operation: "listShips", error: "none" }, 400],
  ["fail", { operation: "listShips", error: "dotnet", times: 0 }, 400],
  ["nothing", {}, 404],
])("control %s %j: %i", async (name, body, status) => {
  expect((await control(sandbox, name, body)).status).toBe(status);
});

test("a page of a browser cannot control it: only JSON is taken, which asks first", async () => {
  const url = `${new URL(sandbox.url).origin}/__sandbox/expire`;
  const simple = await ask(url, { method: "POST", headers: { "content-type": "text/plain" }, body: '{"what":"all"}' });
  expect(simple.status).toBe(415);
  const preflight = await ask(url, {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  });
  expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
});

describe("what the file says of itself and does not hold is told", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-harbour-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  cpSync("test/sandbox/harbour", folder, { recursive: true });
  const file = readFileSync(HARBOUR, "utf8");

  test.each([
    ["beside: api", "beside: apo", "servers.auth.beside: there is no server apo; there is api"],
    [
      "gateway: { serves: graphql, path",
      "gateway: { serves: storage, path",
      "servers.gateway.serves: two servers serve storage",
    ],
    ["  storage: { serves: storage }\n", "", "operations.makeUrls: no server serves storage"],
    [
      "error: nameless }",
      "error: namless }",
      "operations.upsertBerths.refuse.0.error: there is no failure namless; there is nameless",
    ],
    ["missing: late }", "missing: never }", "operations.uploadStatus.missing: there is no failure never"],
    [
      "{ add: audit, fields: { berth",
      "{ add: audits, fields: { berth",
      "operations.upsertBerths.effects.0: there is no collection audits; there is audit",
    ],
    [
      "errors: { notFound: { status: 404, body: { error: not",
      "errors: { notFond: { status: 404, body: { error: not",
      "operations.deleteBerth.errors.notFond: there is no error notFond; there is notFound",
    ],
    [
      "teacher: { get: pilots",
      "teacher: { get: pilot",
      "graphql.resolvers.Class.teacher.get: there is no collection pilot; there is pilots",
    ],
    [
      "users: { collection: pilots",
      "users: { collection: people",
      "oauth.users.collection: there is no collection people",
    ],
    ["other-auth, contextToken: other-context", "other-auth", "session.seeds: not all seeds have the same tokens"],
    [
      "    Class:\n      pilots",
      "    Klass:\n      pilots",
      "graphql.resolvers.Klass: the schema has no such type with fields",
    ],
    ["      label: { value", "      lable: { value", "graphql.resolvers.Class.lable: the schema has no such field"],
    ["schema: schema.graphql", "schema: none.graphql", "none.graphql is no schema: "],
    [
      "operations: [getCsrf,",
      "operations: [getCsrv,",
      "servers.site.operations: the description has no operation getCsrv; it has getCsrf",
    ],
    ["seed: listBerths", "seed: getInfo", 'collections.berths: the example of getInfo holds no list "berths"'],
    ["upsert: berths", "upsret: berths", "operations.upsertBerths."],
  ])("%s → %s", async (from, to, said) => {
    expect(file).toContain(from);
    writeFileSync(join(folder, "sandbox.yaml"), file.replace(from, to));
    const error: unknown = await startSandbox(join(folder, "sandbox.yaml")).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "SandboxFileError", message: expect.stringContaining(said) });
  });
});
