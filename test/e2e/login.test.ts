import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { type Authority, startAuthority } from "../runtime/credentials/authority.ts";
import { emptyProject, type TestProject } from "./project.ts";
import { CLI, ownEnvironment, run } from "./server.ts";

let acme: Authority;
let project: TestProject;
let env: Record<string, string>;

beforeAll(async () => {
  acme = await startAuthority();
  project = emptyProject({
    "specs/acme.yaml": `openapi: 3.1.0
info: { title: Acme, version: "1" }
paths:
  /things:
    get: { operationId: getThings, responses: { "200": { description: OK, content: { application/json: { schema: { type: object } } } } } }
`,
    "tools.yaml": `apis:
  acme:
    title: Acme
    spec: specs/acme.yaml
    servers: { api: { url: "${acme.url}" } }
    credentials:
      person:
        oauth2:
          grant: authorization_code
          authorization_url: /oauth/authorize
          token_url: /oauth/token
          revocation_url: /oauth/revoke
          client_id: "\${ACME_CLIENT_ID}"
    tools: { get_things: { description: Get all things., operation: getThings } }
  desk:
    title: Desk
    spec: specs/acme.yaml
    servers: { api: { url: "${acme.url}" } }
    credentials:
      key: { bearer: "\${DESK_KEY}" }
      person:
        instead_of: key
        oauth2:
          grant: authorization_code
          authorization_url: "${acme.url}/oauth/authorize"
          token_url: "${acme.url}/oauth/token"
          client_id: "\${DESK_CLIENT_ID}"
    tools: { get_desk_things: { description: Get all things., operation: getThings } }
`,
  });
  env = ownEnvironment({ ACME_CLIENT_ID: "client-1", TOOLWRIGHT_STATE_DIR: join(project.directory, "state") });
  expect(await run(["generate"], { cwd: project.directory, env })).toMatchObject({ code: 0 });
});
afterAll(async () => {
  project.remove();
  await acme.close();
});

const command = async (...args: readonly string[]) => await run(args, { cwd: project.directory, env });

/** Starts `login` and acts as the person: what it prints is opened. */
async function login(
  args: readonly string[],
  open: (url: string) => Promise<unknown>,
  { api = "acme", more = {} }: { readonly api?: string; readonly more?: Readonly<Record<string, string>> } = {},
) {
  const child = endedWithTests(
    spawn(process.execPath, [...WATCHING_PARENT, CLI, "login", api, "--no-browser", "--port", "0", ...args], {
      cwd: project.directory,
      env: { ...env, ...more },
    }),
  );
  let [out, note] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (note += piece));
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    out += piece;
    if (out.endsWith("\n")) void open(out.trim());
  });
  const [code] = (await once(child, "close")) as [number]; // with an exit code: nobody kills it
  return { code, out, note };
}

test("login, call, logout: what a person is told, and what is left on the disk", async () => {
  const before = await command("call", "get_things");
  expect(before).toMatchObject({ code: 1, out: "" });
  expect(before.note).toContain("Whoever runs this server must sign in: toolwright login acme.");
  expect((await command("doctor", "acme")).out).toMatch(
    /problem {2}credential "person": nobody is signed in\n +fix: sign in: toolwright login acme/,
  );

  const { code, out, note } = await login([], async (url) => await (await fetch(url)).text());
  expect(code).toBe(0);
  expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/authorize\?response_type=code&client_id=client-1&/);
  expect(note).toMatch(
    /^Sign in to Acme:[\s\S]*must allow the redirect URL http:\/\/127\.0\.0\.1:\d+\/callback[\s\S]*Signed in to Acme; it is renewed by itself\.\nTo sign out: toolwright logout acme\n$/,
  );
  for (const token of acme.given) expect(out + note).not.toContain(token);
  const folder = join(project.directory, "state/credentials");
  expect(
    readdirSync(folder).map((name) => [
      name.replace(/\.[0-9a-f]{16}\./, ".…."),
      statSync(join(folder, name)).mode & 0o777,
    ]),
  ).toEqual([["acme.person.….json", 0o600]]);

  expect(JSON.parse((await command("call", "get_things")).out)).toEqual({ data: { ok: true } });
  acme.expire();
  expect(JSON.parse((await command("call", "get_things")).out)).toEqual({ data: { ok: true } });
  expect((await command("doctor", "acme")).out).toMatch(
    /ok {7}credential "person": signed in; it is renewed by itself/,
  );
  const dry = await command("call", "get_things", "--dry-run");
  expect(JSON.parse(dry.out)).toMatchObject({ headers: { authorization: "Bearer ***" } });

  const gone = await command("logout", "acme");
  expect(gone).toMatchObject({ code: 0, note: "Signed out of Acme; the vendor took the tokens back.\n" });
  expect(acme.revoked).toHaveLength(2);
  expect(readdirSync(folder)).toEqual([]);
  expect((await command("logout", "acme")).note).toBe("Nobody was signed in to Acme.\n");
}, 60_000);

test("a login that nobody ends says what to check, and one that is refused why", async () => {
  const late = await login(["--wait", "1"], async () => undefined);
  expect(late).toMatchObject({ code: 1 });
  expect(late.note).toMatch(/error: nobody came back from Acme within 1 seconds\n {2}help: check that the application/);
  acme.rules.tokenAnswer = { status: 401, body: '{"error":"invalid_client"}' };
  const refused = await login([], async (url) => await (await fetch(url)).text());
  acme.rules.tokenAnswer = undefined;
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.note).toMatch(
    /error: Acme did not sign this server in \(invalid_client\)\.\n {2}help: check the client id and secret/,
  );
}, 60_000);

test("to sign in in the place of a key, the key is not needed; where it is there, it is told that it goes before", async () => {
  const without = await command("login", "desk");
  expect(without).toMatchObject({ code: 1 });
  expect(without.note).toMatch(/^error: Desk needs DESK_CLIENT_ID, which is not set\n/);
  const open = async (url: string) => await (await fetch(url)).text();
  const alone = await login([], open, { api: "desk", more: { DESK_CLIENT_ID: "client-1" } });
  expect(alone).toMatchObject({ code: 0 });
  expect(alone.note).toContain("Signed in to Desk");
  expect(alone.note).not.toContain("goes before");
  const both = await login([], open, { api: "desk", more: { DESK_CLIENT_ID: "client-1", DESK_KEY: "k" } });
  expect(both.note).toContain("Calls go on with DESK_KEY, which goes before this sign-in as long as it is set.");
}, 60_000);

test("a port that is taken, and words that mean nothing, are told", async () => {
  const port = new URL(acme.url).port;
  const taken = await command("login", "acme", "--no-browser", "--port", port);
  expect(taken).toMatchObject({ code: 1 });
  expect(taken.note).toContain(`error: port ${port} on 127.0.0.1 is in use`);
  expect(await command("login", "acme", "other")).toMatchObject({ code: 2 });
  expect(await command("login", "acme", "--port", "x")).toMatchObject({ code: 2 });
  expect(await command("login")).toMatchObject({ code: 2 });
});
