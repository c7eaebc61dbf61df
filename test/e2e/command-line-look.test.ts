import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { ACME_ENVIRONMENT, acmeAnswer, acmeProject, emptyProject, type TestProject } from "./project.ts";
import { startRecorder } from "./recorder.ts";
import { CLI, ownEnvironment, run } from "./server.ts";
import { FRESHSERVICE_TOOLS } from "./tool-names.ts";

let project: TestProject;
let cwd: string;
beforeAll(async () => {
  project = acmeProject();
  cwd = project.directory;
  await run(["generate"], { cwd });
});
afterAll(() => project.remove());

describe("tools", () => {
  test("a table of all tools with effect, bytes and tokens", async () => {
    const { out } = await run(["tools"], { cwd });
    const [heading = "", , head = "", ...rows] = out.trimEnd().split("\n");
    expect(heading).toMatch(/^acme: 3 tools, \d+ bytes, about \d+ tokens$/);
    expect(head).toMatch(/^tool +effect +bytes +tokens +share$/);
    expect(rows.map((row) => row.split(/ +/).slice(0, 2))).toEqual([
      ["create_ticket", "write"],
      ["get_ticket", "read"],
      ["list_tickets", "read"],
    ]);
    const bytes = rows.map((row) => Number(row.split(/ +/)[2]));
    expect(bytes.reduce((a, b) => a + b)).toBe(Number(/(\d+) bytes/.exec(heading)?.[1]));
  });

  test("--tool shows one in full", async () => {
    const { out } = await run(["tools", "--tool", "list_tickets"], { cwd });
    expect(out).toMatch(/^list_tickets {2}read\nList tickets, newest first\.\n\n/);
    expect(out).toMatch(/^state +open\|closed +Only this state\.$/m);
    expect(out).toMatch(/^limit +integer +default 30 +\S/m);
    expect((await run(["tools", "--tool", "get_ticket"], { cwd })).out).toMatch(/^ticket_id +integer +required$/m);
  });

  test("--json is what MCP clients get", async () => {
    const { tools } = JSON.parse((await run(["tools", "--json"], { cwd })).out) as { tools: object[] };
    const catalog = JSON.parse(project.read("generated/acme/catalog.json")) as { tools: object[] };
    expect(tools).toEqual(catalog.tools);
  });

  test("of a folder that is no project: what ships with the package", async () => {
    const empty = emptyProject();
    const { out } = await run(["tools", "freshservice", "--json"], { cwd: empty.directory });
    const { tools } = JSON.parse(out) as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toEqual(FRESHSERVICE_TOOLS);
    empty.write("tools.yaml", "");
    const { code, note } = await run(["tools"], { cwd: empty.directory });
    expect(code).toBe(1);
    expect(note).toMatch(/generated holds no API\n {2}help: run `toolwright generate` first\n$/);
    empty.remove();
  });
});

describe("operations", () => {
  test("of an API: what the allowlist uses, and what it leaves out", async () => {
    const { out } = await run(["operations", "acme"], { cwd });
    expect(out).toMatch(/^Acme 1 \(openapi-3\.1\): 4 operations, 3 used\n/);
    expect(out).toMatch(/^PUT +\/tickets\/\{ticket_id\} +closeTicket$/m);
    expect(out).toMatch(/^GET +\/tickets +listTickets +list_tickets$/m);
    const unused = await run(["operations", "acme", "--unused"], { cwd });
    expect(unused.out.match(/^(GET|PUT|POST) .*/gm)).toEqual([expect.stringMatching(/closeTicket$/)]);
    const rows = JSON.parse((await run(["operations", "acme", "--json"], { cwd })).out) as object[];
    expect(rows).toContainEqual({
      method: "POST",
      path: "/tickets",
      operationId: "createTicket",
      summary: "",
      tags: [],
      tools: ["create_ticket"],
    });
  });

  test("of any file, here or elsewhere", async () => {
    for (const [file, folder] of [
      ["specs/acme.yaml", cwd],
      [`${cwd}/specs/acme.yaml`, "/"],
    ] as const) {
      const { code, out } = await run(["operations", file], { cwd: folder });
      expect(code).toBe(0);
      expect(out).toMatch(/: 4 operations\n/);
    }
    const { code, note } = await run(["operations", "tools.yaml"], { cwd });
    expect(code).toBe(1);
    expect(note).toMatch(/error\[NOT_A_SPEC\][\s\S]*help: [\s\S]*1 error\n$/);
  });
});

