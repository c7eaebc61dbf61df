import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { bodySchema, codes } from "./project.ts";

const AT = "specs/acme.yaml#/paths/~1things/post/requestBody/content/application~1json/schema";
const NULL = { type: "null" };

/** OpenAPI 3.0 in, JSON Schema 2020-12 out. */
const dialect = [
  { given: "{ type: string, nullable: true }", want: { type: ["string", "null"] } },
  {
    given: "{ type: string, enum: [a, b], nullable: true }",
    want: { type: ["string", "null"], enum: ["a", "b", null] },
  },
  { given: "{ enum: [a, null], nullable: true }", want: { enum: ["a", null] } },
  { given: "{ nullable: true, description: Any. }", want: { description: "Any." } },
  {
    given: "{ nullable: true, description: Owner., allOf: [{ type: object }] }",
    want: { description: "Owner.", anyOf: [{ allOf: [{ type: "object" }] }, NULL] },
  },
  { given: "{ nullable: true, oneOf: [{ type: string }] }", want: { oneOf: [{ type: "string" }, NULL] } },
  { given: "{ type: integer, minimum: 0, exclusiveMinimum: true }", want: { type: "integer", exclusiveMinimum: 0 } },
  { given: "{ type: integer, maximum: 9, exclusiveMaximum: false }", want: { type: "integer", maximum: 9 } },
  { given: "{ type: integer, exclusiveMaximum: true }", want: { type: "integer" } },
  { given: "{ type: integer, maximum: '9' }", want: { type: "integer", maximum: 9 } },
  { given: "{ type: string, example: a }", want: { type: "string", examples: ["a"] } },
  {
    given: "{ type: string, format: binary }",
    want: { type: "string", contentMediaType: "application/octet-stream" },
  },
  { given: "{ type: string, format: byte }", want: { type: "string", contentEncoding: "base64" } },
  { given: "{ type: string, format: date-time }", want: { type: "string", format: "date-time" } },
  {
    given: "{ type: array, items: [{ type: string }], additionalItems: false }",
    want: { type: "array", prefixItems: [{ type: "string" }], items: false },
  },
  {
    given: "{ type: object, properties: { a: { type: string, required: true } }, required: [a, a] }",
    want: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
  },
  { given: "{ type: object, additionalProperties: true }", want: { type: "object", additionalProperties: true } },
  { given: "{ type: string, x-internal: 1, xml: { name: a }, readOnly: false }", want: { type: "string" } },
  { given: "{ type: string, x-toolwright: file }", want: { type: "string" } },
];

test.each(dialect)("3.0: $given", async ({ given, want }) => {
  const { schema, diagnostics } = await bodySchema(given);
  expect(schema).toEqual(want);
  expect(diagnostics).toEqual([]);
});

const bounds = [
  { given: "{ type: array, maxItems: 1.5 }", want: { type: "array" }, expected: "a whole number, 0 or more" },
  { given: "{ type: string, minLength: -1 }", want: { type: "string" }, expected: "a whole number, 0 or more" },
  { given: "{ type: number, multipleOf: 0 }", want: { type: "number" }, expected: "a number above 0" },
  { given: "{ type: number, minimum: low }", want: { type: "number" }, expected: "a number" },
];

test.each(bounds)("a bound that is none is left out, aloud: $given", async ({ given, want, expected }) => {
  const { schema, diagnostics } = await bodySchema(given);
  expect(schema).toEqual(want);
  expect(diagnostics).toMatchObject([{ code: "MALFORMED_SPEC", help: `write ${expected}` }]);
});

test("a bound that is null is none, as generators of descriptions write it", async () => {
  expect(await bodySchema("{ type: string, maxLength: null }")).toMatchObject({
    schema: { type: "string" },
    diagnostics: [],
  });
});

const current = [
  { given: "{ type: [string, 'null'] }", want: { type: ["string", "null"] } },
  { given: "{ type: [string] }", want: { type: "string" } },
  { given: "{ type: integer, exclusiveMinimum: 0 }", want: { type: "integer", exclusiveMinimum: 0 } },
  { given: "{ const: null }", want: { const: null } },
  { given: "true", want: {} },
  { given: "false", want: { not: {} } },
  { given: "{ properties: { a: false, b: true } }", want: { properties: { a: false, b: true } } },
  {
    given: "{ if: { required: [a] }, else: { required: [b] }, $id: 'x', $schema: 'y' }",
    want: { if: { required: ["a"] }, else: { required: ["b"] } },
  },
  { given: "{ type: string, examples: [a, b] }", want: { type: "string", examples: ["a", "b"] } },
];

