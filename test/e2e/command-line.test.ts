import { execFile, execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { endedWithTests } from "../children.ts";
import { acmeProject, emptyProject, shippedProject } from "./project.ts";
import { CLI, ownEnvironment, run } from "./server.ts";

const COMMANDS = ["generate", "serve", "call", "tools", "operations", "sandbox", "doctor"];
const ESCAPE = "\u001b";
const NAMES = "  help: see `toolwright tools` for the names";
const project = shippedProject();
const cwd = project.directory;
afterAll(() => project.remove());

describe("help", () => {
  test("the overview names every command, and is a result when it was asked for", async () => {
    const asked = await run(["--help"], { cwd });
    expect(asked).toMatchObject({ code: 0, note: "" });
    for (const command of COMMANDS) expect(asked.out).toMatch(new RegExp(`^  ${command} +\\w`, "m"));
    expect(await run(["help"], { cwd })).toEqual(asked);
    expect(await run(["-h"], { cwd })).toEqual(asked);
    expect(await run([], { cwd })).toEqual({ code: 2, out: "", note: asked.out });
  });

  test.each(COMMANDS)("%s --help teaches", async (command) => {
    const { code, out, note } = await run([command, "--help"], { cwd });
    expect({ code, note }).toEqual({ code: 0, note: "" });
    const [usage = "", about = "", options = "", examples = ""] = out.trimEnd().split("\n\n");
    expect(usage).toMatch(new RegExp(`^usage  toolwright ${command} \\S`));
    expect(about.split(/\.\s/).length, "sentences").toBeGreaterThan(1);
    expect(Math.max(...about.split("\n").map((line) => line.length))).toBeLessThan(140);
    for (const line of options.split("\n").slice(1)) expect(line).toMatch(/^ {2}(-\w,| {3}) --[a-z-]+( \S+)? +\S/);
    expect(examples.split("\n").length).toBeGreaterThan(2);
    expect(await run(["help", command], { cwd })).toEqual({ code, out, note });
    expect(await run([command, "-h"], { cwd })).toEqual({ code, out, note });
  });

  test("speaks of a stand-in only where there is one", async () => {
    const own = acmeProject();
    await run(["generate"], { cwd: own.directory });
    for (const args of [["--help"], ["serve", "--help"], ["call", "--help"]]) {
      expect((await run(args, { cwd })).out).toMatch(/^ +.*toolwright .* --sandbox/m);
      const { out } = await run(args, { cwd: own.directory });
      expect(out.slice(out.lastIndexOf("\n\n"))).not.toContain("--sandbox");
    }
    own.remove();
  });

  test("is there when everything else is broken", async () => {
    const broken = emptyProject({ "tools.yaml": "apis: [", "generated/acme/catalog.json": "<<<<<<< HEAD" });
    const help = await run(["call", "--help"], { cwd: broken.directory });
    expect(help).toMatchObject({ code: 0, note: "" });
    const tools = await run(["tools"], { cwd: broken.directory });
    expect(tools).toMatchObject({ code: 1, out: "" });
    expect(tools.note).toMatch(/^error: .*catalog\.json is no catalog\n {2}help: run `toolwright generate`/);
    broken.remove();
  });
});

describe("examples of the help run as they stand", () => {
  // The vendor's account and the network are all that an example may need: `doctor` needs both.
  const commands = COMMANDS.filter((command) => command !== "doctor");
  test.each(commands)("%s", async (command) => {
    const { out } = await run([command, "--help"], { cwd });
    const lines = out.split("\nexamples\n")[1]?.trimEnd().split("\n") ?? [];
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) await runExample(line.trim().split(/ {3,}/)[0] ?? "");
  });

  /** In a shell, as a person would; what filters the output is left out, and ports are any free ones. */
  async function runExample(line: string): Promise<void> {
    const filtered = line.replace(/ \| jq .*/, "");
    const lasting = /^toolwright (sandbox|serve .*--http)/.test(filtered);
    const port = filtered.startsWith("toolwright sandbox") ? "--port 0" : "--http 0";
    const shell = `toolwright() { "${process.execPath}" "${CLI}" "$@"; }\n`;
    const script = lasting
      ? `exec "${process.execPath}" "${CLI}" ${filtered.replace("toolwright ", "")} ${port}`
      : `${shell}${filtered} < /dev/null`;
    const env = ownEnvironment({ FRESHSERVICE_DOMAIN: "acme.example", FRESHSERVICE_API_KEY: "key" });
    const child = endedWithTests(
      execFile("sh", ["-c", filtered.startsWith("echo") ? `${shell}${filtered}` : script], { cwd, env }),
    );
    let said = "";
    child.stderr?.on("data", (chunk: string) => {
      said += chunk;
      if (lasting && said.includes("Ctrl+C stops it")) child.kill("SIGTERM");
    });
    const code = await new Promise((done) => child.once("close", done));
    expect({ line, code, said: code === 0 ? "" : said }).toEqual({ line, code: 0, said: "" });
  }
});

