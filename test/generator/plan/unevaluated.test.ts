import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { jsonBody, planProject } from "./project.ts";

const a = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const b = { type: "object", properties: { b: { type: "integer" } }, required: ["b"] };
const schemas = { A: a, B: b };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What becomes of a schema that is an argument. */
async function planned(schema: object) {
  const project = await planProject({
    paths: { "/a": { post: { requestBody: jsonBody({ properties: { x: schema } }), responses: {} } } },
    schemas,
    tools: { t: { operation: "POST /a", description: "Does it." } },
  });
  expect(project.said).toEqual([]);
  return project.tool().inputs[0]?.schema ?? {};
}

const values: readonly unknown[] = [
  {},
  { a: "x" },
  { b: 1 },
  { a: "x", b: 1 },
  { a: "x", own: true },
  { a: "x", other: 1 },
  { b: 1, other: "x" },
  { a: "x", b: 1, own: true, other: 2 },
  [],
  ["x"],
  ["x", 1],
  ["x", "y"],
];

const own = { own: { type: "boolean" } };
const closed = [
  { name: "beside nothing", schema: { type: "object", properties: own, unevaluatedProperties: false } },
  { name: "beside allOf", schema: { allOf: [ref("A"), ref("B")], properties: own, unevaluatedProperties: false } },
  { name: "beside a reference", schema: { ...ref("A"), unevaluatedProperties: false } },
  { name: "as a schema", schema: { allOf: [ref("A")], unevaluatedProperties: { type: "integer" } } },
  { name: "beside oneOf", schema: { type: "object", properties: own, oneOf: [a, b], unevaluatedProperties: false } },
  {
    name: "beside what knows all",
    schema: { allOf: [ref("A")], additionalProperties: true, unevaluatedProperties: false },
  },
  { name: "items", schema: { type: "array", prefixItems: [{ type: "string" }], unevaluatedItems: false } },
  { name: "items as a schema", schema: { type: "array", prefixItems: [{}], unevaluatedItems: { type: "string" } } },
];

test.each(closed)("unevaluated, $name: what is shown accepts what the description accepts", async ({ schema }) => {
  const shown = await planned(schema);
  expect(JSON.stringify(shown)).not.toContain("unevaluated");
  const [theirs, ours] = [{ ...schema, components: { schemas } }, shown].map((one) =>
    new Ajv2020({ strict: false }).compile(one),
  );
  for (const value of values) expect([value, ours?.(value)]).toEqual([value, theirs?.(value)]);
});

test("what cannot be said in other words is told", async () => {
  const anyOf = { type: "object", anyOf: [a, b], unevaluatedProperties: false };
  expect(await planned(anyOf)).toMatchObject({ description: "Takes no other members." });
  const contains = { type: "array", contains: { const: "x" }, unevaluatedItems: false, description: "Some." };
  expect(await planned(contains)).toMatchObject({ description: "Some. Takes no other items." });
});