test.each(current)("3.1: $given", async ({ given, want }) => {
  const { schema, diagnostics } = await bodySchema(given, "3.1.0");
  expect(schema).toEqual(want);
  expect(diagnostics).toEqual([]);
});

/** What vendors write for a type. */
const illegal = [
  { given: "bool", want: { type: "boolean" } },
  { given: "int", want: { type: "integer" } },
  { given: "'int?'", want: { type: ["integer", "null"] } },
  { given: "List<int>", want: { type: "array", items: { type: "integer" } } },
  { given: "'string[]'", want: { type: "array", items: { type: "string" } } },
  { given: "'List<Ticket>'", want: { type: "array", items: {} } },
  { given: "DateTime", want: { type: "string", format: "date-time" } },
  { given: "'Dictionary<string,int>'", want: { type: "object" } },
  { given: "String", want: { type: "string" } },
  { given: "Ticket", want: {} },
  { given: "{ a: 1 }", want: {} },
  { given: "[string, Ticket]", want: {} },
];

test.each(illegal)("an illegal type is mended with a warning: $given", async ({ given, want }) => {
  const { schema, diagnostics } = await bodySchema(`{ type: ${given} }`);
  expect(schema).toEqual(want);
  expect(codes(diagnostics)).toEqual([`ILLEGAL_TYPE ${AT}/type`]);
  expect(diagnostics[0]?.severity).toBe("warning");
});

/** Values that their own type forbids. */
const enums = [
  { given: "{ type: string, enum: ['01', 9, true] }", want: { type: "string", enum: ["01", "9", "true"] } },
  { given: "{ type: integer, enum: ['1', '2', none, 1] }", want: { type: "integer", enum: [1, 2] } },
  { given: "{ type: number, enum: ['0.5', '1'] }", want: { type: "number", enum: [0.5, 1] } },
  { given: "{ type: integer, enum: [Primary, Other] }", want: { type: "string", enum: ["Primary", "Other"] } },
  { given: "{ type: boolean, enum: ['true', 'false'] }", want: { type: "boolean", enum: [true, false] } },
  { given: "{ type: array, enum: [a, b] }", want: { type: "array", items: { enum: ["a", "b"] } } },
  {
    given: "{ type: array, items: { type: string, enum: [a] }, enum: [a] }",
    want: { type: "array", items: { type: "string", enum: ["a"] } },
  },
  { given: "{ type: object, enum: [car] }", want: { type: "object" } },
  { given: "{ type: integer, enum: [[1]] }", want: { type: "integer" } },
  {
    given: "{ type: integer, nullable: true, enum: [one, null] }",
    want: { type: ["string", "null"], enum: ["one", null] },
  },
];

test.each(enums)(
  "an enum of another type is read as what is meant, with a warning: $given",
  async ({ given, want }) => {
    const { schema, diagnostics } = await bodySchema(given);
    expect(schema).toEqual(want);
    expect(codes(diagnostics)).toEqual([`ENUM_OF_OTHER_TYPE ${AT}/enum`]);
  },
);

test("an enum of its own type stays as it is", async () => {
  const { schema, diagnostics } = await bodySchema("{ type: number, nullable: true, enum: [1, 0.5, null] }");
  expect(schema).toEqual({ type: ["number", "null"], enum: [1, 0.5, null] });
  expect(diagnostics).toEqual([]);
});

test("what is required and forbidden at once is not required, with a warning", async () => {
  const { schema, diagnostics } = await bodySchema(
    "{ type: object, required: [name, json_schema], properties: { name: {}, jsonSchema: {} }, additionalProperties: false }",
  );
  expect(schema).toMatchObject({ required: ["name"], additionalProperties: false });
  expect(codes(diagnostics)).toEqual([`MALFORMED_SPEC ${AT}/required`]);
});

test("a required name that no property has stays where others are allowed", async () => {
  const { schema, diagnostics } = await bodySchema("{ type: object, required: [a], properties: { b: {} } }");
  expect(schema).toMatchObject({ required: ["a"] });
  expect(diagnostics).toEqual([]);
});

