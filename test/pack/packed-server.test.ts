import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { CLIENTS, connect } from "../e2e/clients.ts";
import { ACME_ENVIRONMENT, acmeAnswer, acmeProject, type TestProject } from "../e2e/project.ts";
import { type Recorder, startRecorder } from "../e2e/recorder.ts";
import { CLI, ownEnvironment, run } from "../e2e/server.ts";
import { alone, pack, removeFolders, runPacked } from "./packing.ts";

// The file that a colleague is handed: alone in a folder, started from another one, without node_modules anywhere.
const ELSEWHERE = { cwd: tmpdir() };
let project: TestProject;
let recorder: Recorder;
let server: string;
beforeAll(async () => {
  project = acmeProject();
  recorder = await startRecorder(acmeAnswer);
  await run(["generate"], { cwd: project.directory });
  server = alone(join(await pack(project.directory, "acme"), "acme.mjs"));
}, 60_000);
afterAll(async () => {
  await recorder.close();
  project.remove();
  removeFolders();
});

describe.each(CLIENTS)("%s", (kind) => {
  test("sees what `serve` shows, and calls it, over stdio", async () => {
    recorder.requests.length = 0;
    const env = ownEnvironment(ACME_ENVIRONMENT);
    const args = ["--server", recorder.url];
    const served = await connect(kind, { args: [CLI, "serve", "acme", ...args], env, cwd: project.directory });
    const packed = await connect(kind, { args: [server, ...args], env, ...ELSEWHERE });
    try {
      expect(await packed.tools()).toEqual(await served.tools());
      expect(packed.serverTitle).toBe("Acme");
      expect(packed.instructions).toBe(served.instructions);
      for (const client of [served, packed]) {
        expect((await client.call("list_tickets", { state: "open", limit: 1 })).value).toMatchObject({
          items: [{ id: 1, subject: "Printer on fire" }],
        });
        expect((await client.call("create_ticket", { subject: "New" })).value).toEqual({ id: 3, subject: "New" });
        const wrong = await client.call("create_ticket", { subjekt: "New" });
        expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining("did you mean subject?") });
      }
    } finally {
      await packed.close();
      await served.close();
    }
    const [first, second] = [recorder.requests.slice(0, 2), recorder.requests.slice(2)];
    expect(second).toEqual(first);
    expect(first.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ["GET", "/tickets?state=open&page=1&per_page=1", "Bearer acme-secret-token"],
      ["POST", "/tickets", "Bearer acme-secret-token"],
    ]);
    expect(readdirSync(dirname(server))).toEqual(["acme.mjs"]); // serving leaves nothing behind
  });
});

test("--read-only, --tools and --except take away as they do with `serve`, and so does the environment", async () => {
  const namesWith = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const env = ownEnvironment({ ...ACME_ENVIRONMENT, ...more });
    const client = await connect("SDK v2, 2026-07-28", { args: [server, ...args], env, ...ELSEWHERE });
    const tools = await client.tools();
    await client.close();
    return tools.map(({ name }) => name);
  };
  expect(await namesWith(["--read-only"])).toEqual(["get_ticket", "list_tickets"]);
  expect(await namesWith([], { TOOLWRIGHT_READ_ONLY: "true" })).toEqual(["get_ticket", "list_tickets"]);
  expect(await namesWith([], { TOOLWRIGHT_READ_ONLY: "false" })).toHaveLength(3);
  expect(await namesWith(["--tools", "get_ticket,create_ticket", "--except", "get_ticket"])).toEqual(["create_ticket"]);
});

test("--http serves it, with probes, and a signal ends it with code 0", async () => {
  const env = ownEnvironment(ACME_ENVIRONMENT);
  const args = [...WATCHING_PARENT, server, "--http", "0", "--server", recorder.url];
  const child = endedWithTests(spawn(process.execPath, args, { env, ...ELSEWHERE }));
  let notes = "";
  const url = await new Promise<string>((ready, fail) => {
    child.stderr.on("data", (chunk: Buffer) => {
      notes += chunk.toString();
      const [found] = /http:\/\/\S+\/mcp/.exec(notes) ?? [];
      if (found !== undefined && notes.includes("Ctrl+C")) ready(found);
    });
    child.once("exit", () => fail(new Error(notes)));
  });
  const client = await connect("SDK v1", { url });
  expect((await client.call("get_ticket", { ticket_id: 2 })).value).toMatchObject({ subject: "VPN drops" });
  await client.close();
  expect((await fetch(new URL("/readyz", url))).status).toBe(200);
  expect((await fetch(new URL("/", url))).status).toBe(404); // the page for people stays with toolwright
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("variables may stand in a file .env beside it; those of the environment win", async () => {
  const own = alone(server);
  writeFileSync(join(dirname(own), ".env"), "ACME_DOMAIN=acme.example\nACME_TOKEN=of-the-file\nACME_AGENT_ID=7\n");
  const env = ownEnvironment({ ACME_TOKEN: "of-the-environment" });
  const client = await connect("SDK v2, 2026-07-28", { args: [own, "--server", recorder.url], env, ...ELSEWHERE });
  recorder.requests.length = 0;
  await client.call("get_ticket", { ticket_id: 1 });
  expect(recorder.requests.map(({ authorization }) => authorization)).toEqual(["Bearer of-the-environment"]);
  expect(client.instructions).toContain("7");
  await client.close();
});

test("what cannot be served is told in a line with its fix, in the words of this file", async () => {
  const missing = await runPacked(server, []);
  expect(missing).toMatchObject({ code: 1, out: "" });
  expect(missing.note).toMatch(/^error: Acme needs ACME_DOMAIN, ACME_TOKEN, which are not set\n {2}help: set them in/);
  const tool = await runPacked(server, ["--tools", "get_tickt"], ACME_ENVIRONMENT);
  expect(tool.note).toBe(
    'error: there is no tool "get_tickt"; did you mean get_ticket?\n  help: see `node acme.mjs --help` for the names\n',
  );
  const option = await runPacked(server, ["--sandbox"]);
  expect(option).toMatchObject({ code: 2 });
  expect(option.note).toMatch(/^error: serve: there is no option --sandbox; .*\n {2}help: see `node acme.mjs --help`/);
  const word = await runPacked(server, ["login"]);
  expect(word.note).toMatch(/^error: there is no command "login"; there is serve\n/); // Acme has a key, nobody signs in
  expect((await runPacked(server, ["serve", "acme"])).note).toContain("only acme is in this file");
});

test("--help names its tools and variables, --version both versions", async () => {
  const { code, out, note } = await runPacked(server, ["--help"]);
  expect({ code, note }).toEqual({ code: 0, note: "" });
  expect(out).toMatch(/^usage {2}node acme\.mjs \[options\]\n\nAcme 1\.2\.3 as an MCP server: 3 tools\./);
  for (const word of ["ACME_DOMAIN", "ACME_TOKEN", "list_tickets", "--read-only", "--http [PORT]"])
    expect(out).toContain(word);
  for (const word of ["--sandbox", "--config", "--console", "login"]) expect(out).not.toContain(word);
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect((await runPacked(server, ["--version"])).out).toBe(`acme 1.2.3 (toolwright ${version})\n`);
});
