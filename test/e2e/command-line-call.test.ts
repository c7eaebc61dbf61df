import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { ACME_ENVIRONMENT, acmeAnswer, acmeProject, type TestProject } from "./project.ts";
import { type Recorder, startRecorder } from "./recorder.ts";
import { ownEnvironment, run } from "./server.ts";

const FRESHSERVICE = { FRESHSERVICE_DOMAIN: "acme.example", FRESHSERVICE_API_KEY: "secret-key-of-ours" };

/** One call of a tool of the vendors that ship with the package. */
async function call(args: readonly string[], env: Readonly<Record<string, string>> = FRESHSERVICE, input = "") {
  return await run(["call", ...args], { env: ownEnvironment(env), input });
}

describe("against the sandbox", () => {
  test("the answer is JSON on standard output", async () => {
    const { code, out, note } = await call(["fetchTicket", '{"ticket_id":1023}', "--sandbox"], {});
    expect({ code, note }).toEqual({ code: 0, note: "" });
    expect(JSON.parse(out)).toMatchObject({ id: 1023, subject: expect.stringMatching(/\S/) });
  });

  test("- reads the arguments from standard input", async () => {
    const { code, out } = await call(["fetchTicket", "-", "--sandbox"], {}, '{"ticket_id":1023}\n');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: 1023 });
    expect(await call(["fetchTicket", "-", "--sandbox"], {}, '{"ticket_id":')).toMatchObject({ code: 2, out: "" });
  });

  test.each([
    { args: ["fetchTicket", '{"ticket":1023}'], says: /ticket: unknown argument; did you mean ticket_id\?/ },
    { args: ["fetchTicket", '{"ticket_id":"first"}'], says: /ticket_id/ },
    { args: ["fetchTicket", "[]"], says: /its arguments must be one JSON object/ },
  ])("what is wrong with $args is said in the tool's own words", async ({ args, says }) => {
    const { code, out, note } = await call([...args, "--sandbox"], {});
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toMatch(/^error: /);
    expect(note).toMatch(says);
    expect(note).toMatch(/\n {2}help: see `toolwright tools --tool fetchTicket` for its arguments\n$/);
  });

  test("--fields shows what each field costs, and a result.fields", async () => {
    const { code, out } = await call(["fetchRequester", '{"requester_id":21000500001}', "--sandbox", "--fields"], {});
    expect(code).toBe(0);
    const [heading = "", ...rows] = out.split("\n");
    const whole = Number(/^1 object, (\d+) bytes, about \d+ tokens$/.exec(heading)?.[1]);
    const bytes = rows.flatMap((row) => /^\w+ +(\d+) +[\d.]+ %/.exec(row)?.[1] ?? []).map(Number);
    expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
    expect(whole - bytes.reduce((a, b) => a + b)).toBeLessThan(whole / 20); // braces and commas
    expect(out).toMatch(/^result: \{ fields: \[id, is_agent, first_name, .*\] \}$/m);
  });

  test("--read-only refuses a tool that writes", async () => {
    const ticket = '{"subject":"x","description":"y","requester_id":21000500001}';
    const { code, out, note } = await call(["createTicket", ticket, "--sandbox", "--read-only"], {});
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toMatch(/only reads, and createTicket writes[\s\S]*help: leave out --read-only/);
  });
});

describe("--dry-run", () => {
  test("shows the query quoted and encoded, secrets masked", async () => {
    const { code, out, note } = await call(["fetchTickets", '{"query":"priority:3"}', "--dry-run"]);
    expect({ code, note }).toEqual({ code: 0, note: "" });
    expect(JSON.parse(out)).toEqual({
      method: "GET",
      url: "https://acme.example/api/v2/tickets/filter?query=%22priority%3A3%22&page=1",
      headers: expect.objectContaining({ accept: "application/json", authorization: "Basic ***" }),
      body: null,
    });
    const secret = FRESHSERVICE.FRESHSERVICE_API_KEY;
    for (const text of [secret, btoa(secret).slice(0, 16), btoa(`${secret}:X`)]) expect(out).not.toContain(text);
  });

  test("needs no variable: names stand for them", async () => {
    const { code, out, note } = await call(["fetchTickets", '{"query":"priority:3"}', "--dry-run"], {});
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ url: expect.stringContaining("https://freshservice-domain.invalid/api") });
    expect(note).toMatch(/^note: FRESHSERVICE_API_KEY, FRESHSERVICE_DOMAIN are not set, and names stand for them/);
  });

  test("shows a body, and sends nothing", async () => {
    const recorder = await startRecorder();
    const args = ["createTicketNote", '{"ticket_id":1,"body":"Restarted."}', "--dry-run", "--server", recorder.url];
    const { out } = await call(args, { FRESHSERVICE_API_KEY: "k" });
    expect(JSON.parse(out)).toMatchObject({
      method: "POST",
      url: `${recorder.url}/tickets/1/notes`,
      body: { body: "Restarted." },
    });
    expect(recorder.connections()).toBe(0);
    await recorder.close();
  });

  test("refuses what a call would refuse", async () => {
    const { code, out, note } = await call(["fetchTicket", '{"ticket_id":0.5}', "--dry-run"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toContain("ticket_id");
  });
});

