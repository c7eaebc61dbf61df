import { expect, test } from "vitest";
import { requestOf } from "../../../src/definition/call.ts";
import { planProject } from "./project.ts";

const row = {
  type: "object",
  properties: { id: { type: "integer" }, name: { type: "string" }, at: { type: "string" } },
};
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const answer = (schema: object) => ({ responses: { 200: { description: "", ...json(schema) } } });
const parameter = (name: string, more: object = {}) => ({ name, in: "query", schema: { type: "string" }, ...more });
const body = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string" }, size: { type: "integer" }, tags: { type: "array" } },
};

const paths = {
  "/rows": {
    get: {
      summary: "List",
      operationId: "list",
      parameters: [parameter("q"), parameter("sort")],
      ...answer({ type: "array", items: row }),
    },
    post: { summary: "Add", operationId: "add", requestBody: { required: true, ...json(body) }, ...answer(row) },
  },
  "/rows/{id}": {
    get: {
      summary: "Get",
      operationId: "get",
      parameters: [parameter("id", { in: "path", required: true, schema: { type: "integer" } }), parameter("deep")],
      ...answer(row),
    },
    put: {
      summary: "Put",
      operationId: "put",
      parameters: [parameter("id", { in: "path", required: true, schema: { type: "integer" } })],
      requestBody: json(body),
      ...answer(row),
    },
  },
  "/search": {
    post: {
      summary: "Search",
      operationId: "search",
      requestBody: json(body),
      ...answer({ type: "array", items: row }),
    },
  },
};

async function steps(list: readonly unknown[], more: object = {}, api: object = {}) {
  return await planProject({ paths, tools: { t: { description: "D.", steps: list, ...more } }, api });
}

const first = { stepId: "find", operation: "list", outputs: { first: "$response.body#/0" } };
const byFirst = { id: { value: "$steps.find.outputs.first#/id" } };
const names = (tool: { readonly inputs: readonly { readonly name: string; readonly required: boolean }[] }) =>
  tool.inputs.map(({ name, required }) => (required ? `${name}!` : name));

test("of a step that becomes an argument which is required, listed or spoken of, and has no value", async () => {
  const { tool, said } = await steps([
    { ...first, parameters: { q: { rename: "word" } } }, // spoken of; `sort` is not
    { stepId: "get", operation: "get", arguments: ["id", "deep"], parameters: { id: { default: 3 } } },
    { stepId: "add", operation: "add", parameters: { size: { value: 3 }, tags: { hide: true } } },
  ]);
  expect(said).toEqual([]);
  expect(names(tool())).toEqual(["word", "id", "deep", "name!"]);
  expect(tool().steps.map(({ stepId }) => stepId)).toEqual(["find", "get", "add"]);
  expect(tool().steps[2]?.calls.map(requestOf)[0]?.body?.payload).toEqual({ name: "$inputs.name", size: 3 });
});

test("steps may share an argument; one that only a conditional step requires is optional", async () => {
  const get = { stepId: "get", operation: "get", when: "deep" };
  const { tool, said } = await steps([get, { stepId: "put", operation: "put", when: "!deep" }], {
    inputs: { deep: { type: "boolean", description: "All of it." } },
  });
  expect(said).toEqual([]);
  expect(names(tool())).toEqual(["deep", "id", "name"]);
  expect(tool().steps.map(({ calls }) => calls[0]?.when)).toEqual(["$inputs.deep", "!$inputs.deep"]);
  const always = await steps([
    { stepId: "get", operation: "get" },
    { stepId: "put", operation: "put", when: "$inputs.id == 3" },
  ]);
  expect(names(always.tool())).toEqual(["id!", "name"]);
});

test("a declared argument has the schema of its author, also where an operation takes it", async () => {
  const { tool, said } = await steps([{ stepId: "get", operation: "get" }], {
    inputs: {
      id: { type: "integer", minimum: 1, description: "Row.", examples: [3] },
      at: { type: "string", default: "now" },
    },
    result: { value: { row: "$response.body", at: "$inputs.at" } },
  });
  expect(said).toEqual([]);
  expect(tool().inputs).toEqual([
    { name: "id", required: true, schema: { type: "integer", minimum: 1, description: "Row.", examples: [3] } },
    { name: "at", required: false, schema: { type: "string", default: "now" } },
  ]);
});

test("annotations and effects are those of all steps", async () => {
  const read = await steps([first, { stepId: "get", operation: "get", parameters: byFirst }]);
  expect(read.tool().annotations).toEqual({ readOnlyHint: true });
  const search = {
    stepId: "find",
    operation: "search",
    arguments: ["name"],
    effect: "read",
    because: "It takes its query as a body.",
  };
  const posted = await steps([search]);
  expect(posted.said).toEqual([]);
  expect(posted.tool().annotations).toEqual({ readOnlyHint: true });
  expect(posted.tool().steps[0]?.calls[0]?.effect).toBe("read");
  const mixed = await steps([first, { stepId: "put", operation: "put", parameters: byFirst }]);
  expect(mixed.said).toEqual([]);
  expect(mixed.tool().annotations).toEqual({ destructiveHint: true, idempotentHint: true });
  const bare = await steps([{ ...search, because: undefined }]);
  expect(bare.said).toEqual(["ANNOTATION_NEEDS_REASON /tools/t/steps/0/effect: `effect` contradicts the method POST"]);
});

