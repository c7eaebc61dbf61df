import { expect, test } from "vitest";
import type { OperationParameter } from "../../src/spec/operation.ts";
import { codes, load, resolve } from "./project.ts";

/** Resolves `GET /things/{id}` with the given lists of parameters (YAML in flow style). */
async function parametersOf({ path = "[]", own = "[]" }: { path?: string; own?: string }) {
  const text = `
openapi: 3.0.3
info: { title: Acme, version: "1" }
paths: { "/things/{id}": { parameters: ${path}, get: { parameters: ${own}, responses: {} } } }
components:
  parameters: { Id: { name: id, in: path, schema: { type: integer } } }
  examples: { One: { value: 7 } }
`;
  const { spec } = await load({ "specs/acme.yaml": text });
  const { operation, diagnostics } = resolve(spec, "GET /things/{id}");
  return { parameters: operation.parameters, diagnostics: codes(diagnostics), found: diagnostics };
}

const ID = "{ $ref: '#/components/parameters/Id' }";
const ITEM = "specs/acme.yaml#/paths/~1things~1{id}";

/** Defaults of `style` and `explode` (OAS 3.0.3 §4.7.12.1). */
const styles: readonly { given: string; want: Partial<OperationParameter> }[] = [
  { given: "in: query", want: { style: "form", explode: true, required: false } },
  { given: "in: query, explode: false", want: { style: "form", explode: false } },
  { given: "in: query, style: deepObject, explode: true", want: { style: "deepObject", explode: true } },
  { given: "in: query, style: pipeDelimited", want: { style: "pipeDelimited", explode: false } },
  { given: "in: query, style: matrix", want: { style: "form", explode: true } }, // not a style of queries
  { given: "in: query, allowReserved: true, required: true", want: { allowReserved: true, required: true } },
  { given: "in: header", want: { style: "simple", explode: false } },
  { given: "in: cookie", want: { style: "form", explode: true } },
];

test.each(styles)("$given", async ({ given, want }) => {
  const { parameters, diagnostics } = await parametersOf({
    path: `[${ID}]`,
    own: `[{ name: a, ${given}, schema: { type: string } }]`,
  });
  expect(parameters[1]).toMatchObject({ name: "a", ...want });
  expect(diagnostics).toEqual([]);
});

test("parameters of the path come first, and the operation's own override them", async () => {
  const { parameters } = await parametersOf({
    path: `[${ID}, { name: a, in: query, description: theirs, schema: {} }, { name: X-A, in: header, schema: {} }]`,
    own: "[{ name: b, in: query, schema: {} }, { name: a, in: query, description: ours, schema: {} }, { name: x-a, in: header, schema: {} }]",
  });
  expect(parameters.map(({ name, description }) => `${name} ${description}`.trim())).toEqual([
    "id",
    "a ours",
    "x-a",
    "b",
  ]);
});

test("a path parameter is required and simple, and its origin is where it is described", async () => {
  const { parameters } = await parametersOf({ own: `[${ID}]` });
  expect(parameters).toEqual([
    {
      origin: { file: "specs/acme.yaml", pointer: "/components/parameters/Id" },
      in: "path",
      name: "id",
      description: "",
      required: true,
      deprecated: false,
      schema: { type: "integer" },
      style: "simple",
      explode: false,
      allowReserved: false,
      contentType: undefined,
    },
  ]);
});

test("a `content` parameter has the media type that serialises it", async () => {
  const own = `[${ID}, { name: filter, in: query, content: { application/json: { schema: { type: object } } } }]`;
  const { parameters } = await parametersOf({ own });
  expect(parameters[1]).toMatchObject({ contentType: "application/json", schema: { type: "object" } });
});

test("the example of a parameter joins its schema", async () => {
  const own = `[${ID}, { name: a, in: query, example: 5, schema: { type: integer } },
    { name: b, in: query, examples: { one: { $ref: '#/components/examples/One' } }, schema: { type: integer } },
    { name: c, in: query, example: 5, schema: { type: integer, example: 6 } }]`;
  const { parameters } = await parametersOf({ own });
  expect(parameters.map(({ schema }) => schema["examples"])).toEqual([undefined, [5], [7], [6]]);
});

test("headers that OpenAPI says are no parameters are left out", async () => {
  const own = `[${ID}, { name: Authorization, in: header, schema: {} }, { name: accept, in: header, schema: {} }, { name: X-A, in: header, schema: {} }]`;
  const { parameters } = await parametersOf({ own });
  expect(parameters.map(({ name }) => name)).toEqual(["id", "X-A"]);
});

/** What vendors get wrong, and what becomes of it. */
const mistakes = [
  { own: "[]", names: ["id"], code: `MISSING_PATH_PARAMETER ${ITEM}/get` },
  {
    own: `[${ID}, { name: a, in: query, schema: {} }, { name: a, in: query, schema: {} }]`,
    names: ["id", "a"],
    code: `DUPLICATE_PARAMETER ${ITEM}/get/parameters/2`,
  },
  {
    own: `[${ID}, { name: a, in: query }]`,
    names: ["id", "a"],
    code: `PARAMETER_WITHOUT_SCHEMA ${ITEM}/get/parameters/1`,
  },
  { own: `[${ID}, { name: a, in: body, schema: {} }]`, names: ["id"], code: `MALFORMED_SPEC ${ITEM}/get/parameters/1` },
  { own: `[${ID}, { in: query, schema: {} }]`, names: ["id"], code: `MALFORMED_SPEC ${ITEM}/get/parameters/1` },
  { own: `[${ID}, 5]`, names: ["id"], code: `MALFORMED_SPEC ${ITEM}/get/parameters/1` },
  {
    own: `[${ID}, { name: other, in: path, schema: {} }]`,
    names: ["id"],
    code: `MALFORMED_SPEC ${ITEM}/get/parameters/1`,
  },
];

test.each(mistakes)("$code is a warning", async ({ own, names, code }) => {
  const { parameters, diagnostics, found } = await parametersOf({ own });
  expect(parameters.map(({ name }) => name)).toEqual(names);
  expect(diagnostics).toEqual([code]);
  expect(found[0]?.severity).toBe("warning");
});

test("parameters that are mended are strings", async () => {
  const { parameters } = await parametersOf({ own: "[{ name: a, in: query }]" });
  expect(parameters.map(({ name, schema, required }) => ({ name, schema, required }))).toEqual([
    { name: "a", schema: { type: "string" }, required: false },
    { name: "id", schema: { type: "string" }, required: true },
  ]);
});

test.each([
  ["x-ms-skip-url-encoding: true", true],
  ["x-skip-url-encoding: true", true],
  ["x-ms-skip-url-encoding: false", false],
  ["allowReserved: true", false], // of a path not before 3.2
])("a path parameter with `%s` keeps its slashes: %s", async (said, want) => {
  const { parameters } = await parametersOf({ own: `[{ name: id, in: path, required: true, ${said}, schema: {} }]` });
  expect(parameters[0]?.allowReserved).toBe(want);
});