describe("--server", () => {
  let project: TestProject;
  let recorder: Recorder;
  let cwd: string;
  const env = ownEnvironment(ACME_ENVIRONMENT);
  beforeAll(async () => {
    project = acmeProject();
    cwd = project.directory;
    recorder = await startRecorder(acmeAnswer);
    await run(["generate"], { cwd });
  });
  afterAll(async () => {
    await recorder.close();
    project.remove();
  });

  test("sends the calls of a server elsewhere, with its credential", async () => {
    const named = await run(["call", "list_tickets", '{"state":"open"}', "--server", `api=${recorder.url}`], {
      cwd,
      env,
    });
    expect(JSON.parse(named.out)).toEqual({
      items: [
        { id: 1, subject: "Printer on fire" },
        { id: 2, subject: "VPN drops" },
      ],
    });
    const args = ["call", "create_ticket", '{"subject":"New"}', "--server", recorder.url];
    expect(JSON.parse((await run(args, { cwd, env })).out)).toEqual({ id: 3, subject: "New" });
    expect(recorder.requests).toEqual([
      {
        method: "GET",
        path: "/tickets?state=open&page=1&per_page=30",
        authorization: "Bearer acme-secret-token",
        body: "",
      },
      { method: "POST", path: "/tickets", authorization: "Bearer acme-secret-token", body: '{"subject":"New"}' },
    ]);
  });

  test("only this API's variables matter", async () => {
    project.write("tools.yaml", `${project.read("tools.yaml")}${OTHER}`);
    await run(["generate"], { cwd });
    const { code } = await run(["call", "get_ticket", '{"ticket_id":1}', "--server", recorder.url], { cwd, env });
    expect(code).toBe(0);
    const { note } = await run(["call", "close_ticket", '{"ticket_id":1}'], { cwd, env });
    expect(note).toMatch(/^error: Other needs OTHER_DOMAIN, which is not set\n {2}help: .*OTHER_DOMAIN=/);
  });

  test("the fields that --fields proposes can be pasted", async () => {
    const args = ["call", "list_tickets", "--server", recorder.url];
    const measured = await run([...args, "--fields"], { cwd, env });
    expect(measured.out).toMatch(/^owner +\d+ +[\d.]+ % {2}always null$/m);
    const pasted = /^result: \{ (fields: .*) \}$/m.exec(measured.out)?.[1] ?? "";
    expect(pasted).toBe("fields: [id, subject, state, body]");
    project.edit("tools.yaml", "fields: [id, subject]", pasted);
    expect(await run(["generate"], { cwd })).toMatchObject({ code: 0, note: "" });
    const { items } = JSON.parse((await run(args, { cwd, env })).out) as { items: object[] };
    expect(items[0]).toEqual({ id: 1, subject: "Printer on fire", state: "open", body: "It burns." });
  });

  test("a vendor that is not there, and a server that is not", async () => {
    const gone = await startRecorder();
    await gone.close();
    const away = await run(["call", "list_tickets", "--server", gone.url], { cwd, env });
    expect(away).toMatchObject({ code: 1, out: "" });
    expect(away.note).toMatch(/^error: Acme cannot be reached.*\n {2}help: see `toolwright doctor acme`/);
    const unknown = await run(["call", "list_tickets", "--server", `apu=${recorder.url}`], { cwd, env });
    expect(unknown.note).toMatch(/^error: Acme has no server "apu"; did you mean api\?\n {2}help: .*api\n$/);
    const plain = await run(["call", "list_tickets", "--server", "http://acme.example"], { cwd, env });
    expect(plain.note).toMatch(/must use https/);
  });
});

describe("what the vendor refuses", () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox("specs/freshservice/sandbox.yaml")));
  afterAll(async () => await sandbox.close());

  test("a wrong key names its variable, and never its value", async () => {
    const { code, note } = await call(["fetchAgents", "--server", sandbox.url]);
    expect(code).toBe(1);
    expect(note).toMatch(/401.*FRESHSERVICE_API_KEY[\s\S]*help: see `toolwright doctor freshservice`/);
    expect(note).not.toContain(FRESHSERVICE.FRESHSERVICE_API_KEY);
  });
});

const OTHER = `  other:
    title: Other
    spec: specs/acme.yaml
    servers: { api: { url: "https://{domain}/v1", variables: { domain: "\${OTHER_DOMAIN}" } } }
    tools:
      close_ticket: { description: Close a ticket., operation: closeTicket }
`;
