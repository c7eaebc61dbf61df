import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { SandboxFileError } from "../../src/sandbox/sandbox-file.ts";
import { readSandboxFile } from "../../src/sandbox/read-sandbox-file.ts";

/** The two files that docs/sandbox.md teaches with. */
const [DESCRIPTION = "", FILE = ""] = [
  ...readFileSync("docs/sandbox.md", "utf8").matchAll(/^```yaml\n([^]*?)^```$/gm),
].map(([, text = ""]) => text);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolwright-sandbox-"));
  path = join(folder, "sandbox.yaml");
  writeFileSync(join(folder, "openapi.yaml"), DESCRIPTION);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts the example of the page with a part replaced. */
async function start(from = "", to = ""): Promise<Sandbox> {
  expect(FILE).toContain(from);
  writeFileSync(path, FILE.replace(from, to));
  return await startSandbox(path);
}

/** What is said of the file, without the folder. */
async function complaint(from: string, to: string): Promise<string> {
  const error: unknown = await start(from, to).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SandboxFileError);
  return (error as SandboxFileError).message.replaceAll(`${folder}/`, "");
}

test("the example of the page does what the page says", async () => {
  const sandbox = await start();
  const headers = { authorization: "Bearer sandbox-token", "content-type": "application/json" };
  const ask = async (address: string, method = "GET", body?: object) =>
    await fetch(`${sandbox.url}${address}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const created = await ask("/tickets", "POST", { subject: "Broken", email: "john@acme.com" });
  expect([created.status, created.headers.get("location")]).toEqual([201, `${sandbox.url}/tickets/9`]);
  expect(await created.json()).toMatchObject({ ticket: { id: 9, status: 2, requester_id: 31, tags: [] } });
  const query = encodeURIComponent("\"status:2 AND created_at:>'2026-01-01'\"");
  const found = await ask(`/tickets?query=${query}&include=requester`);
  expect(found.headers.get("x-ratelimit-remaining")).toBe("96"); // 1 for the first, 1 + 2 for this one
  expect(await found.json()).toMatchObject({
    tickets: [{ id: 9, requester: { name: "John Miller", email: "john@acme.com" } }, { id: 7 }],
  });
  expect(await (await ask("/tickets/9", "PATCH", { status: 4 })).json()).toMatchObject({ ticket: { status: 4 } });
  const refused = await ask("/tickets", "POST", { status: 9 });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    message: "Validation failed",
    errors: [
      { field: "subject", message: "must be given", code: "missing" },
      { field: "status", message: "must be equal to one of the allowed values", code: "invalid" },
    ],
  });
  expect((await ask("/tickets/99")).status).toBe(404);
  expect(await (await ask("/people")).json()).toMatchObject({ people: [{ id: 31 }, { id: 32 }] });
  await sandbox.close();
});

test.each([
  ["basic", "basic: { username: k }", { authorization: `Basic ${Buffer.from("k:any").toString("base64")}` }],
  ["headers", "headers: { X-Key: k, X-Client: c }", { "x-key": "k", "x-client": "c" }],
])("the credential %s opens", async (_, credential, headers) => {
  const sandbox = await start("credentials: { bearer: sandbox-token }", `credentials: { ${credential} }`);
  const [first] = Object.entries(headers);
  const answers = [headers, Object.fromEntries([first ?? []].map(([name, value]) => [name, `x${value}`])), {}].map(
    async (given) => (await fetch(`${sandbox.url}/people`, { headers: given })).status,
  );
  expect(await Promise.all(answers)).toEqual([200, 401, 401]);
  await sandbox.close();
});

describe("what is wrong is told with its line", () => {
  test.each([
    ["title: Acme Desk", "titel: Acme Desk", /title: .*string.*\n {2}line 2: titel: there is no such key/],
    [
      "credentials: { bearer: sandbox-token }",
      "credentials: { basic: { users: { ann: 7 } } }",
      /credentials\.basic\.users: no section says who the users are/,
    ],
    [
      "    list: tickets",
      "    list: tickest",
      /line \d+: operations.listTickets.list: there is no collection tickest; there is tickets/,
    ],
    [
      "collection: people, match",
      "collection: persons, match",
      /operations.createTicket.lookup.0: there is no collection persons/,
    ],
    ["one: people", "one: nobody", /operations.listTickets.include.requester: there is no collection nobody/],
    ["page: link", "page: links", /line \d+: operations.listTickets.page: /],
    ["    as: tickets ", "    az: tickets ", /operations.listTickets.az: there is no such key/],
    ["by: id, as: ticket, inc", "as: ticket, inc", /operations.getTicket.by: .*string/],
    ["perMinute: 100", "perMinute: many", /line \d+: rate.perMinute: .*number/],
    [
      'named: { tag: "{tags}" }',
      "named: { tag: { one: x, by: y, value: z } }",
      /collections.tickets.named.tag: there is no collection x/,
    ],
    ["written: ", "written: yesterday #", /written: .*ISO/i],
  ])("%s → %s", async (from, to, message) => {
    const said = await complaint(from, to);
    expect(said).toMatch(/^sandbox.yaml does not describe a sandbox:\n {2}line \d+: /);
    expect(said).toMatch(message);
  });

  test("every line that is wrong is named", async () => {
    const said = await complaint("perMinute: 100", "perMinute: many\n  colour: red");
    expect(said.split("\n").slice(1)).toEqual([
      expect.stringMatching(/line 10: rate.perMinute: .*number/),
      "  line 11: rate.colour: there is no such key",
    ]);
  });
});

test.each([
  [
    "  getTicket: {",
    "  getTickets: {",
    "operations.getTickets: the description has no operation getTickets; it has getTicket",
  ],
  [
    "operations: { listTickets: 40 }",
    "operations: { lst: 40 }",
    "rate.operations.lst: the description has no operation lst",
  ],
  ["seed: listPeople", "seed: people", "collections.people.seed: the description has no operation people"],
])("what the description lacks is told: %s → %s", async (from, to, message) => {
  expect(await complaint(from, to)).toContain(message);
});

test.each([
  ["a list that the example lacks", "at: people", "at: persons", 'the example of listPeople holds no list "persons"'],
  ["a file that is no YAML", "paging: {", "paging: {{", "sandbox.yaml is no YAML: "],
  [
    "a description that is not there",
    "spec: openapi.yaml",
    "spec: none.yaml",
    "names a description that cannot be read: ",
  ],
  [
    "a description that is no object",
    "spec: openapi.yaml",
    "spec: sandbox.txt",
    "names a description that cannot be read: ",
  ],
])("%s", async (_, from, to, message) => {
  writeFileSync(join(folder, "sandbox.txt"), "hello");
  const said = await complaint(from, to);
  expect(said).toContain(message);
  expect(said.split("\n")).toHaveLength(1);
});

test("a file that is not there", () => {
  expect(() => readSandboxFile(path)).toThrow(`there is no ${path}, or it cannot be read`);
});

test("T03 references to other hosts are not followed", async () => {
  let asked = 0;
  const { createServer } = await import("node:http");
  const server = createServer((_, response) => {
    asked++;
    response.end("type: object");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const schema = `schema: { $ref: "http://127.0.0.1:${port}/schema.yaml" }`;
  writeFileSync(join(folder, "openapi.yaml"), DESCRIPTION.replace("schema: { type: object }", schema));
  expect(await complaint("", "")).toContain("names a description that cannot be read: ");
  expect(asked).toBe(0);
  server.close();
});