test("the last step pages, a lookup and a cache stay with theirs", async () => {
  const { tool, said } = await steps(
    [
      {
        ...first,
        cache: "2 hours",
        outputs: { row: { in: "$response.body", value: "$inputs.row", equals: ["name"] } },
      },
      {
        stepId: "list",
        operation: "list",
        parameters: { q: { value: "{$steps.find.outputs.row#/name}-${ACME_TAIL}" } },
        pagination: { end: "single" },
      },
    ],
    { inputs: { row: { type: "string", required: true } }, result: { fields: ["id"] }, limit: { maximum: 50 } },
  );
  expect(said).toEqual([]);
  expect(names(tool())).toEqual(["row!", "limit", "cursor"]);
  const [find, list] = tool().steps;
  expect(find?.calls[0]?.cacheSeconds).toBe(7200);
  expect(list?.calls.map(requestOf)[0]?.query).toEqual({ q: "{$steps.find.outputs.row#/name}-{$env.ACME_TAIL}" });
  expect(list?.calls[0]?.pagination).toEqual({
    items: "$response.body",
    size: { max: 50, fixed: true },
    end: { by: "single" },
  });
});

const slips = [
  {
    name: "an expression that is none",
    step: { parameters: { q: { value: "$inptus.a" } } },
    want: "INVALID_EXPRESSION /tools/t/steps/0/parameters/q/value",
  },
  {
    name: "an answer before there is one",
    step: { parameters: { q: { value: "$response.body#/a" } } },
    want: "INVALID_EXPRESSION /tools/t/steps/0/parameters/q/value",
  },
  {
    name: "a credential's value",
    step: { parameters: { q: { value: "$credentials.token" } } },
    want: "INVALID_EXPRESSION /tools/t/steps/0/parameters/q/value",
  },
  {
    name: "a condition over what is not there",
    step: { stop: { when: "$response.body#/0/nmae == 1", message: "x" } },
    want: "BINDING_NOT_FOUND /tools/t/steps/0/stop/when",
  },
  {
    name: "a text without its quotes",
    step: { stop: { when: "$statusCode == ok", message: "x" } },
    want: "INVALID_EXPRESSION /tools/t/steps/0/stop/when",
  },
  {
    name: "a field that rows do not have",
    step: { outputs: { r: { in: "$response.body", value: "$statusCode", equals: ["nmae"] } } },
    want: "UNKNOWN_RESULT_FIELD /tools/t/steps/0/outputs/r/equals/0",
  },
  {
    name: "an expression in a message",
    step: { stop: { when: "$statusCode == 200", message: "{$steps.no.outputs.x}" } },
    want: "UNKNOWN_STEP /tools/t/steps/0/stop/message",
  },
];
test.each(slips)("$name is told at its place", async ({ step, want }) => {
  const { said } = await steps([{ stepId: "a", operation: "list", ...step }]);
  expect(said.map((one) => one.split(":")[0])).toEqual([want]);
});

test("types: a list for a number in a body does not fit, a number in a path does as a text", async () => {
  const outputs = { all: "$response.body", name: "$response.body#/0/name", id: "$response.body#/0/id" };
  const bind = (size: string) => ({
    stepId: "add",
    operation: "add",
    parameters: { name: { value: "$steps.a.outputs.name" }, size: { value: size } },
  });
  const a = { stepId: "a", operation: "list", outputs };
  const { said } = await steps([a, bind("$steps.a.outputs.all")]);
  expect(said).toEqual([
    'BINDING_TYPE /tools/t/steps/1/parameters/size/value: "$steps.a.outputs.all" is a list, and an integer is wanted',
  ]);
  expect((await steps([a, bind("$steps.a.outputs.name")])).said).toHaveLength(1); // JSON tells "3" from 3
  expect((await steps([a, bind("$steps.a.outputs.id")])).said).toEqual([]);
  const get = { stepId: "get", operation: "get", parameters: { id: { value: "$steps.a.outputs.name" } } };
  expect((await steps([a, get])).said).toEqual([]); // in a URL both are text
});

test("the fields of a result that is made of several answers are checked in each", async () => {
  const value = { rows: "$steps.find.outputs.all", one: "$response.body" };
  const list = [
    { ...first, outputs: { all: "$response.body" } },
    { stepId: "get", operation: "get", parameters: { id: { value: 1 } } },
  ];
  expect((await steps(list, { result: { value, fields: ["rows[].id", "one.name"] } })).said).toEqual([]);
  expect((await steps(list, { result: { value, fields: ["rows[].nmae"] } })).said).toEqual([
    'UNKNOWN_RESULT_FIELD /tools/t/result/fields/0: the answer has no field "rows[].nmae"',
  ]);
});

