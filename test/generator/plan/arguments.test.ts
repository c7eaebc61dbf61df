import { expect, test } from "vitest";
import { requestOf } from "../../../src/definition/call.ts";
import { answering, jsonBody, planProject } from "./project.ts";

const ok = { responses: { 200: { description: "" } } };

/** The one tool of a POST with this body. */
async function post(requestBody: object, { tool = {}, schemas = {} }: { tool?: object; schemas?: object } = {}) {
  const planned = await planProject({
    paths: { "/a": { post: { summary: "Add", requestBody, ...ok } } },
    schemas,
    tools: { t: { operation: "POST /a", ...tool } },
  });
  const plan = planned.tool();
  return {
    ...planned,
    inputs: plan.inputs,
    body: plan.steps[0]?.calls.map(requestOf)[0]?.body,
    definitions: plan.definitions,
  };
}

test("path parameters come first, then what is required, then the rest as described", async () => {
  const parameter = (name: string, rest: object) => ({ name, in: "query", schema: { type: "string" }, ...rest });
  const { tool } = await planProject({
    paths: {
      "/a/{id}": {
        get: {
          ...ok,
          summary: "Get",
          parameters: [
            parameter("z", {}),
            parameter("b", { required: true }),
            parameter("a", {}),
            parameter("id", { in: "path", required: true }),
          ],
        },
      },
    },
    tools: { t: { operation: "GET /a/{id}" }, u: { operation: "GET /a/{id}", arguments: ["a", "b", "id"] } },
  });
  expect(tool().inputs.map(({ name, required }) => [name, required])).toEqual([
    ["id", true],
    ["b", true],
    ["z", false],
    ["a", false],
  ]);
  expect(tool("u").inputs.map(({ name }) => name)).toEqual(["a", "b", "id"]);
  expect(tool("u").steps[0]?.calls[0]?.request).toEqual({
    method: "GET",
    path: "/a/{id}",
    server: "api",
    pathParameters: { id: "$inputs.id" },
    query: { a: "$inputs.a", b: "$inputs.b" },
  });
});

test("a parameter can be renamed, hidden, made constant, required, narrowed and described anew", async () => {
  const names = ["kind", "secret", "fixed", "many", "count", "text"];
  const schemas: Record<string, object> = {
    kind: { type: "string", enum: ["a", "b", "c"] },
    many: { type: "array", items: { type: "string" } },
    count: { type: "integer", maximum: 1000 },
  };
  const parameters = names.map((name) => ({
    name,
    in: "query",
    description: `Which ${name}.`,
    schema: schemas[name] ?? { type: "string" },
  }));
  const { tool, said } = await planProject({
    paths: { "/a": { get: { ...ok, summary: "Get", parameters } } },
    tools: {
      t: {
        operation: "GET /a",
        parameters: {
          kind: { rename: "sort", enum: ["a", "b"], default: "b" },
          secret: { hide: true },
          fixed: { value: ["$$x", "${ACME_X}"] },
          many: { enum: ["q"], max_items: 3, required: true },
          count: { minimum: 2, maximum: 5, example: 3 },
          text: { description: "Words.", quote: "'", max_length: 9 },
        },
      },
    },
  });
  expect(said).toEqual([]);
  expect(tool().inputs).toEqual([
    {
      name: "sort",
      required: false,
      schema: { type: "string", enum: ["a", "b"], description: "Which kind.", default: "b" },
    },
    {
      name: "many",
      required: true,
      schema: { type: "array", items: { type: "string", enum: ["q"] }, maxItems: 3, description: "Which many." },
    },
    {
      name: "count",
      required: false,
      schema: { type: "integer", minimum: 2, maximum: 5, description: "Which count.", examples: [3] },
    },
    { name: "text", required: false, schema: { type: "string", maxLength: 9, description: "Words." } },
  ]);
  expect(tool().steps[0]?.calls.map(requestOf)[0]?.query).toEqual({
    kind: "$inputs.sort",
    many: "$inputs.many",
    count: "$inputs.count",
    text: "'{$inputs.text}'",
    fixed: ["$$x", "$env.ACME_X"],
  });
});