describe("sandbox", () => {
  test("serves the vendor on a port of its own, --fault included", async () => {
    const child = endedWithTests(
      spawn(process.execPath, [...WATCHING_PARENT, CLI, "sandbox", "freshservice", "--fault", "429"], {
        env: ownEnvironment(),
      }),
    );
    let said = "";
    await new Promise<void>((done) => {
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Ctrl+C")) done();
      });
    });
    expect(said).toMatch(/^SANDBOX {2}Freshservice, a stand-in with invented data\n/);
    const url = /^ {2}api +(\S+)/m.exec(said)?.[1] ?? "";
    const key = /FRESHSERVICE_API_KEY=(\S+)/.exec(said)?.[1] ?? "";
    const headers = { authorization: `Basic ${btoa(`${key}:X`)}` };
    const answers = [await fetch(`${url}/tickets/1023`, { headers }), await fetch(`${url}/tickets/1023`, { headers })];
    expect(answers.map(({ status }) => status)).toEqual([429, 200]);
    const again = await run(["sandbox", "freshservice", "--port", new URL(url).port]);
    expect(again).toMatchObject({ code: 1, out: "" });
    expect(again.note).toMatch(/^error: port \d+ on 127\.0\.0\.1 is in use\n {2}help: stop what listens there/);
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("that is not described, or badly, says so", async () => {
    expect((await run(["sandbox", "acme"], { cwd })).note).toMatch(
      /^error: acme has no sandbox\n {2}help: describe one in /,
    );
    project.write("specs/acme/sandbox.yaml", "title: [\n");
    expect((await run(["sandbox", "acme"], { cwd })).note).toMatch(
      /^error: .*sandbox\.yaml is no.* YAML: .*\n {2}help: correct /,
    );
    project.write("specs/acme/sandbox.yaml", "title: Acme\nspec: ../acme.yaml\n");
    const { code, note } = await run(["sandbox", "acme"], { cwd });
    expect(code).toBe(1);
    expect(note).toMatch(/^error: .*sandbox\.yaml .*sandbox:\n[\s\S]*\n {2}help: correct .*sandbox\.yaml\n$/);
  });
});

