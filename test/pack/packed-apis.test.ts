import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { connect, type Target } from "../e2e/clients.ts";
import { emptyProject, type TestProject } from "../e2e/project.ts";
import { type Recorder, startRecorder } from "../e2e/recorder.ts";
import { ownEnvironment, run } from "../e2e/server.ts";
import { type Authority, startAuthority } from "../runtime/credentials/authority.ts";
import { alone, emptyFolder, pack, removeFolders, runPacked } from "./packing.ts";

// APIs of every kind that the generator makes modules for, each from a file alone.
const ROOT = resolve(import.meta.dirname, "../..");
const MJS = ["--only", "mjs", "--version", "1.0.0"];
let recorder: Recorder;
beforeAll(async () => {
  recorder = await startRecorder();
});
afterAll(async () => {
  await recorder.close();
  removeFolders();
});

async function packedServer(cwd: string, api: string): Promise<string> {
  return alone(join(await pack(cwd, api, MJS), `${api}.mjs`));
}

const target = (args: readonly string[], env: Readonly<Record<string, string>>): Target => ({
  args,
  env,
  cwd: tmpdir(),
});

describe("the APIs that ship with toolwright, packed from a folder without a project", () => {
  test.each([
    { api: "freshservice", env: { FRESHSERVICE_DOMAIN: "acme.example", FRESHSERVICE_API_KEY: "k" }, tools: 34 },
    { api: "halo-itsm", env: { HALOITSM_DOMAIN: "acme.example", HALOITSM_CLIENT_ID: "i" }, tools: 20 }, // the others need ids of a tenant
    { api: "halo-lms", env: {}, tools: 17 },
  ] as const)("$api: every module of it loads", async ({ api, env, tools }) => {
    const server = await packedServer(emptyFolder(), api);
    const catalog = JSON.parse(readFileSync(join(ROOT, "generated", api, "catalog.json"), "utf8")) as {
      tools: readonly { readonly name: string }[];
    };
    const known = await runPacked(server, ["--help"]);
    expect(known).toMatchObject({ code: 0, note: "" });
    const client = await connect("SDK v2, 2026-07-28", target([server], ownEnvironment(env)));
    const names = (await client.tools()).map(({ name }) => name);
    expect(catalog.tools.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(names.length).toBeGreaterThanOrEqual(tools);
    // Wrong arguments are refused by the tool's own module: to say so, it was loaded.
    for (const name of names) {
      const { isError, text } = await client.call(name, { no_such_argument: 1 });
      expect(isError, name).toBe(true);
      expect(text, name).toContain("no_such_argument: unknown argument");
    }
    await client.close();
  });
});

describe("modules beside the tools", () => {
  test.each([
    { from: "recursive_schema", tool: "find_things" },
    { from: "hostile_spec", tool: "do_it" },
    { from: "steps_projected_output", tool: undefined },
  ])("T01 $from: they are found, and stay byte for byte what was reviewed", async ({ from, tool }) => {
    const project = emptyProject();
    for (const part of ["tools.yaml", "specs"])
      cpSync(join(ROOT, "test/golden", from, part), join(project.directory, part), { recursive: true });
    expect((await run(["generate"], { cwd: project.directory })).code).toBe(0);
    const server = await packedServer(project.directory, "acme");
    const generated = Object.keys(project.listing()).filter((file) => file.endsWith(".ts"));
    const text = readFileSync(server, "utf8");
    for (const file of generated) {
      const path = file.replace("generated/acme/", "");
      const [, carried = ""] = text
        .split("\n")
        .flatMap((line) =>
          line.startsWith(`    ["${path}", `) ? ["", line.slice(`    ["${path}", `.length, -2)] : [],
        );
      expect(JSON.parse(carried), path).toBe(project.read(file));
    }
    const list = JSON.parse(project.read("generated/acme/catalog.json")) as { tools: { name: string }[] };
    const called = tool ?? list.tools[0]?.name ?? "";
    const env = ownEnvironment();
    const client = await connect("SDK v2, 2026-07-28", target([server], env));
    const { text: said } = await client.call(called, { no_such_argument: 1 });
    expect(said).toContain("no_such_argument: unknown argument");
    await client.close();
    project.remove();
  });
});

describe("uploads by path", () => {
  test("work from the folder that --files or TOOLWRIGHT_FILES opens, and from no other", async () => {
    const project = emptyProject({
      "specs/acme.yaml": `openapi: 3.1.0
info: { title: Acme, version: "1" }
paths:
  /files:
    post:
      operationId: addFile
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: { type: object, required: [file], properties: { file: { type: string, format: binary } } }
      responses: { "201": { description: Added. } }
`,
      "tools.yaml": `apis:
  acme:
    title: Acme
    spec: specs/acme.yaml
    servers: { api: { url: "${recorder.url}" } }
    tools: { add_file: { description: Add a file., operation: addFile, annotations: { destructiveHint: false } } }
`,
    });
    expect((await run(["generate"], { cwd: project.directory })).code).toBe(0);
    const server = await packedServer(project.directory, "acme");
    const files = emptyFolder();
    writeFileSync(join(files, "note.txt"), "the text of the file");
    for (const [args, env] of [
      [["--files", files], {}],
      [[], { TOOLWRIGHT_FILES: files }],
    ] as const) {
      recorder.requests.length = 0;
      const client = await connect("SDK v1", target([server, ...args], ownEnvironment(env)));
      expect((await client.call("add_file", { file: { path: join(files, "note.txt") } })).isError).toBe(false);
      expect(recorder.requests.map(({ body }) => body)).toEqual([expect.stringContaining("the text of the file")]);
      expect((await client.call("add_file", { file: { path: server } })).isError).toBe(true);
      await client.close();
    }
    const closed = await connect("SDK v1", target([server], ownEnvironment()));
    expect(JSON.stringify(await closed.tools())).not.toContain('"path"');
    expect((await closed.call("add_file", { file: { path: join(files, "note.txt") } })).isError).toBe(true);
    await closed.close();
    expect(recorder.requests).toHaveLength(1);
    project.remove();
  });
});

describe("a sign-in", () => {
  let acme: Authority;
  let project: TestProject;
  let env: Record<string, string>;
  let server: string;
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
        oauth2: { grant: authorization_code, authorization_url: /oauth/authorize, token_url: /oauth/token, revocation_url: /oauth/revoke, client_id: "\${ACME_CLIENT_ID}" }
    tools: { get_things: { description: Get all things., operation: getThings } }
`,
    });
    env = ownEnvironment({ ACME_CLIENT_ID: "client-1" });
    expect((await run(["generate"], { cwd: project.directory })).code).toBe(0);
    server = await packedServer(project.directory, "acme");
  }, 60_000);
  afterAll(async () => {
    project.remove();
    await acme.close();
  });

  test("is begun and ended by the file itself; what it leaves is what `toolwright` leaves", async () => {
    const client = await connect("SDK v2, 2026-07-28", target([server], env));
    const before = await client.call("get_things");
    expect(before.text).toContain("Whoever runs this server must sign in: node acme.mjs login.");

    const child = endedWithTests(
      spawn(process.execPath, [...WATCHING_PARENT, server, "login", "--no-browser", "--port", "0"], {
        cwd: tmpdir(),
        env,
      }),
    );
    let [out, note] = ["", ""];
    child.stderr.setEncoding("utf8").on("data", (piece: string) => (note += piece));
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      out += piece;
      if (out.endsWith("\n")) void fetch(out.trim());
    });
    await once(child, "close");
    expect(child.exitCode, note).toBe(0);
    expect(note).toMatch(/Signed in to Acme; it is renewed by itself\.\nTo sign out: node acme\.mjs logout\n$/);

    expect(await client.call("get_things")).toMatchObject({ isError: false }); // the server that runs takes it up at once
    acme.expire();
    expect(await client.call("get_things")).toMatchObject({ isError: false });
    await client.close();
    // The same state directory, the same sign-in: toolwright itself is signed in as well.
    expect((await run(["call", "get_things"], { cwd: project.directory, env })).code).toBe(0);
    const gone = await runPacked(server, ["logout"], env);
    expect(gone).toMatchObject({ code: 0, note: "Signed out of Acme; the vendor took the tokens back.\n" });
  }, 60_000);
});