const styles = [
  { given: { in: "query", schema: { type: "array" } }, want: { query: { p: "$inputs.p" } } }, // form, explode: the default
  {
    given: { in: "query", explode: false, schema: { type: "array" } },
    want: { query: { p: { value: "$inputs.p", explode: false } } },
  },
  { given: { in: "query", explode: false, schema: { type: "string" } }, want: { query: { p: "$inputs.p" } } }, // the same for a text
  {
    given: { in: "query", style: "deepObject", schema: { type: "object" } },
    want: { query: { p: { value: "$inputs.p", style: "deepObject" } } },
  },
  {
    given: { in: "query", style: "pipeDelimited", schema: { type: "array" } },
    want: { query: { p: { value: "$inputs.p", style: "pipeDelimited" } } },
  },
  {
    given: { in: "query", allowReserved: true, schema: { type: "string" } },
    want: { query: { p: { value: "$inputs.p", allowReserved: true } } },
  },
  { given: { in: "path", required: true, schema: { type: "array" } }, want: { pathParameters: { p: "$inputs.p" } } },
  {
    given: { in: "path", required: true, style: "matrix", schema: { type: "string" } },
    want: { pathParameters: { p: { value: "$inputs.p", style: "matrix" } } },
  },
  { given: { in: "header", schema: { type: "string" } }, want: { header: { p: "$inputs.p" } } },
  { given: { in: "cookie", schema: { type: "string" } }, want: { cookie: { p: "$inputs.p" } } },
  {
    given: { in: "query", content: { "application/json": { schema: { type: "object" } } } },
    want: { query: { p: { value: "$inputs.p", contentType: "application/json" } } },
  },
];
test.each(styles)("only what differs from OpenAPI's defaults is said: $given", async ({ given, want }) => {
  const path = given.in === "path" ? "/a/{p}" : "/a";
  const { tool } = await planProject({
    paths: { [path]: { get: { ...ok, parameters: [{ name: "p", ...given }] } } },
    tools: { t: { operation: `GET ${path}`, description: "Get." } },
  });
  expect(tool().steps[0]?.calls[0]?.request).toEqual({ method: "GET", path, server: "api", ...want });
});

test("a constant that is an object is not taken for a styled value", async () => {
  const { tool } = await planProject({
    paths: {
      "/a": {
        get: { ...ok, parameters: [{ name: "p", in: "query", style: "deepObject", schema: { type: "object" } }] },
      },
    },
    tools: { t: { operation: "GET /a", parameters: { p: { hide: true, value: { value: 1, style: "form" } } } } },
  });
  expect(tool().steps[0]?.calls.map(requestOf)[0]?.query).toEqual({
    p: { value: { value: 1, style: "form" }, style: "deepObject" },
  });
});

test("the properties of a body are arguments; what only the vendor writes is not (T11)", async () => {
  const { inputs, body } = await post(
    jsonBody({
      type: "object",
      required: ["name", "id"],
      properties: {
        id: { type: "integer", readOnly: true },
        name: { type: "string", title: "Name", description: "What it is called.", maxLength: 65535 },
        size: { type: "integer", format: "int64", minimum: -9007199254740991, maximum: 9007199254740991, default: 3 },
        due: { type: ["string", "null"], format: "date", examples: ["2026-01-31"] },
        owner: {
          type: "object",
          properties: { id: { type: "integer" }, created: { type: "string", readOnly: true } },
          required: ["id", "created"],
        },
      },
    }),
  );
  expect(inputs).toEqual([
    { name: "name", required: true, schema: { type: "string", description: "What it is called." } },
    { name: "size", required: false, schema: { type: "integer", description: "Default: 3." } },
    { name: "due", required: false, schema: { type: ["string", "null"], format: "date" } },
    {
      name: "owner",
      required: false,
      schema: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
    },
  ]);
  expect(body).toEqual({
    payload: { name: "$inputs.name", size: "$inputs.size", due: "$inputs.due", owner: "$inputs.owner" },
  });
});

test("parts and alternatives of a body are laid together", async () => {
  const named = { type: "object", required: ["name"], properties: { name: { type: "string" } } };
  const cat = {
    type: "object",
    required: ["kind", "lives"],
    properties: { kind: { const: "cat" }, lives: { type: "integer" } },
  };
  const dog = { type: "object", required: ["kind"], properties: { kind: { const: "dog" } } };
  const { inputs } = await post(
    jsonBody({
      allOf: [{ $ref: "#/components/schemas/Named" }],
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
    }),
    { schemas: { Named: named, Cat: cat, Dog: dog } },
  );
  expect(inputs).toEqual([
    { name: "name", required: true, schema: { type: "string" } },
    { name: "kind", required: true, schema: { enum: ["cat", "dog"] } },
    { name: "lives", required: false, schema: { type: "integer" } },
  ]);
});

test("a body is kept whole when it is wished, or has no properties", async () => {
  const object = { type: "object", description: "A thing.", properties: { a: { type: "string" } } };
  expect(await post(jsonBody(object), { tool: { body: "whole" } })).toMatchObject({
    inputs: [{ name: "body", required: true, schema: { ...object } }],
    body: { payload: "$inputs.body" },
  });
  expect(await post(jsonBody({ type: "array", items: { type: "string" } }))).toMatchObject({
    inputs: [{ name: "body", required: true, schema: { type: "array", items: { type: "string" } } }],
    body: { payload: "$inputs.body" },
  });
});

