import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acmeProject, emptyProject, type TestProject } from "../e2e/project.ts";
import { ownEnvironment, run } from "../e2e/server.ts";
import { emptyFolder, IDENTITY, pack, removeFolders } from "./packing.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const generated = acmeProject();
beforeAll(async () => void (await run(["generate"], { cwd: generated.directory })));
afterAll(() => {
  generated.remove();
  removeFolders();
});
let project: TestProject;
beforeEach(() => {
  project = emptyProject();
  cpSync(generated.directory, project.directory, { recursive: true });
});
afterEach(() => project.remove());

const packing = async (args: readonly string[], env = ownEnvironment()) =>
  await run(["pack", "acme", ...args], { cwd: project.directory, env });

describe("what is written", () => {
  test("three files, each with what to do with it; the same bytes every time, in any time zone", async () => {
    const { code, out, note } = await packing(IDENTITY);
    expect({ code, note }).toEqual({ code: 0, note: "server.json names no repository: --repository adds one\n" });
    expect(out).toMatch(
      /^packed\/acme\/acme\.mjs +\d\.\d MB +start it: node acme\.mjs\npacked\/acme\/acme\.mcpb +\d\.\d MB +open it with Claude Desktop\npacked\/acme\/server\.json +\d\.\d kB +publish it: mcp-publisher publish\n$/,
    );
    const folder = join(project.directory, "packed/acme");
    const first = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file)).toString("base64")]);
    expect(first.map(([file]) => file)).toEqual(["acme.mcpb", "acme.mjs", "server.json"]);
    for (const TZ of ["Pacific/Kiritimati", "America/Los_Angeles"]) {
      const again = join(project.directory, TZ);
      expect((await packing([...IDENTITY, "--out", again], { ...ownEnvironment(), TZ })).code).toBe(0);
      expect(readdirSync(again).map((file) => [file, readFileSync(join(again, file)).toString("base64")])).toEqual(
        first,
      );
    }
  });

  test("T37 nothing of the environment, of .env or of this machine", async () => {
    const canary = "canary-7f3c2a91";
    project.write(".env", `ACME_DOMAIN=${canary}-1.example\nACME_TOKEN=${canary}-2\nOTHER=${canary}-3\n`);
    project.write("generated/acme/tools/stray.ts", `export const stray = "${canary}-4";\n`); // nobody generated it
    const env = ownEnvironment({
      ACME_TOKEN: `${canary}-5`,
      ACME_DOMAIN: `${canary}-6.example`,
      NPM_TOKEN: `${canary}-7`,
    });
    const { code, out, note } = await packing([...IDENTITY, "--out", "out"], env);
    expect(code, note).toBe(0);
    const files = ["acme.mjs", "server.json"].map((file) => project.read(join("out", file)));
    const unzipped = spawnSync("unzip", ["-p", join(project.directory, "out/acme.mcpb")], { maxBuffer: 1e9 });
    expect(unzipped.status).toBe(0);
    for (const text of [...files, unzipped.stdout.toString(), out, note]) {
      expect(text.includes("7f3c2a91")).toBe(false);
      expect(text.includes(project.directory)).toBe(false);
      expect(text.includes(ROOT)).toBe(false);
      expect(text.includes(env["TOOLWRIGHT_STATE_DIR"] ?? "-")).toBe(false);
    }
  });

  test("only what --only asks for, which then needs no more than that", async () => {
    const { code, note } = await packing(["--only", "mjs", "--version", "1.0.0"]);
    expect({ code, note }).toEqual({ code: 0, note: "" });
    expect(readdirSync(join(project.directory, "packed/acme"))).toEqual(["acme.mjs"]);
  });

  test("the licences of everything that is in it, its own among them", async () => {
    const text = readFileSync(
      join(await pack(project.directory, "acme", ["--only", "mjs", "--version", "1.0.0"]), "acme.mjs"),
      "utf8",
    );
    const notices = text.slice(text.lastIndexOf("// This file contains code of these packages."));
    const named = [...notices.matchAll(/^\/\/ (\S+) \d+\.\S+ \((.*)\), \S/gm)].map(([, name = "", licence]) => ({
      name,
      licence,
    }));
    const names = named.map(({ name }) => name);
    for (const name of [
      "toolwright",
      "zod",
      "undici",
      "@modelcontextprotocol/server",
      "ky",
      "jose",
      "oidc-provider",
      "koa",
      "mime-db",
      "tldts",
    ])
      expect(names).toContain(name);
    for (const name of ["openapi-backend", "graphql", "yaml", "js-yaml", "json-schema-to-zod", "fflate"])
      expect(names).not.toContain(name); // of the generator and the sandbox
    for (const { name, licence } of named)
      expect(licence, name).toMatch(/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|MPL-2\.0)$/);
    expect(notices.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(20);
    // The bundler says of every module where it is from.
    const inside = text.matchAll(/^(?:\/\/ |\/\/#region )node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/gm);
    expect([...new Set([...inside].map(([, name]) => name))].filter((name) => !names.includes(name ?? ""))).toEqual([]);
  });
});

