import { z } from "zod";
import { describe, expect, test } from "vitest";
import type { Schema } from "../../../src/definition/catalog.ts";
import { ts } from "../../../src/generator/emit/code.ts";
import { oneLine } from "../../../src/generator/emit/layout.ts";
import { readZod } from "../../../src/generator/emit/read-zod.ts";
import { zodOf } from "../../../src/generator/emit/zod.ts";
import { json } from "../../../src/runtime/json-schema.ts";

/** What a schema is printed as. */
function printed(schema: Schema): string {
  return oneLine(
    zodOf(schema, {
      file: () => ts`file()`,
      json: () => ts`json`,
      reference: (name) => (name === "Node" ? ts`Node` : undefined),
    }),
  ).text;
}

describe("a schema is printed as", () => {
  const cases: readonly { given: Schema; want: string }[] = [
    { given: {}, want: "z.unknown()" },
    { given: true, want: "z.unknown()" },
    { given: false, want: "z.never()" },
    { given: { not: {} }, want: "z.never()" },
    { given: { type: "string" }, want: "z.string()" },
    { given: { type: "string", minLength: 1, maxLength: 9 }, want: "z.string().min(1).max(9)" },
    { given: { type: "string", format: "date-time" }, want: 'z.string().meta({ format: "date-time" })' },
    { given: { type: "string", format: "ipv4" }, want: 'z.string().meta({ format: "ipv4" })' },
    { given: { type: "string", pattern: "^[a-z]+$" }, want: 'z.string().regex(new RegExp("^[a-z]+$", "u"))' },
    { given: { type: "string", pattern: "^\\-$" }, want: 'z.string().regex(new RegExp("^\\\\-$"))' }, // only without `u`
    { given: { type: "string", pattern: "(?i)abc" }, want: 'z.string().meta({ pattern: "(?i)abc" })' },
    { given: { type: "string", pattern: "^(a+)+$" }, want: 'z.string().meta({ pattern: "^(a+)+$" })' },
    { given: { type: "string", contentMediaType: "application/json", readOnly: true }, want: "z.string()" },
    { given: { type: "integer" }, want: "z.int()" },
    { given: { type: "integer", format: "int64", minimum: 1, maximum: 5 }, want: "z.int().min(1).max(5)" },
    {
      given: { type: "number", minimum: 0, exclusiveMinimum: 1, multipleOf: 0.5 },
      want: "z.number().min(0).gt(1).multipleOf(0.5)",
    },
    { given: { type: "number", multipleOf: 1 }, want: "z.int()" },
    { given: { type: "boolean" }, want: "z.boolean()" },
    { given: { type: "null" }, want: "z.null()" },
    { given: { type: ["string", "null"] }, want: "z.string().nullable()" },
    { given: { type: ["string", "integer"], minLength: 2 }, want: "z.union([z.string().min(2), z.int()])" },
    { given: { type: ["string", "integer", "null"] }, want: "z.union([z.string(), z.int()]).nullable()" },
    { given: { enum: ["a", "b"] }, want: 'z.enum(["a", "b"])' },
    { given: { type: ["string", "null"], enum: ["a", "b", null] }, want: 'z.enum(["a", "b"]).nullable()' },
    { given: { type: "string", enum: ["a", "b", null] }, want: 'z.enum(["a", "b"])' }, // null is no string
    { given: { type: "integer", enum: [1, 2] }, want: "z.literal([1, 2])" },
    { given: { enum: ["a", 1, true] }, want: 'z.literal(["a", 1, true])' },
    { given: { enum: [] }, want: "z.never()" },
    { given: { const: "a" }, want: 'z.literal("a")' },
    { given: { const: { a: [1, null] } }, want: "json.const({ a: [1, null] })" },
    { given: { enum: [{ a: 1 }, "b"] }, want: 'z.union([json.const({ a: 1 }), z.literal("b")])' },
    {
      given: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 5 },
      want: "z.array(z.string()).min(1).max(5)",
    },
    { given: { type: "array" }, want: "z.array(z.unknown())" },
    {
      given: { type: "array", prefixItems: [{ type: "string" }], items: false },
      want: "z.tuple([z.string().optional()])",
    },
    {
      given: { type: "array", prefixItems: [{ type: "string" }, {}], minItems: 1, maxItems: 5 },
      want: "z.tuple([z.string(), z.unknown().optional()], z.unknown()).check(z.minLength(1), z.maxLength(5))",
    },
    {
      given: { type: "array", items: { type: "string" }, minItems: 1, uniqueItems: true },
      want: "z.array(z.string()).min(1).check(json.uniqueItems())",
    },
    {
      given: { type: "array", contains: { const: 1 }, maxContains: 2 },
      want: "z.array(z.unknown()).check(json.contains(z.literal(1), { max: 2 }))",
    },
    { given: { minimum: 3 }, want: "json.when({ number: z.number().min(3) })" },
    {
      given: { minLength: 2, required: ["a"] },
      want: "json.when({ string: z.string().min(2), object: z.looseObject({ a: z.unknown() }) })",
    },
    {
      given: { type: "object", maxProperties: 9, propertyNames: { maxLength: 3 } },
      want: "z.record(z.string(), z.unknown()).check(json.maxProperties(9), json.propertyNames(json.when({ string: z.string().max(3) })))",
    },
    {
      given: { type: "object", patternProperties: { "^x-": { type: "integer" } }, additionalProperties: false },
      want: 'json.object({ patternProperties: { "^x-": z.int() }, additionalProperties: false })',
    },
    { given: { type: "string", not: { const: "x" } }, want: 'json.allOf([z.string(), json.not(z.literal("x"))])' },
    { given: { type: "object" }, want: "z.record(z.string(), z.unknown())" },
    { given: { type: "object", additionalProperties: { type: "integer" } }, want: "z.record(z.string(), z.int())" },
    { given: { type: "object", additionalProperties: false }, want: "z.strictObject({})" },
    {
      given: { type: "object", properties: { a: { type: "string", default: "x" }, "b-c": {} }, required: ["b-c"] },
      want: 'z.looseObject({ a: z.string().optional(), "b-c": z.unknown() })',
    },
    {
      given: { type: "object", properties: { a: {} }, required: ["b"] },
      want: "z.looseObject({ a: z.unknown().optional(), b: z.unknown() })",
    },
    {
      given: { properties: { a: {} }, additionalProperties: false },
      want: "json.when({ object: z.strictObject({ a: z.unknown().optional() }) })",
    },
    {
      given: { type: "object", properties: { a: {} }, additionalProperties: { type: "integer" } },
      want: "z.object({ a: z.unknown().optional() }).catchall(z.int())",
    },
    { given: { anyOf: [{ type: "string" }, { type: "null" }] }, want: "z.string().nullable()" },
    {
      given: { anyOf: [{ type: "string" }, { type: "integer" }], description: "x" },
      want: "z.union([z.string(), z.int()])",
    },
    { given: { oneOf: [{ type: "string" }, { type: "integer" }] }, want: "z.xor([z.string(), z.int()])" },
    { given: { oneOf: [{ type: "string" }] }, want: "z.string()" },
    {
      given: { oneOf: [{ type: "string" }, { type: "integer" }, { type: "null" }] },
      want: "z.xor([z.string(), z.int()]).nullable()",
    },
    {
      given: { oneOf: [{ type: "string" }, {}], discriminator: { propertyName: '"); alert(1); ("' } },
      want: "z.xor([z.string(), z.unknown()])",
    },
    {
      given: { allOf: [{ type: "string" }, { type: "string", minLength: 1 }] },
      want: "json.allOf([z.string(), z.string().min(1)])",
    },
    {
      given: { type: "object", anyOf: [{ properties: { a: {} } }] },
      want: "z.looseObject({ a: z.unknown().optional() })",
    },
    {
      given: { type: "object", properties: { a: {} }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      want: "json.allOf([z.looseObject({ a: z.unknown().optional() }), z.union([z.looseObject({ a: z.unknown() }), z.looseObject({ b: z.unknown() })])])",
    },
    {
      given: { type: "string", if: { minLength: 3 }, then: { pattern: "^a" } },
      want: 'json.allOf([z.string(), json.if(z.string().min(3), { then: z.string().regex(new RegExp("^a", "u")) })])',
    },
    { given: { $ref: "#/$defs/Node" }, want: "Node" },
    { given: { $ref: "#/$defs/Unknown" }, want: "z.unknown()" },
    { given: { "x-toolwright": "file", description: "x" }, want: "file()" },
  ];
  test.each(cases)("$want", ({ given, want }) => expect(printed(given)).toBe(want));
});