test("a body can be wrapped in a list", async () => {
  const { inputs, body } = await post(
    jsonBody({ type: "array", items: { type: "object", properties: { a: { type: "string" } } } }),
    {
      tool: { body: "array", parameters: { a: { rename: "b" } } },
    },
  );
  expect(inputs.map(({ name }) => name)).toEqual(["b"]);
  expect(body).toEqual({ payload: [{ a: "$inputs.b" }] });
});

const text = { type: "string" };
const file = { type: "string", contentMediaType: "application/octet-stream" };
const both = {
  required: true,
  content: {
    "application/json": {
      schema: { type: "object", required: ["body"], properties: { body: text, tags: { type: "array", items: text } } },
    },
    "multipart/form-data": {
      schema: {
        type: "object",
        properties: {
          body: text,
          "tags[]": { type: "array", items: text },
          "attachments[]": { type: "array", items: file, description: "Files." },
        },
      },
    },
  },
};

test("JSON and multipart are one tool: the file decides", async () => {
  const { inputs, body } = await post(both);
  expect(inputs).toEqual([
    { name: "body", required: true, schema: text },
    { name: "tags", required: false, schema: { type: "array", items: text } },
    {
      name: "attachments",
      required: false,
      schema: { type: "array", items: { "x-toolwright": "file" }, description: "Files." },
    },
  ]);
  expect(body).toEqual({
    contentType: ["application/json", "multipart/form-data"],
    payload: { body: "$inputs.body", tags: "$inputs.tags", attachments: "$inputs.attachments" },
    nesting: "brackets",
  });
});

test("without a file among the arguments it is plain JSON", async () => {
  const { body } = await post(both, { tool: { arguments: ["body", "tags"] } });
  expect(body).toEqual({ payload: { body: "$inputs.body", tags: "$inputs.tags" } });
});

test("a media type can be chosen", async () => {
  const { body, inputs } = await post(both, { tool: { content_type: "multipart/form-data" } });
  expect(inputs.map(({ name }) => name)).toEqual(["body", "tags", "attachments"]);
  expect(body).toMatchObject({ contentType: "multipart/form-data", nesting: "brackets" });
});

test("a form keeps the names of its parts when only some lists have brackets", async () => {
  const form = {
    "multipart/form-data": {
      schema: {
        type: "object",
        properties: { "a[]": { type: "array", items: text }, b: { type: "array", items: file } },
      },
    },
  };
  const { body } = await post({ required: true, content: form });
  expect(body).toEqual({ contentType: "multipart/form-data", payload: { "a[]": "$inputs.a", b: "$inputs.b" } });
});

test("bytes are a file", async () => {
  const { inputs, body } = await post({ required: true, content: { "application/octet-stream": { schema: file } } });
  expect(inputs).toEqual([{ name: "body", required: true, schema: { "x-toolwright": "file" } }]);
  expect(body).toEqual({ contentType: "application/octet-stream", payload: "$inputs.body" });
});

test("shared schemas are written in place, cyclic ones stay by name", async () => {
  const schemas = {
    Person: { type: "object", properties: { name: text } },
    Node: {
      type: "object",
      properties: { owner: { $ref: "#/components/schemas/Person" }, next: { $ref: "#/components/schemas/Node" } },
    },
  };
  const { inputs, definitions } = await post(
    jsonBody({
      type: "object",
      properties: { owner: { $ref: "#/components/schemas/Person" }, tree: { $ref: "#/components/schemas/Node" } },
    }),
    { schemas },
  );
  const person = { type: "object", properties: { name: text } };
  expect(inputs.map(({ schema }) => schema)).toEqual([person, { $ref: "#/$defs/Node" }]);
  expect(definitions).toEqual({
    Node: { type: "object", properties: { owner: person, next: { $ref: "#/$defs/Node" } } },
  });
});

test("T06 schemas that unfold without end of size stay by name, and quickly", { retry: 2 }, async () => {
  const schemas: Record<string, object> = { S0: text };
  for (let level = 1; level <= 30; level++) {
    const $ref = `#/components/schemas/S${level - 1}`;
    schemas[`S${level}`] = { type: "object", properties: { a: { $ref }, b: { $ref } } };
  }
  const start = performance.now();
  const { inputs, definitions } = await post(
    jsonBody({ type: "object", properties: { top: { $ref: "#/components/schemas/S30" } } }),
    { schemas },
  );
  expect(performance.now() - start).toBeLessThan(2000);
  expect(JSON.stringify([inputs, definitions]).length).toBeLessThan(200_000);
});

