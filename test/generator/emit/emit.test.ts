import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SchemaObject } from "../../../src/definition/catalog.ts";
import { emit } from "../../../src/generator/emit/emit.ts";
import { exportName } from "../../../src/generator/emit/names.ts";
import type { ToolPlan } from "../../../src/generator/plan/tool-plan.ts";
import { compile, run } from "./compile.ts";
import { ACME, apiPlan, CREATE_NOTE, FETCH_TICKETS, input, queryTool, SEARCH_TREE, toolPlan } from "./plans.ts";

// The expected files are real ones, which `tsc` compiles with the rest of the tests. GOLDEN=rewrite writes them anew.
const fixture = join(import.meta.dirname, "fixture");
const files = await emit(ACME);

test.each([...files])("%s", (file, text) => {
  const path = join(fixture, file);
  if (process.env["GOLDEN"] === "rewrite") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, "utf8"));
});

test("these are all the files", () => {
  const expected = readdirSync(fixture, { recursive: true, encoding: "utf8", withFileTypes: true });
  const names = expected
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(fixture.length + 1));
  expect([...files.keys()].sort()).toEqual(names.sort());
});

test("the modules run as they stand, and export what the plan says", () => {
  const { exports, traces } = run(files);
  expect(traces).toEqual([]);
  const tools = exports.filter((one): one is { name: string; said: { name: string } } =>
    JSON.stringify(one).includes('"shape"'),
  );
  expect(tools.map(({ name, said }) => [name, said.name])).toEqual([
    ["createNote", "create_note"],
    ["fetchTickets", "fetchTickets"],
    ["searchTree", "search_tree"],
  ]);
});

test("the same plan gives the same bytes", async () => {
  const again = await emit(structuredClone(ACME));
  expect([...again]).toEqual([...files]);
});

describe("what equals a default is not printed", () => {
  const request = { method: "GET", path: "/a", server: "api" } as const;
  const printed = async (call: object) => {
    const plan = toolPlan({ steps: [{ stepId: "call", calls: [{ request, ...call }] }] });
    const text = (await emit(apiPlan([plan]))).get("generated/acme/tools/listThings.ts") ?? "";
    return text.slice(text.indexOf("  request"), text.lastIndexOf("});"));
  };
  const bare = '  request: { method: "GET", path: "/a", server: "api" },\n';
  const cases: readonly { given: object; want: string }[] = [
    { given: { effect: "read", idempotent: true, answer: "json" }, want: bare },
    { given: { request: { ...request, query: {}, header: {} } }, want: bare },
    {
      given: { effect: "write", idempotent: false, answer: "text" },
      want: `${bare}  effect: "write",\n  idempotent: false,\n  answer: "text",\n`,
    },
    {
      given: { request: { ...request, query: { a: { value: 1, style: "form", explode: true, allowReserved: true } } } },
      want: '  request: { method: "GET", path: "/a", server: "api", query: { a: { value: 1, allowReserved: true } } },\n',
    },
    {
      given: { request: { ...request, query: { a: { value: 1, style: "pipeDelimited", explode: false } } } },
      want: '  request: { method: "GET", path: "/a", server: "api", query: { a: { value: 1, style: "pipeDelimited" } } },\n',
    },
    {
      given: { request: { ...request, query: { a: { value: { value: 1 } } } } }, // else the object would be taken for the styled form
      want: '  request: { method: "GET", path: "/a", server: "api", query: { a: { value: { value: 1 } } } },\n',
    },
    {
      given: { request: { ...request, body: { contentType: ["application/json"], payload: [] } } },
      want: '  request: { method: "GET", path: "/a", server: "api", body: { payload: [] } },\n',
    },
  ];
  test.each(cases)("$given", async ({ given, want }) => expect(await printed(given)).toBe(want));
});

test.each([
  { given: "list_tickets", want: "listTickets" },
  { given: "fetchTickets", want: "fetchTickets" },
  { given: "GetThing-now", want: "getThingNow" },
  { given: "delete", want: "deleteTool" },
  { given: "z", want: "zTool" },
  { given: "file", want: "fileTool" },
  { given: "_", want: "tool" },
  { given: "_2fa", want: "tool2fa" },
])("the tool $given is the constant $want", ({ given, want }) => expect(exportName(given)).toBe(want));

describe("a module has at most 30 lines, 3 for each argument and 18 for each further step", () => {
  const many = Array.from({ length: 40 }, (_, i) => `field_number_${i}`);
  const words =
    "Words that make a line longer than a line may be, so that they stand on one of their own below the argument.";
  const wide = queryTool(many.slice(0, 9).map((name) => input(name, { type: "string", description: words })));
  const [call] = FETCH_TICKETS.steps[0]!.calls;
  const plans: readonly ToolPlan[] = [
    CREATE_NOTE,
    FETCH_TICKETS,
    SEARCH_TREE,
    { ...wide, result: { fields: many } },
    {
      ...wide,
      steps: [{ stepId: "call", calls: [...wide.steps[0]!.calls, ...wide.steps[0]!.calls, ...wide.steps[0]!.calls] }],
    },
    toolPlan({ result: { fields: many, text: many.map((at) => ({ at, html: true })) } }),
    toolPlan({
      steps: Array.from({ length: 9 }, (_, i) => ({
        stepId: `s${i}`,
        calls: [call!],
        outputs: { a: "$response.body#/a" },
      })),
    }),
  ];
  test.each(plans.map((plan, index) => ({ plan, index })))("$plan.name $index", async ({ plan }) => {
    const text = (await emit(apiPlan([plan]))).get(`generated/acme/tools/${plan.name}.ts`) ?? "";
    expect(text.split("\n").length - 1).toBeLessThanOrEqual(30 + 3 * plan.inputs.length + 18 * (plan.steps.length - 1));
  });
});