test("T07 a property whose name every object has is one like any other", () => {
  const properties = JSON.parse('{ "__proto__": { "type": "string" }, "toString": { "type": "integer" } }') as object;
  const type = evaluate({ type: "object", properties, required: ["toString"], additionalProperties: false });
  expect(type.safeParse({}).success).toBe(false);
  expect(type.safeParse({ toString: 1 }).success).toBe(true);
  expect(type.safeParse({ toString: "1" }).success).toBe(false);
  expect(type.safeParse({ toString: 1, constructor: 1 }).success).toBe(false);
  expect(type.safeParse(JSON.parse('{ "toString": 1, "__proto__": 1 }')).success).toBe(false);
  expect(type.safeParse(JSON.parse('{ "toString": 1, "__proto__": "a" }')).success).toBe(true);
});

test("required means present, whatever the value", () => {
  const type = evaluate({ type: "object", properties: { a: {} }, required: ["a"] });
  expect(type.safeParse({}).success).toBe(false);
  expect(type.safeParse({ a: null }).success).toBe(true);
});

test.each([
  'z.union([z.any()]); alert("x")',
  'z.discriminatedUnion("a", [z.any()])',
  "z.any().superRefine((x) => x)",
  "z.union([hole(7)])",
  "constructor()",
  "z.constructor()",
  "",
])("what json-schema-to-zod should not write is refused: %s", (text) => {
  expect(() => readZod(text, [ts`z.int()`])).toThrow(TypeError);
});

function evaluate(schema: Schema): z.ZodType {
  return new Function("z", "json", `return ${printed(schema)}`)(z, json) as z.ZodType;
}