describe("usage", () => {
  test.each([
    { args: ["genrate"], says: 'there is no command "genrate"; did you mean generate?', see: "toolwright --help" },
    { args: ["help", "serv"], says: "did you mean serve?", see: "toolwright help --help" },
    { args: ["toString"], says: "the commands are init, generate", see: "toolwright --help" },
    { args: ["generate", "--chek"], says: "there is no option --chek; did you mean --check?" },
    { args: ["tools", "--zzz"], says: "there is no option --zzz; it has --tool, --json, --config" },
    { args: ["sandbox", "freshservice", "-z"], says: "there is no option -z" },
    { args: ["generate", "--only"], says: "--only" },
    { args: ["generate", "--check=yes"], says: "--check" },
    { args: ["generate", "acme"], says: "name an API with --only" },
    { args: ["generate", "--dump", "plans"], says: "there is documents, operations, plan, files" },
    { args: ["generate", "--check", "--dump", "plan"], says: "do not go together" },
    { args: ["generate", "--only", "acne"], says: 'tools.yaml names no API "acne"' },
    { args: ["generate", "--config", "nowhere/tools.yaml"], says: "there is no folder" },
    { args: ["serve", "freshservce"], says: "did you mean freshservice?" },
    { args: ["serve", "freshservice", "--http", "99999"], says: "99999 is no port" },
    { args: ["serve", "freshservice", "--sandbox", "--host", "::1"], says: "--host needs --http" },
    {
      args: ["serve", "freshservice", "--http", "0", "--public-url", "mcp.example.com"],
      says: "mcp.example.com is no URL; one is like https://mcp.example.com",
    },
    { args: ["serve", "freshservice", "--fault", "429"], says: "--fault needs --sandbox" },
    { args: ["serve", "freshservice", "--sandbox", "--fault", "42"], says: "there is 429, 500" },
    { args: ["call"], says: "name one tool" },
    { args: ["call", "fetchTicket", "{}", "{}"], says: "name one tool" },
    { args: ["call", "fetchTickt"], says: "did you mean fetchTicket or fetchTickets?", see: NAMES },
    { args: ["call", "fetchTicket", "{ticket_id: 1}"], says: "the arguments are no JSON" },
    { args: ["call", "fetchTicket", "--dry-run", "--fields"], says: "choose one" },
    { args: ["tools", "--tool", "fetchTicke"], says: "did you mean fetchTicket or fetchTickets?", see: NAMES },
    { args: ["tools", "fresh"], says: "did you mean freshservice?" },
    { args: ["operations"], says: "name one API of tools.yaml, or one OpenAPI file" },
    { args: ["operations", "nothing"], says: 'tools.yaml names no API "nothing"; it names freshservice' },
    { args: ["sandbox"], says: "name one API; there is freshservice, halo-itsm, halo-lms" },
    { args: ["sandbox", "freshservice", "--port", "x"], says: "x is no port" },
    { args: ["sandbox", "freshservice", "--fault", "x"], says: "there is 429" },
    { args: ["sandbox", "nope"], says: 'there is no API "nope"' },
    { args: ["doctor"], says: "name one API; there is freshservice" },
    { args: ["login"], says: "there is freshservice" },
    { args: ["--hlep"], says: "did you mean --help?", see: "toolwright --help" },
    { args: ["generate", "--config", "nowhere"], says: "there is no " },
    {
      args: ["serve", "freshservice", "--http", "0.0.0.0:9000"],
      says: "--http takes a port: --http 9000 --host 0.0.0.0",
    },
    { args: ["doctor", "freshservices"], says: "did you mean freshservice?" },
  ])("$args ends with code 2 and says: $says", async ({ args, says, see }) => {
    const { code, out, note } = await run(args, { cwd });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const [error = "", help = "", ...others] = note.trimEnd().split("\n");
    expect(error).toMatch(/^error: /);
    expect(error).toContain(says);
    const wanted = see?.replace("help --help", "--help") ?? `toolwright ${args[0]} --help`;
    expect(help).toBe(see === NAMES ? NAMES : `  help: see \`${wanted}\``);
    expect(others).toEqual([]);
  });
});