describe("doctor", () => {
  test("names every variable that is missing, and where it is read", async () => {
    const { code, out, note } = await run(["doctor", "acme"], { cwd, env: ownEnvironment({ ACME_TOKEN: "" }) });
    expect({ code, note }).toEqual({ code: 1, note: "" });
    expect(out).toMatch(/^ {2}problem {2}ACME_DOMAIN is not set\n {11}fix: add ACME_DOMAIN=… .*\.env$/m);
    expect(out).toMatch(/^ {2}problem {2}ACME_TOKEN is empty, which counts as not set\n {11}fix: /m);
    expect(out).toMatch(/^ {2}ok {7}ACME_CALLS_PER_MINUTE is not set; 100 is used$/m);
    expect(out).toMatch(/^ {2}skipped {2}ACME_AGENT_ID is not set; it is optional$/m);
    expect(out).toMatch(/\n2 problems, no warnings\n$/);
  });

  test("a fallback that is long is cut between its words", async () => {
    const { out } = await run(["doctor", "freshservice"]);
    expect(out).toMatch(/FRESHSERVICE_SCOPE is not set; (?:freshservice\.\S+ ){2,}… \(\d+ more\) is used$/m);
    const lines = out.split("\n").filter((line) => line.includes("is not set"));
    for (const line of lines) expect(line.length).toBeLessThan(180);
  });

  test("a host that does not resolve, and one that is no host", async () => {
    const env = { ...ACME_ENVIRONMENT, ACME_DOMAIN: "acme.invalid" };
    const unknown = await run(["doctor", "acme", "--live"], { cwd, env: ownEnvironment(env) });
    expect(unknown.code).toBe(1);
    expect(unknown.out).toMatch(
      /^ {2}problem {2}server "api": the name acme\.invalid does not resolve\n {11}fix: check/m,
    );
    expect(unknown.out).toMatch(/1 problem, no warnings\nno tool was tried; mend the problems first\n$/);
    const url = { ...ACME_ENVIRONMENT, ACME_DOMAIN: "https://acme.example/" };
    const { out } = await run(["doctor", "acme"], { cwd, env: ownEnvironment(url) });
    expect(out).toMatch(/problem {2}.*ACME_DOMAIN must be a host name alone\n {11}fix: set ACME_DOMAIN without https/);
  });

  test("never shows a value, whatever is wrong", async () => {
    const env = ownEnvironment({ ...ACME_ENVIRONMENT, ACME_DOMAIN: "no host at all" });
    const { out, note } = await run(["doctor", "acme"], { cwd, env });
    for (const value of ["no host at all", ACME_ENVIRONMENT.ACME_TOKEN]) expect(out + note).not.toContain(value);
  });

  test("--live warns of an answer that differs from the description", async () => {
    const drifting = await startRecorder((request) =>
      request.path === "/tickets/1" ? { id: 1, subject: 5 } : acmeAnswer(request),
    );
    const args = ["doctor", "acme", "--live", "--server", drifting.url];
    const { code, out } = await run(args, { cwd, env: ownEnvironment({ ACME_TOKEN: "t" }) });
    await drifting.close();
    expect(out).toMatch(
      /warning {2}get_ticket: .*differs from the description in 1 place: \/subject must be string\n {11}fix: /,
    );
    expect(out).toMatch(/\nno problems, 1 warning\n$/);
    expect(code).toBe(0);
  });

  test("--live reports a vendor that refuses", async () => {
    const wrong = await startRecorder((request) =>
      request.path.startsWith("/tickets?") ? acmeAnswer(request) : undefined,
    );
    const args = ["doctor", "acme", "--live", "--server", wrong.url];
    const { code, out } = await run(args, { cwd, env: ownEnvironment({ ACME_TOKEN: "t" }) });
    await wrong.close();
    expect(code).toBe(1);
    expect(out).not.toContain("ACME_DOMAIN"); // its server is overridden
    expect(out).toMatch(/^ {2}ok {7}list_tickets: \d+ bytes in \d+ ms, as described$/m);
    expect(out).toMatch(/^ {2}problem {2}get_ticket: .*404[\s\S]*fix: see `toolwright call get_ticket --dry-run`/m);
    expect(wrong.requests.filter(({ method }) => method !== "HEAD").map(({ path }) => path)).toEqual([
      "/tickets?page=1&per_page=1",
      "/tickets/1",
    ]);
  });
});

describe("doctor --live of what ships with the package, against its sandbox", () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox("specs/freshservice/sandbox.yaml")));
  afterAll(async () => await sandbox.close());
  const args = () => ["doctor", "freshservice", "--live", "--server", sandbox.url];

  test("every read tool is ok", async () => {
    const { code, out } = await run(args(), { env: ownEnvironment(sandbox.environment) });
    const ok = out.match(/(?<=^ {2}ok {7})fetch\w+(?=: \d+ bytes in \d+ ms, as described$)/gm) ?? [];
    expect([...ok].sort()).toEqual(FRESHSERVICE_TOOLS.filter((name) => name.startsWith("fetch")));
    expect(out).toMatch(/\nno problems, no warnings\n$/);
    expect(code).toBe(0);
  });

  test("a credential that is refused is tried once", async () => {
    const { code, out } = await run(args(), { env: ownEnvironment({ FRESHSERVICE_API_KEY: "wrong" }) });
    expect(code).toBe(1);
    expect(out).toMatch(/problem {2}fetchAgents: .*401.*\n {11}fix: check the credential's variable/);
    expect(out).toMatch(/skipped {2}the other 22 reads, since the credential was refused\n\n1 problem, no warnings\n$/);
  });
});