/** What belongs to another version of OpenAPI: read as meant, and told. */
const foreign = [
  { version: "3.1.0", given: "{ type: string, nullable: true }", want: { type: ["string", "null"] }, at: "/nullable" },
  {
    version: "3.1.0",
    given: "{ type: integer, minimum: 0, exclusiveMinimum: true }",
    want: { type: "integer", exclusiveMinimum: 0 },
    at: "/exclusiveMinimum",
  },
  {
    version: "3.2.0",
    given: "{ type: integer, maximum: 9, exclusiveMaximum: false }",
    want: { type: "integer", maximum: 9 },
    at: "/exclusiveMaximum",
  },
  {
    version: "3.0.3",
    given: "{ type: integer, exclusiveMinimum: 0 }",
    want: { type: "integer", exclusiveMinimum: 0 },
    at: "/exclusiveMinimum",
  },
  { version: "3.0.3", given: "{ type: [string, 'null'] }", want: { type: ["string", "null"] }, at: "/type" },
  { version: "3.0.3", given: "{ const: a }", want: { const: "a" }, at: "/const" },
];

test.each(foreign)("$version does not have $given", async ({ version, given, want, at }) => {
  const { schema, diagnostics } = await bodySchema(given, version);
  expect(schema).toEqual(want);
  expect(codes(diagnostics)).toEqual([`FOREIGN_KEYWORD ${AT}${at}`]);
  expect(diagnostics[0]?.severity).toBe("warning");
});

test("`$id` and `$anchor` in an example are data", async () => {
  const { schema, diagnostics } = await bodySchema("{ type: object, example: { $id: a, $anchor: b } }", "3.1.0");
  expect(schema).toEqual({ type: "object", examples: [{ $id: "a", $anchor: "b" }] });
  expect(diagnostics).toEqual([]);
});

test("one illegal type is one warning for an operation, however often it is used", async () => {
  const { diagnostics } = await bodySchema("{ properties: { a: { type: int }, b: { type: int }, c: { type: bool } } }");
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '"int" is no type of JSON Schema; taken for "integer"',
    '"bool" is no type of JSON Schema; taken for "boolean"',
  ]);
});

test("references become definitions, named as the components; siblings stay", async () => {
  const { schema, definitions, diagnostics } = await bodySchema(
    `{ properties: {
      plain: { $ref: '#/components/schemas/Pet.Short' },
      told: { $ref: '#/components/schemas/Pet.Short', description: Mine. },
      maybe: { $ref: '#/components/schemas/Pet.Short', nullable: true, description: Perhaps. } } }`,
    "3.0.3",
    "{ Pet.Short: { type: object, properties: { name: { type: string } } } }",
  );
  expect(schema).toEqual({
    properties: {
      plain: { $ref: "#/$defs/Pet_Short" },
      told: { $ref: "#/$defs/Pet_Short", description: "Mine." },
      maybe: { description: "Perhaps.", anyOf: [{ $ref: "#/$defs/Pet_Short" }, NULL] },
    },
  });
  expect(definitions).toEqual({ Pet_Short: { type: "object", properties: { name: { type: "string" } } } });
  expect(codes(diagnostics)).toEqual([`NULLABLE_BESIDE_REF ${AT}/properties/maybe/nullable`]);
});

test("cycles survive as definitions, aliases vanish, names differ by more than capitals", async () => {
  const { schema, definitions } = await bodySchema(
    "{ anyOf: [{ $ref: '#/components/schemas/Alias' }, { $ref: '#/components/schemas/node' }] }",
    "3.0.3",
    `{ Alias: { $ref: '#/components/schemas/Node' },
       Node: { type: object, properties: { next: { $ref: '#/components/schemas/Node' } } },
       node: { type: array, items: { $ref: '#/components/schemas/Node' } } }`,
  );
  expect(schema).toEqual({ anyOf: [{ $ref: "#/$defs/Node" }, { $ref: "#/$defs/node_2" }] });
  expect(definitions).toEqual({
    Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } },
    node_2: { type: "array", items: { $ref: "#/$defs/Node" } },
  });
});

test("a reference that leads back to itself is an error, and the schema accepts anything", async () => {
  const { schema, diagnostics } = await bodySchema(
    "{ $ref: '#/components/schemas/A' }",
    "3.0.3",
    "{ A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } }",
  );
  expect(schema).toEqual({});
  expect(codes(diagnostics)).toEqual(["REF_LOOP specs/acme.yaml#/components/schemas/A/$ref"]);
});