test("T07 properties called like an object's own inheritance do no harm", async () => {
  const { said } = await post(jsonBody({ type: "object", properties: { constructor: text, toString: text, a: text } }));
  expect(said.map((line) => line.split(":")[0])).toEqual([
    "INVALID_ARGUMENT_NAME /tools/t",
    "INVALID_ARGUMENT_NAME /tools/t",
  ]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("arguments of several routes are laid together", async () => {
  const parameter = (name: string, schema: object) => ({ name, in: "query", schema });
  const { tool, said } = await planProject({
    paths: {
      "/a": {
        get: answering(
          {},
          {
            summary: "A",
            parameters: [
              parameter("q", text),
              parameter("n", { type: "integer", maximum: 5 }),
              parameter("e", { enum: ["x"] }),
            ],
          },
        ),
      },
      "/b": {
        get: answering(
          {},
          {
            parameters: [
              parameter("n", { type: "integer", maximum: 9 }),
              parameter("e", { enum: ["y"] }),
              parameter("r", text),
            ],
          },
        ),
      },
    },
    tools: {
      t: {
        routes: [
          { when: "q", operation: "GET /a" },
          { when: ["!q", "r"], operation: "GET /b" },
          { operation: "GET /b" },
        ],
      },
    },
  });
  expect(said).toEqual([]);
  expect(tool().inputs.map(({ name, schema }) => [name, schema])).toEqual([
    ["q", text],
    ["n", { type: "integer" }],
    ["e", { enum: ["x", "y"] }],
    ["r", text],
  ]);
  expect(tool().steps[0]?.calls.map(({ when }) => when)).toEqual(["$inputs.q", ["!$inputs.q", "$inputs.r"], undefined]);
});

test("an argument whose route comes first is not sent by later ones", async () => {
  const parameters = ["q", "n"].map((name) => ({ name, in: "query", schema: text }));
  const { tool } = await planProject({
    paths: { "/a": { get: answering({}, { summary: "A", parameters }) } },
    tools: { t: { routes: [{ when: "q", operation: "GET /a" }, { operation: "GET /a" }] } },
  });
  expect(tool().steps[0]?.calls.map((call) => requestOf(call)?.query)).toEqual([
    { q: "$inputs.q", n: "$inputs.n" },
    { n: "$inputs.n" },
  ]);
  expect(tool().operations).toHaveLength(1);
});

test("a condition may name alternatives; later routes send none of them", async () => {
  const parameters = ["q", "f", "n"].map((name) => ({ name, in: "query", schema: text }));
  const { tool, said } = await planProject({
    paths: { "/a": { get: answering({}, { summary: "A", parameters }) } },
    tools: { t: { routes: [{ when: "q || f", operation: "GET /a" }, { operation: "GET /a" }] } },
  });
  expect(said).toEqual([]);
  const [first, last] = tool().steps[0]?.calls ?? [];
  expect(first?.when).toBe("$inputs.q || $inputs.f");
  expect(last && requestOf(last)?.query).toEqual({ n: "$inputs.n" });
});

test("what the credential of a tool fills is no argument, unless tools.yaml speaks of it", async () => {
  const parameter = (where: string, name: string) => ({ in: where, name, required: true, schema: { type: "string" } });
  const { tool, said } = await planProject({
    paths: {
      "/a": {
        get: {
          ...ok,
          summary: "Get",
          parameters: [parameter("query", "key"), parameter("query", "q"), parameter("header", "x-key")],
        },
      },
    },
    api: {
      credentials: {
        key: { query: { key: "${ACME_KEY}" } },
        header: { headers: { "X-Key": "${ACME_KEY}" } },
      },
    },
    tools: {
      t: { operation: "GET /a" },
      u: { operation: "GET /a", credential: "header" },
      v: { operation: "GET /a", parameters: { key: { rename: "map_key" } } },
    },
  });
  const names = (name: string) => tool(name).inputs.map((one) => one.name);
  expect(names("t")).toEqual(["q", "x-key"]);
  expect(names("u")).toEqual(["key", "q"]);
  expect(names("v")).toEqual(["map_key", "q", "x-key"]);
  expect(said).toEqual([]);
});

test("a path parameter keeps its slashes when tools.yaml says so", async () => {
  const { tool } = await planProject({
    paths: {
      "/files/{path}": {
        get: {
          ...ok,
          summary: "Get",
          parameters: [{ in: "path", name: "path", required: true, schema: { type: "string" } }],
        },
      },
    },
    tools: { t: { operation: "GET /files/{path}", parameters: { path: { allow_reserved: true } } } },
  });
  expect(tool().steps[0]?.calls.map(requestOf)[0]?.pathParameters).toEqual({
    path: { value: "$inputs.path", allowReserved: true },
  });
});