test("a request that no description has, and an action of a credential", async () => {
  const api = {
    servers: { api: { url: "https://acme.example" }, files: { hosts: ["*.files.example"] } },
    credentials: { key: { servers: ["api"], bearer: "${ACME_KEY}" } },
  };
  const url = {
    stepId: "url",
    request: { method: "GET", path: "/upload/{kind}", path_parameters: { kind: "essay" } },
    outputs: { url: "$response.body#/url" },
  };
  const put = {
    stepId: "put",
    request: {
      method: "PUT",
      server: "files",
      url: "$steps.url.outputs.url",
      header: { "content-type": "$inputs.file#/type" },
      body: "$inputs.file#/bytes",
    },
  };
  const inputs = { file: { type: "file", required: true, description: "The essay." } };
  const { tool, said } = await steps([url, put], { inputs }, api);
  expect(said).toEqual([]);
  expect(tool().steps.map(({ calls }) => calls[0]?.request)).toEqual([
    { method: "GET", path: "/upload/{kind}", server: "api", credential: "key", pathParameters: { kind: "essay" } },
    {
      method: "PUT",
      path: "",
      server: "files",
      url: "$steps.url.outputs.url",
      header: { "content-type": "$inputs.file#/type" },
      body: { payload: "$inputs.file#/bytes" },
    },
  ]);
  expect(tool().inputs[0]?.schema).toEqual({ "x-toolwright": "file", description: "The essay." });
  const misplaced = await steps([{ ...url, request: { ...url.request, server: "files" } }], {}, api);
  expect(misplaced.said[0]).toContain("INVALID_SETTING /tools/t/steps/0/request/path");

  const acts = await planProject({
    paths,
    tools: { t: { description: "D.", credential: "key", action: "check" } },
    api,
  });
  expect(acts.said).toEqual([]);
  expect(acts.tool().annotations).toEqual({ readOnlyHint: true });
  expect(acts.tool().steps[0]?.calls[0]?.request).toEqual({ credential: "key", action: "check" });

  const asking = { description: "D.", credential: "key", action: "check", operation: "list" };
  const asks = await planProject({ paths, tools: { t: asking }, api });
  expect(asks.said).toEqual([]);
  expect(asks.tool().annotations).toEqual({ readOnlyHint: true });
  expect(asks.tool().steps[0]?.calls).toMatchObject([{ request: { credential: "key" }, check: true }]);
  const other = await planProject({ paths, tools: { t: { ...asking, action: "refresh" } }, api });
  expect(other.said[0]).toContain("INVALID_SETTING /tools/t");
  const cached = await planProject({ paths, tools: { t: { ...asking, cache: "1 minute" } }, api });
  expect(cached.said[0]).toContain("INVALID_SETTING /tools/t");
});

test("a body that is written out takes the place of its arguments", async () => {
  const { tool, said } = await planProject({
    paths,
    tools: {
      t: {
        operation: "add",
        inputs: { title: { type: "string", required: true } },
        request_body: { payload: [{ name: "$inputs.title", at: "$$5" }] },
      },
    },
  });
  expect(said).toEqual([]);
  expect(names(tool())).toEqual(["title!"]);
  expect(tool().steps[0]?.calls.map(requestOf)[0]?.body).toEqual({ payload: [{ name: "$inputs.title", at: "$$5" }] });
});

test("only a text becomes HTML", async () => {
  const planned = async (type: string) =>
    await planProject({
      paths,
      tools: {
        t: {
          operation: "add",
          inputs: { title: { type, required: true } },
          request_body: { payload: [{ name: "<p>{$inputs.title:html}</p>" }] },
        },
      },
    });
  expect((await planned("string")).said).toEqual([]);
  for (const type of ["file", "object", "array"])
    expect((await planned(type)).said[0]).toContain("BINDING_TYPE /tools/t/request_body/payload/0/name");
});

test("a shared step is one module, unless it came out differently", async () => {
  const shared = {
    steps: {
      row: {
        operation: "list",
        inputs: { row: { type: "string", required: true } },
        outputs: { r: { in: "$response.body", value: "$inputs.row", equals: ["name"] } },
      },
    },
  };
  const get = { stepId: "get", operation: "get", parameters: { id: { value: "$steps.row.outputs.r#/id" } } };
  const planned = await planProject({
    paths,
    api: shared,
    tools: { a: { steps: ["row", get] }, b: { steps: ["row", get] } },
  });
  expect(planned.said).toEqual([]);
  expect(planned.api.steps).toMatchObject([{ stepId: "row", tools: ["a", "b"] }]);
  expect(names(planned.tool("b"))).toEqual(["row!"]);
});