describe("who hands it out", () => {
  test("comes from package.json, and an option wins", async () => {
    const content = {
      name: "@jane/acme-mcp",
      version: "2.0.0",
      description: "Tickets of Acme, for models.",
      mcpName: "io.github.jane/acme",
      author: "Jane Doe <jane@example.com> (https://jane.example)",
      license: "MIT",
      repository: "github:jane/acme",
      bin: { "acme-mcp": "packed/acme/acme.mjs" },
    };
    project.write("package.json", JSON.stringify(content));
    expect(await packing([])).toMatchObject({ code: 0, note: "" });
    const entry = JSON.parse(project.read("packed/acme/server.json")) as { packages: object[] };
    expect(entry).toMatchObject({
      name: "io.github.jane/acme",
      description: "Tickets of Acme, for models.",
      version: "2.0.0",
      repository: { url: "https://github.com/jane/acme", source: "github" },
    });
    expect(entry.packages).toMatchObject([{ registryType: "npm", identifier: "@jane/acme-mcp", version: "2.0.0" }]);
    const manifest = spawnSync("unzip", [
      "-p",
      join(project.directory, "packed/acme/acme.mcpb"),
      "manifest.json",
    ]).stdout;
    expect(JSON.parse(manifest.toString())).toMatchObject({
      version: "2.0.0",
      license: "MIT",
      author: { name: "Jane Doe", email: "jane@example.com", url: "https://jane.example" },
      repository: { type: "git", url: "https://github.com/jane/acme" },
    });
    await packing(["--version", "2.1.0-rc.1", "--description", "Other words."]);
    expect(JSON.parse(project.read("packed/acme/server.json"))).toMatchObject({
      version: "2.1.0-rc.1",
      description: "Other words.",
    });
    const differs = await packing(["--name", "io.github.jane/other", "--out", "other"]);
    expect(differs.note).toBe(
      "error: package.json says the mcpName io.github.jane/acme, and server.json would say io.github.jane/other: the registry compares the two\n" +
        "  help: set it: npm pkg set mcpName=io.github.jane/other\n",
    );
  });

  test("is not taken from the package of something else", async () => {
    project.write(
      "package.json",
      JSON.stringify({ name: "website", version: "9.0.0", mcpName: "io.github.jane/website", author: "Jane" }),
    );
    const { code, note } = await packing([]);
    expect(code).toBe(1);
    expect(note).toMatch(
      /^error: acme cannot be packed yet; it is not known what the registry calls it, where the registry's readers get it\n/,
    );
  });

  test("is asked for, all at once, and nothing is written meanwhile", async () => {
    const { code, out, note } = await packing([]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toBe(
      "error: acme cannot be packed yet; it is not known which version it is, who answers for the bundle, what the registry calls it, where the registry's readers get it\n" +
        '  help: give --version 1.0.0 --author "Your Name" --name io.github.you/acme --bundle-url https://github.com/you/acme/releases/download/v1.0.0/acme.mcpb (or --package, of npm); ' +
        "version and author may also stand in package.json. Or write less: --only mjs\n",
    );
    expect(existsSync(join(project.directory, "packed"))).toBe(false);
  });
});

describe("what cannot be packed is told in one message with its fix", () => {
  test.each([
    { args: [], says: /^error: pack: name one API; there is acme\n/, code: 2 },
    { args: ["acm", ...IDENTITY], says: /there is no API "acm" in .*; did you mean acme\?/, code: 2 },
    { args: ["acme", "other"], says: /name one API/, code: 2 },
    {
      args: ["acme", ...IDENTITY, "--only", "exe"],
      says: /there is no kind "exe"; there is mjs, mcpb, server\.json/,
      code: 2,
    },
    { args: ["acme", "--version", "^1.0.0"], says: /\^1\.0\.0 is no version; one is like 1\.0\.0/, code: 2 },
    { args: ["acme", "--name", "acme"], says: /acme is no name of the registry/, code: 2 },
    { args: ["acme", "--bundle-url", "http://a/acme.mcpb"], says: /no https URL of an \.mcpb file/, code: 2 },
    { args: ["acme", "--repository", "https://example.com/a/b"], says: /github\.com\/ and https:\/\/gitlab/, code: 2 },
    { args: ["acme", "--description", "x".repeat(101)], says: /1 to 100 characters; this one has 101/, code: 2 },
    {
      args: ["acme", ...IDENTITY, "--out", "tools.yaml/x"],
      says: /is below something that is no folder .*\n {2}help: .* --out DIR/,
      code: 1,
    },
  ])("$args", async ({ args, says, code }) => {
    const result = await run(["pack", ...args], { cwd: project.directory });
    expect(result).toMatchObject({ code, out: "" });
    expect(result.note).toMatch(says);
    expect(result.note.match(/^error: /gm)).toHaveLength(1);
    expect(result.note).toMatch(/\n {2}help: /);
    expect(existsSync(join(project.directory, "packed"))).toBe(false);
  });

  test("nothing was generated", async () => {
    const empty = emptyProject({
      "tools.yaml": project.read("tools.yaml"),
      "specs/acme.yaml": project.read("specs/acme.yaml"),
    });
    const { code, note } = await run(["pack", "acme", ...IDENTITY], { cwd: empty.directory });
    expect(code).toBe(1);
    expect(note).toMatch(/^error: .*generated holds no API\n {2}help: run `toolwright generate` first\n$/);
    empty.remove();
  });

  test.each([
    {
      what: "tools.yaml says more",
      change: () => project.edit("tools.yaml", "List tickets, newest first.", "List tickets."),
    },
    {
      what: "a module was edited",
      change: () => project.edit("generated/acme/tools/get_ticket.ts", "One ticket", "A ticket"),
    },
    {
      what: "tools.yaml is wrong",
      change: () => project.edit("tools.yaml", "operation: getTicket", "operation: getTickt"),
    },
  ])("$what since", async ({ change }) => {
    change();
    const { code, out, note } = await packing(IDENTITY);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toMatch(
      /^error: generated\/acme is not what tools\.yaml says now: .*\n {2}help: run `toolwright generate`/,
    );
  });

  test("a module is gone, in a folder without tools.yaml, which has nothing to compare with", async () => {
    const bare = emptyFolder();
    cpSync(join(project.directory, "generated"), join(bare, "generated"), { recursive: true });
    expect((await run(["pack", "acme", ...IDENTITY], { cwd: bare })).code).toBe(0);
    spawnSync("rm", [join(bare, "generated/acme/tools/get_ticket.ts")]);
    const { code, note } = await run(["pack", "acme", ...IDENTITY], { cwd: bare });
    expect(code).toBe(1);
    expect(note).toMatch(
      /get_ticket\.ts, which manifest\.json lists, is not there\n {2}help: run `toolwright generate`/,
    );
  });

  test("the folder holds the entry of another server", async () => {
    project.write("out/server.json", JSON.stringify({ name: "io.github.jane/by-hand" }));
    const { code, note } = await packing([...IDENTITY, "--out", "out"]);
    expect(code).toBe(1);
    expect(note).toMatch(
      /server\.json is the entry of another server, io\.github\.jane\/by-hand\n {2}help: name another folder/,
    );
    expect(readdirSync(join(project.directory, "out"))).toEqual(["server.json"]);
  });
});

test("an installed package packs what ships with it: it needs nothing of this repository and nothing beside it", async () => {
  const folder = emptyFolder();
  const installed = join(folder, "node_modules/toolwright");
  const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { files: string[] };
  mkdirSync(installed, { recursive: true });
  for (const file of ["package.json", ...files]) cpSync(join(ROOT, file), join(installed, file), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version: "3.0.0", author: "Jane" }));
  const args = [join(installed, "dist/cli.js"), "pack", "halo-lms", "--only", "mjs,mcpb"];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: ownEnvironment(),
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const server = join(folder, "packed/halo-lms/halo-lms.mjs");
  const { stdout } = spawnSync(process.execPath, [server, "--version"], { encoding: "utf8", cwd: "/" });
  expect(stdout).toMatch(/^halo-lms 3\.0\.0 /); // the version of who packs it, not of toolwright
});