test("a reference that points at nothing names what is near", async () => {
  const { diagnostics } = await bodySchema(
    "{ $ref: '#/components/schemas/Pett' }",
    "3.0.3",
    "{ Pet: { type: object } }",
  );
  expect(codes(diagnostics)).toEqual([`REF_NOT_FOUND ${AT}/$ref`]);
  expect(diagnostics[0]?.help).toBe('write `$ref: "#/components/schemas/Pet"`');
  expect(diagnostics[0]?.notes.map(({ at }) => at.pointer)).toEqual(["/components/schemas/Pet"]);
});

test("a literal $ref in an example, default, enum or const is data, and a property may be called $ref", async () => {
  const { schema, definitions, diagnostics } = await bodySchema(
    `{ type: object, example: { $ref: nowhere.yaml }, default: { $ref: '#/nowhere' }, enum: [{ $ref: 'x' }],
       properties: { $ref: { type: string }, default: { $ref: '#/components/schemas/Pet' } } }`,
    "3.0.3",
    "{ Pet: { type: object } }",
  );
  expect(schema).toEqual({
    type: "object",
    examples: [{ $ref: "nowhere.yaml" }],
    default: { $ref: "#/nowhere" },
    enum: [{ $ref: "x" }],
    properties: { $ref: { type: "string" }, default: { $ref: "#/$defs/Pet" } },
  });
  expect(Object.keys(definitions)).toEqual(["Pet"]);
  expect(diagnostics).toEqual([]);
});

test("a discriminator keeps the part of its mapping that is about the listed schemas", async () => {
  const { schema } = await bodySchema(
    `{ oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
       discriminator: { propertyName: kind, mapping: { cat: Cat, dog: '#/components/schemas/Dog', cow: Cow } } }`,
    "3.0.3",
    "{ Cat: { type: object }, Dog: { type: object } }",
  );
  expect(schema).toEqual({
    oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
    discriminator: { propertyName: "kind", mapping: { cat: "#/$defs/Cat", dog: "#/$defs/Dog" } },
  });
});

test("what comes out compiles as JSON Schema 2020-12 and means what was meant", async () => {
  const { schema, definitions } = await bodySchema(
    "{ type: object, properties: { owner: { $ref: '#/components/schemas/Owner', nullable: true } } }",
    "3.0.3",
    "{ Owner: { type: object, properties: { age: { type: int, minimum: 0, exclusiveMinimum: true } } } }",
  );
  const validate = new Ajv2020().compile({ ...(schema as object), $defs: definitions }); // the schema of an object
  expect(validate({ owner: null })).toBe(true);
  expect(validate({ owner: { age: 1 } })).toBe(true);
  expect(validate({ owner: { age: 0 } })).toBe(false);
  expect(validate({ owner: { age: null } })).toBe(false);
});

describe("circles that never end are opened", () => {
  const base = {
    type: "object",
    properties: { kind: { type: "string" } },
    oneOf: [{ $ref: "#/components/schemas/Cat" }],
  };
  const cat = { allOf: [{ $ref: "#/components/schemas/Base" }, { properties: { purrs: { type: "boolean" } } }] };

  test.each(["Base", "Cat"])("a base that lists the kinds that take it in, from %s", async (start) => {
    const components = JSON.stringify({ Base: base, Cat: cat });
    const { definitions } = await bodySchema(`{ $ref: "#/components/schemas/${start}" }`, "3.0.3", components);
    const validate = new Ajv2020({ strict: false }).compile({ $ref: `#/$defs/${start}`, $defs: definitions });
    expect(validate({ kind: "cat", purrs: true })).toBe(true);
    expect(validate({ kind: 1, purrs: true })).toBe(false);
    expect(validate({ kind: "cat", purrs: 1 })).toBe(false);
  });

  test("one that goes on with a part of the value stays", async () => {
    const node = { properties: { next: { $ref: "#/components/schemas/Node" } }, oneOf: [{ required: ["next"] }, {}] };
    const { definitions } = await bodySchema(
      '{ $ref: "#/components/schemas/Node" }',
      "3.0.3",
      JSON.stringify({ Node: node }),
    );
    expect(definitions["Node"]?.["properties"]).toEqual({ next: { $ref: "#/$defs/Node" } });
  });
});
