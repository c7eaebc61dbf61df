import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CLIENTS, connect, type TestClient } from "./clients.ts";
import { ACME_ENVIRONMENT, acmeAnswer, acmeProject, type TestProject } from "./project.ts";
import { type Recorder, startRecorder } from "./recorder.ts";
import { CLI, ownEnvironment, run, serve, type Serving } from "./server.ts";
import { FRESHSERVICE_TOOLS } from "./tool-names.ts";

const KIND: (typeof CLIENTS)[number] = "SDK v2, 2026-07-28";
const REAL = { FRESHSERVICE_DOMAIN: "acme.example", FRESHSERVICE_API_KEY: "key" };
const running: { stop?(): Promise<unknown>; close?(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await (one.close?.() ?? one.stop?.());
});

/** A server over HTTP, ended after the test. */
async function serving(args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string): Promise<Serving> {
  const server = await serve(args, ownEnvironment(env), cwd);
  running.push(server);
  return server;
}

async function client(url: string): Promise<TestClient> {
  const connected = await connect(KIND, { url });
  running.push(connected);
  return connected;
}

const namesOf = async ({ url }: Serving) => (await (await client(url)).tools()).map(({ name }) => name);

describe("which tools are served", () => {
  test("--read-only: none that writes, and calling one anyway is refused", async () => {
    const server = await serving(["freshservice", "--sandbox", "--read-only"], {});
    const reading = FRESHSERVICE_TOOLS.filter((name) => name.startsWith("fetch"));
    expect(await namesOf(server)).toEqual(reading);
    const caller = await client(server.url);
    await expect(caller.call("createTicket", { subject: "x", description: "y" })).rejects.toThrow(/Unknown tool/);
  });

  test("--tools and --except, several times and with commas", async () => {
    const args = ["--tools", "fetchTicket,fetchAgents", "--tools", "createTicket", "--except", "createTicket"];
    const server = await serving(["freshservice", "--sandbox", ...args], {});
    expect(await namesOf(server)).toEqual(["fetchAgents", "fetchTicket"]);
    expect(server.banner).toContain("2 tools");
  });

  test.each([
    { args: ["--tools", "fetchTicke"], says: /no tool "fetchTicke"; did you mean fetchTicket or fetchTickets\?/ },
    { args: ["--except", "x"], says: /no tool "x"\n {2}help: see `toolwright tools`/ },
    { args: ["--read-only", "--tools", "createTicket"], says: /no tool is left to serve\n {2}help: give fewer/ },
  ])("$args cannot be served, and the stand-in that was started does not linger", async ({ args, says }) => {
    const { code, out, note } = await run(["serve", "freshservice", "--sandbox", ...args], { env: ownEnvironment() });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toMatch(says);
  });
});

describe("where it listens", () => {
  test("a port in use is named, with the next one", async () => {
    const other = await startRecorder();
    running.push(other);
    const port = Number(new URL(other.url).port);
    const args = ["serve", "freshservice", "--sandbox", "--http", String(port)];
    const { code, out, note } = await run(args, { env: ownEnvironment() });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toBe(
      `error: port ${port} on 127.0.0.1 is in use\n  help: stop what listens there, or choose another port: --http ${port + 1}\n`,
    );
  });

  test.each(["0.0.0.0", "::", "192.0.2.1"])("%s with real credentials is refused", async (host) => {
    const args = ["serve", "freshservice", "--http", "0", "--host", host];
    const { code, out, note } = await run(args, { env: ownEnvironment(REAL) });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toContain(`everyone who reaches ${host} could use Freshservice with your credentials`);
    expect(note).toContain("help: leave out --host to serve this machine only, choose another access.mode");
  });

  test("0.0.0.0 with the sandbox is served, and a rebound host name refused", async () => {
    const server = await serve(["freshservice", "--sandbox", "--host", "0.0.0.0"], ownEnvironment());
    const { url } = server;
    const status = await new Promise((done) => {
      const headers = { host: "evil.example" };
      request(new URL("/livez", url), { headers }, (response) => done(response.resume().statusCode)).end();
    });
    expect(status).toBe(403);
    expect((await fetch(new URL("/livez", url))).status).toBe(200);
    await server.stop("SIGKILL"); // it would stay up for a load balancer to notice
  });

  test("a signal ends it with code 0", async () => {
    const server = await serve(["freshservice", "--sandbox"], ownEnvironment());
    expect(await server.stop("SIGINT")).toBe(0);
  });
});