describe("schemas of their own", () => {
  const address: SchemaObject = {
    type: "object",
    properties: {
      street: { type: "string" },
      city: { type: "string" },
      zip: { type: "string" },
      country: { type: "string" },
    },
  };
  const taking = (name: string, ...inputs: SchemaObject[]) =>
    queryTool(
      inputs.map((schema, i) => input(`home_${i}`, schema)),
      { name },
    );

  test("an object of four properties that two tools take, whatever they say of it", async () => {
    const described = { ...address, description: "Where they live." };
    const output = await emit(apiPlan([taking("a", address), taking("b", { type: "array", items: described })]));
    expect(output.get("generated/acme/schemas/Home0.ts")).toContain(
      "/** What `a` and `b` take. */\nexport const Home0 = z.looseObject({",
    );
    expect(output.get("generated/acme/tools/a.ts")).toContain("home_0: Home0.optional(),");
    expect(output.get("generated/acme/tools/b.ts")).toContain("home_0: z.array(Home0).optional(),");
    expect(output.get("generated/acme/tools/b.ts")).toContain('import { Home0 } from "../schemas/Home0.ts";\n');
    expect(output.get("generated/acme/catalog.json")).not.toContain("$ref");
    expect(compile(output)).toBe("");
  });

  test("not what one tool takes twice, nor what is short", async () => {
    const { street, city, zip } = address["properties"] as Record<string, SchemaObject>;
    const short = { type: "object", properties: { street, city, zip } };
    const output = await emit(apiPlan([taking("a", address, address), taking("b", short), taking("c", short)]));
    expect([...output.keys()].filter((file) => file.includes("/schemas/"))).toEqual([]);
  });

  test("recursion of every shape compiles, loads in any order, and is checked", async () => {
    const ref = (name: string): SchemaObject => ({ $ref: `#/$defs/${name}` });
    const definitions: Record<string, SchemaObject> = {
      Union: {
        anyOf: [
          { type: "object", properties: { and: { type: "array", items: ref("Union") } }, required: ["and"] },
          { type: "object", properties: { field: { type: "string" } }, required: ["field"] },
        ],
      },
      List: { type: "array", items: ref("List") },
      Table: { type: "object", additionalProperties: ref("Table") },
      Next: { type: ["object", "null"], properties: { next: ref("Next"), a: { type: "integer" } } },
      Both: {
        allOf: [
          { type: "object", properties: { x: ref("Both") } },
          { type: "object", properties: { y: { type: "integer" } } },
        ],
      },
      Deep: {
        type: "object",
        properties: { a: { type: "object", properties: { b: { type: "object", properties: { c: ref("Deep") } } } } },
      },
      One: {
        oneOf: [
          { type: "string" },
          { type: "object", properties: { x: { oneOf: [ref("One"), { type: "integer" }] } } },
        ],
      },
      A: { type: "object", properties: { default: ref("B"), k: { type: "string" } }, required: ["default"] },
      B: { type: "object", properties: { a: ref("A"), c: ref("C") }, additionalProperties: false },
      C: { type: "object", properties: { a: { type: "array", items: ref("A"), minItems: 1 } } },
    };
    const tools = Object.keys(definitions).map((name) =>
      queryTool([input("q", ref(name))], { name: `take_${name}`, definitions }),
    );
    const output = await emit(apiPlan(tools));
    expect(compile(output)).toBe("");
    const { traces, exports } = run(output);
    expect(traces).toEqual([]);
    expect(exports).toHaveLength(2 * tools.length + 1);
    expect(output.get("generated/acme/schemas/Union.ts")).toContain("get and() { return z.array(Union); }");
    expect(output.get("generated/acme/schemas/A.ts")).toContain("get default() { return B; }");
    expect(output.get("generated/acme/schemas/List.ts")).toContain(
      "export const List = z.array(json.lazy({ get schema() { return List; } }));",
    );
  });
});

describe("the catalog", () => {
  const shown = async (tool: ToolPlan) => {
    const catalog = JSON.parse((await emit(apiPlan([tool]))).get("generated/acme/catalog.json") ?? "") as {
      tools: { inputSchema: SchemaObject }[];
    };
    return catalog.tools[0]?.inputSchema;
  };
  test("a tool without arguments", async () => {
    expect(await shown(toolPlan())).toEqual({ type: "object", properties: {}, additionalProperties: false });
  });
  test("what has a default is not required", async () => {
    const schema = await shown(queryTool([input("a", { type: "string", default: "x" }, true), input("b", {}, true)]));
    expect(schema).toMatchObject({ required: ["b"] });
  });
  test("a file is shown as what it looks like, but data that looks like our keyword stays", async () => {
    const data = { "x-toolwright": "file" };
    const inner = { type: "object", properties: { default: data, x: { default: data } } };
    const { properties } = (await shown(queryTool([input("a", inner)]))) as {
      properties: { a: { properties: Record<string, SchemaObject> } };
    };
    expect(properties.a.properties["default"]).toMatchObject({ type: "object", properties: { base64: {} } });
    expect(properties.a.properties["x"]).toEqual({ default: data });
  });
});