test("a Node that is too old is told so, whatever was asked", async () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } })';
  const env = { ...ownEnvironment(), NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
  for (const args of [["--help"], ["serve", "freshservice"]]) {
    const { code, out, note } = await run(args, { cwd, env });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toMatch(
      /^error: this is Node 18\.20\.8, and Node [\d.]+ or newer is needed\n {2}help: install a newer one/,
    );
    expect(note).toContain(`Node ${engines.node.replace(">=", "")} or newer`);
  }
});

describe("streams and codes", () => {
  test("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await run(["--version"])).toEqual({ code: 0, out: `${version}\n`, note: "" });
  });

  test("results go to standard output, and nothing else does", async () => {
    for (const args of [["tools"], ["operations", "freshservice"], ["generate"]])
      expect(await run(args, { cwd }), String(args)).toMatchObject({ code: 0, note: "" });
    const refused = await run(["serve", "freshservice"], { cwd });
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.note).toMatch(/^error: .*\n {2}help: .*\n$/);
  });

  test("a fault of ours ends with code 70, and asks for a report", async () => {
    const installed = emptyProject({ "package.json": '{ "type": "module" }' });
    const dist = join(installed.directory, "dist");
    cpSync(resolve(CLI, ".."), dist, { recursive: true });
    for (const chunk of readdirSync(join(dist, "chunks")))
      if (chunk.startsWith("tools-")) rmSync(join(dist, "chunks", chunk));
    const broken = promisify(execFile)(process.execPath, [join(dist, "cli.js"), "tools"]);
    const error = await broken.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 70, stdout: "" });
    expect(error).toMatchObject({ stderr: expect.stringMatching(/^bug: Error.*tools-[\s\S]*help: .*please report/) });
    installed.remove();
  });

  test("a reader that has read enough is no fault", async () => {
    const script = `"${process.execPath}" "${CLI}" tools --json | head -1`;
    const { stdout, stderr } = await promisify(execFile)("sh", ["-c", script], { cwd });
    expect({ stdout, stderr }).toEqual({ stdout: "{\n", stderr: "" });
  });
});

describe("colour", () => {
  test("none in a pipe", async () => {
    const { out } = await run(["tools"], { cwd, env: ownEnvironment({ TERM: "xterm-256color" }) });
    const { note } = await run(["bogus"], { cwd, env: ownEnvironment({ TERM: "xterm-256color" }) });
    expect(out + note).not.toContain(ESCAPE);
  });

  test.skipIf(!hasScript())("on a terminal, unless NO_COLOR or TERM=dumb forbid it", async () => {
    const xterm = { TERM: "xterm-256color" };
    expect(await onTerminal("tools --tool fetchTicket", xterm)).toContain(`${ESCAPE}[1mfetchTicket${ESCAPE}[22m`);
    expect(await onTerminal("bogus", xterm)).toContain(`${ESCAPE}[31merror`);
    expect(await onTerminal("tools --tool fetchTicket", { ...xterm, NO_COLOR: "1" })).not.toContain(ESCAPE);
    expect(await onTerminal("bogus", { TERM: "dumb" })).not.toContain(ESCAPE);
    // Only the notes are on the terminal: what is piped stays plain.
    expect(await onTerminal("tools --tool fetchTicket | cat", xterm)).not.toContain(ESCAPE);
  });

  async function onTerminal(command: string, env: Readonly<Record<string, string>>): Promise<string> {
    const line = `"${process.execPath}" "${CLI}" ${command}`;
    const child = endedWithTests(execFile("script", ["-qc", line, "/dev/null"], { cwd, env: ownEnvironment(env) }));
    child.stdin?.end();
    let said = "";
    child.stdout?.on("data", (chunk: string) => (said += chunk));
    await new Promise((done) => child.once("close", done));
    return said;
  }
});

/** `script` of util-linux gives a command a terminal. */
function hasScript(): boolean {
  try {
    return execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux");
  } catch {
    return false;
  }
}
