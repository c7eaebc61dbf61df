import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compareSpecs } from "../../../src/generator/compare/compare-specs.ts";
import { readToolsFile } from "../../../src/generator/tools-file/read-tools-file.ts";
import { loadSpec } from "../../../src/spec/load-spec.ts";

const SPEC = `openapi: 3.1.0
info: { title: Acme, version: "1" }
security: [{ key: [] }]
paths:
  /tickets:
    get:
      operationId: listTickets
      summary: List tickets
      parameters:
        - { name: status, in: query, schema: { type: string, enum: [open, closed] } }
        - { name: days, in: query, schema: { type: integer, maximum: 90 } }
        - { name: page, in: query, schema: { type: integer } }
      responses: { "200": { description: OK, content: { application/json: { schema: { type: object, properties: { tickets: { type: array, items: { type: object, properties: { id: { type: integer }, subject: { type: string } } } } } } } } } }
    post:
      operationId: createTicket
      summary: Create a ticket
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [subject], properties: { subject: { type: string }, due: { type: object, properties: { at: { type: string } } } } } } } }
      responses: { "201": { description: Created } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
`;

const TOOLS = `apis:
  acme:
    spec: acme.yaml
    servers: { api: { url: "https://acme.example" } }
    tools:
      list_tickets:
        operation: GET /tickets
        pagination: { page: page, size: { fixed: 30 }, end: short-page }
        result: { items: /tickets, fields: [id, subject] }
      create_ticket: { operation: createTicket, description: Create a ticket. }
`;

/** What changes when each of some texts in the description is replaced, as `weight tool: message`. */
async function changes(...replacements: readonly (readonly [was: string, is: string])[]): Promise<string[]> {
  return await changesOf(TOOLS, replacements);
}

async function changesOf(
  tools: string,
  replacements: readonly (readonly [was: string, is: string])[],
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-compare-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let newer = SPEC;
  for (const [was, is] of replacements) {
    expect(newer, was).toContain(was);
    newer = newer.replace(was, is);
  }
  mkdirSync(join(folder, "new"));
  for (const [file, text] of [
    ["tools.yaml", tools],
    ["acme.yaml", SPEC],
    ["new/acme.yaml", newer],
  ] as const)
    writeFileSync(join(folder, file), text);
  const { config } = await readToolsFile(folder);
  const at = { file: "tools.yaml", pointer: "" };
  const [before, after] = await Promise.all(
    ["acme.yaml", "new/acme.yaml"].map(async (file) => await loadSpec({ projectDir: folder, file, at })),
  );
  const [entry] = config?.apis ?? [];
  if (!entry || !before?.spec || !after?.spec) expect.fail("the case cannot be read");
  const found = compareSpecs({ entry, before: before.spec, after: after.spec });
  for (const { fix } of found) expect(fix.length).toBeGreaterThan(10);
  return found.map(({ weight, tool, message }) => `${weight} ${tool ?? "-"}: ${message}`);
}

test("the same description changes nothing", async () => expect(await changes()).toEqual([]));

test.each([
  [
    "an operation that is gone",
    ["  /tickets:\n", "  /issues:\n"],
    ["breaking list_tickets: GET /tickets is gone", "additive -: 2 new operations"],
  ],
  [
    "an argument that is gone",
    ["name: days", "name: weeks"],
    ["breaking list_tickets: the argument `days` is gone", "additive list_tickets: the argument `weeks` is new"],
  ],
  [
    "an argument that is required now",
    ["{ name: days, in: query,", "{ name: days, in: query, required: true,"],
    ["breaking list_tickets: the argument `days` is required now"],
  ],
  [
    "a required property that is new",
    ["required: [subject], properties: {", "required: [subject, kind], properties: { kind: { type: string },"],
    ["breaking create_ticket: the argument `kind` is new and required"],
  ],
  [
    "an optional property that is new",
    [
      "properties: { subject: { type: string }, due",
      "properties: { subject: { type: string }, kind: { type: string }, due",
    ],
    ["additive create_ticket: the argument `kind` is new"],
  ],
  [
    "a choice that is gone",
    ["enum: [open, closed]", "enum: [open]"],
    ['breaking list_tickets: the argument `status` no longer takes "closed"'],
  ],
  [
    "a choice that is new",
    ["enum: [open, closed]", "enum: [open, closed, held]"],
    ['additive list_tickets: the argument `status` takes "held" too'],
  ],
  [
    "another type",
    ["{ type: integer, maximum: 90 }", "{ type: string }"],
    [
      "breaking list_tickets: the argument `days` was integer, is string",
      "additive list_tickets: the argument `days` has maximum none",
    ],
  ],
  [
    "a smaller bound",
    ["maximum: 90", "maximum: 30"],
    ["breaking list_tickets: the argument `days` has maximum 30 instead of 90"],
  ],
  [
    "a larger bound",
    ["maximum: 90", "maximum: 365"],
    ["additive list_tickets: the argument `days` has maximum 365 instead of 90"],
  ],
  [
    "a member that is demanded",
    ["due: { type: object,", "due: { type: object, required: [at],"],
    ["breaking create_ticket: the argument `due` demands `at` now"],
  ],
  [
    "a field that is gone",
    ["subject: { type: string } } } } } } } } }", "title: { type: string } } } } } } } } }"],
    ["breaking list_tickets:"],
  ],
  ["items that are gone", ["properties: { tickets: {", "properties: { rows: {"], ["breaking list_tickets:"]],
  [
    "a paging parameter that is gone",
    ["name: page,", "name: p,"],
    ["breaking list_tickets:", "breaking list_tickets:", "additive list_tickets:"],
  ],
  [
    "another credential",
    ["name: X-Key", "name: X-Other"],
    [
      "breaking create_ticket: it asks for another credential: the header key X-Other instead of the header key X-Key",
      "breaking list_tickets",
    ],
  ],
  [
    "other words",
    ["summary: List tickets", "summary: Lists all tickets"],
    ["wording list_tickets: the vendor describes it in other words"],
  ],
] as const)("%s", async (_, replacement, want) => {
  const found = await changes(replacement);
  expect(found.map((line, index) => line.slice(0, (want[index] ?? line).length))).toEqual(want);
});

test("breaking stands first", async () => {
  const found = await changes(
    ["summary: List tickets", "summary: Lists"],
    ["enum: [open, closed]", "enum: [open, held]"],
  );
  expect(found.map((line) => line.split(" ")[0])).toEqual(["breaking", "additive", "wording"]);
});

test("the steps of a tool count, with what they ask for alone", async () => {
  const tools = TOOLS.replace(
    /    tools:[^]*/,
    `    steps:
      newest: { operation: listTickets, parameters: { days: { value: 1 } }, outputs: { id: "$response.body#/tickets/0/id" } }
    tools:
      repeat:
        description: Create the newest ticket again.
        steps: [newest, { stepId: create, operation: createTicket, parameters: { due: { value: { at: $steps.newest.outputs.id } } } }]
`,
  );
  expect(await changesOf(tools, [])).toEqual([]);
  expect(await changesOf(tools, [["name: status", "name: state"]])).toEqual([
    "additive repeat: the argument `state` is new",
  ]);
  expect(await changesOf(tools, [["name: days", "name: weeks"]])).toContain(
    "breaking repeat: the argument `days` is gone",
  );
  const renamed = await changesOf(tools, [
    ["properties: { id: { type: integer }", "properties: { number: { type: integer }"],
  ]);
  expect(renamed).toContain('breaking repeat: "$response.body#/tickets/0/id" points at nothing');
});