describe("the sandbox", () => {
  test.each(["http", "stdio"])("over %s it is nothing else, whatever the environment holds", async (transport) => {
    const recorder = await startRecorder();
    running.push(recorder);
    const env = {
      FRESHSERVICE_DOMAIN: recorder.host,
      FRESHSERVICE_API_KEY: "real-key",
      FRESHSERVICE_AGENT_ID: "777",
      FRESHSERVICE_CALLS_PER_MINUTE: "1",
    };
    const args = ["freshservice", "--sandbox"];
    const http = transport === "http" ? await serving(args, env) : undefined;
    const target = http ?? { args: [CLI, "serve", ...args], env: ownEnvironment(env) };
    const caller = await connect(KIND, target);
    running.push(caller);
    if (http)
      expect(http.banner).toMatch(/^\s*SANDBOX {2}Freshservice, 34 tools.*nothing reaches the real Freshservice/);
    expect(caller.serverTitle).toBe("Freshservice (SANDBOX)");
    expect(caller.instructions).toMatch(/^SANDBOX: /);
    expect(caller.instructions).not.toContain("777");
    for (const ticket of [1023, 10234]) {
      const { value } = await caller.call("fetchTicket", { ticket_id: ticket });
      expect(value).toMatchObject({ id: ticket });
    }
    expect(recorder.connections()).toBe(0);
  });

  test("sends nothing to another machine, even when told to", async () => {
    const args = ["serve", "freshservice", "--sandbox", "--server", "https://acme.example/api", "--http", "0"];
    const { code, note } = await run(args, { env: ownEnvironment() });
    expect(code).toBe(1);
    expect(note).toMatch(/the sandbox of Freshservice would send .* to another machine\n {2}help: leave out/);
  });

  test("an API without one says so", async () => {
    const acme = acmeProject();
    await run(["generate"], { cwd: acme.directory });
    const { code, note } = await run(["serve", "--sandbox"], { cwd: acme.directory });
    expect(code).toBe(1);
    expect(note).toMatch(/^error: acme has no sandbox: there is no specs\/acme\/sandbox\.yaml.*\n {2}help: leave out/);
    acme.remove();
  });
});

describe("a project of one's own", () => {
  let project: TestProject;
  let recorder: Recorder;
  beforeAll(async () => {
    project = acmeProject();
    recorder = await startRecorder(acmeAnswer);
    await run(["generate"], { cwd: project.directory });
  });
  afterAll(async () => {
    await recorder.close();
    project.remove();
  });
  const acme = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
    await serving(["acme", ...args, "--server", recorder.url], env, project.directory);

  test("--log: one line of JSON for each call, without its arguments", async () => {
    const server = await acme(["--log"], ACME_ENVIRONMENT);
    const caller = await client(server.url);
    await caller.call("get_ticket", { ticket_id: 1 });
    await caller.call("get_ticket", { ticket_id: 424242 });
    await caller.call("create_ticket", { subject: "private words" });
    await caller.call("create_ticket", { subjekt: "private words" });
    const lines = server.notes().slice(server.banner.length).trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ tool, status }) => [tool, status])).toEqual([
      ["get_ticket", "ok"],
      ["get_ticket", "not_found"],
      ["create_ticket", "ok"],
      ["create_ticket", "invalid_arguments"],
    ]);
    for (const record of records)
      expect(Object.keys(record)).toEqual(["time", "api", "tool", "status", "ms", "attempts"]);
    for (const text of ["private words", "424242", "acme-secret-token"]) expect(server.notes()).not.toContain(text);
  });

  test("missing variables are named together", async () => {
    const { code, out, note } = await run(["serve", "acme"], { cwd: project.directory });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toBe(
      "error: Acme needs ACME_DOMAIN, ACME_TOKEN, which are not set\n" +
        "  help: set them in the environment or in a file .env: ACME_DOMAIN=… ACME_TOKEN=…\n",
    );
    const one = await run(["serve", "acme"], {
      cwd: project.directory,
      env: ownEnvironment({ ACME_DOMAIN: "a.example" }),
    });
    expect(one.note).toMatch(/^error: Acme needs ACME_TOKEN, which is not set\n/);
  });

  test(".env is read, and the environment wins", async () => {
    project.write(".env", "ACME_DOMAIN=acme.example\nACME_TOKEN='from the file'\nACME_AGENT_ID=7\n");
    recorder.requests.length = 0;
    const filed = await client((await acme([], {})).url);
    expect(filed.instructions).toContain("agent_id 7");
    await filed.call("get_ticket", { ticket_id: 1 });
    const set = await client((await acme([], { ACME_TOKEN: "from-outside" })).url);
    await set.call("get_ticket", { ticket_id: 1 });
    expect(recorder.requests.map(({ authorization }) => authorization)).toEqual([
      "Bearer from the file",
      "Bearer from-outside",
    ]);
  });
});

describe("a stand-in of one's own process", () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox("specs/freshservice/sandbox.yaml")));
  afterAll(async () => await sandbox.close());

  test("is live to the server: nothing says SANDBOX", async () => {
    const server = await serving(["freshservice", "--server", sandbox.url], { ...sandbox.environment });
    const caller = await client(server.url);
    expect(server.banner).toMatch(/^\s*LIVE {2}Freshservice, 34 tools\n/);
    expect(caller.serverTitle).toBe("Freshservice");
    expect(caller.instructions).not.toContain("SANDBOX");
    expect(await caller.call("fetchTicket", { ticket_id: 1023 })).toMatchObject({ isError: false });
  });
});
