import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import type { Catalog, SchemaObject } from "../../../src/definition/catalog.ts";
import { FILE_SCHEMA } from "../../../src/definition/file-schema.ts";

// Checked by nobody but the vendor: Zod would need a function for them, and generated modules hold data only.
const ONLY_SHOWN = [
  "not",
  "if",
  "uniqueItems",
  "contains",
  "minProperties",
  "maxProperties",
  "propertyNames",
  "dependentRequired",
];

// What the model is shown (catalog.json) and what is enforced (the Zod schema of the module) must accept the same arguments.
const root = resolve(import.meta.dirname, "../../..");
const RUNS = 400; // of each tool; enough that every keyword of every argument is broken several times
const folders = [
  ...readdirSync(join(root, "test/golden")).map((name) => join(root, "test/golden", name, "generated")),
  join(root, "generated"),
].flatMap((generated) => (existsSync(generated) ? readdirSync(generated).map((api) => join(generated, api)) : []));

const tools = folders.flatMap((folder) => {
  const catalog = JSON.parse(readFileSync(join(folder, "catalog.json"), "utf8")) as Catalog;
  return catalog.tools.map(({ name, inputSchema }) => ({
    name,
    inputSchema,
    file: join(folder, "tools", `${name}.ts`),
  }));
});

test.each(tools)("$name: $file", async ({ inputSchema, file }) => {
  const [tool] = Object.values((await import(pathToFileURL(file).href)) as Record<string, { input: z.ZodObject }>);
  const ajv = new Ajv2020({ strict: false, formats: {}, validateFormats: false, ownProperties: true, logger: false });
  for (const keyword of ONLY_SHOWN) ajv.removeKeyword(keyword);
  const shown = ajv.compile(inputSchema);
  let accepted = 0;
  fc.assert(
    fc.property(valueFor(inputSchema, definitionsOf(inputSchema), 4), (value) => {
      const enforced = tool!.input.safeParse(value);
      accepted += enforced.success ? 1 : 0;
      if (enforced.success !== shown(value)) {
        throw new Error(
          `${JSON.stringify(value)}: Zod ${enforced.success ? "accepts" : "refuses"}; ${JSON.stringify(shown.errors)}`,
        );
      }
    }),
    { seed: 20_261_121, numRuns: RUNS },
  );
  expect(accepted, "values of both kinds were tried").toBeGreaterThan(0);
});

/** Mostly what a schema allows, now and then what it does not: at every place a value of another kind, a missing or a strange key. */
function valueFor(
  schema: SchemaObject,
  definitions: Readonly<Record<string, SchemaObject>>,
  depth: number,
): fc.Arbitrary<unknown> {
  // `file()` asks for one of path and base64, which the schema that a model is shown does not say.
  if (JSON.stringify(schema["properties"]) === JSON.stringify(FILE_SCHEMA["properties"])) {
    return fc.constantFrom<unknown>(
      { base64: "aGk=", name: "a.txt" },
      { path: "a.txt" },
      { path: 1 },
      { path: "a", strange: 1 },
      7,
      null,
    );
  }
  return fc.oneof({ weight: 14, arbitrary: rightFor(schema, definitions, depth) }, { weight: 1, arbitrary: STRANGE });
}

const STRANGE = fc.constantFrom<unknown>(
  null,
  0,
  1.5,
  -1,
  1e9,
  "",
  "x",
  "y".repeat(600),
  true,
  [],
  ["x"],
  [1],
  {},
  { extra: 1 },
);

function rightFor(
  schema: SchemaObject,
  definitions: Readonly<Record<string, SchemaObject>>,
  depth: number,
): fc.Arbitrary<unknown> {
  const inner = (one: unknown) =>
    valueFor(typeof one === "object" && one !== null ? (one as SchemaObject) : {}, definitions, depth - 1);
  const { $ref, anyOf, oneOf, allOf, type } = schema;
  if (depth <= 0) return STRANGE;
  if (typeof $ref === "string") return inner(definitions[$ref.replace("#/$defs/", "").replaceAll("~1", "/")]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom<unknown>(...(schema["enum"] as unknown[]));
  if ("const" in schema) return fc.constant(schema["const"]);
  const legs = [anyOf, oneOf, allOf].find(Array.isArray) as readonly SchemaObject[] | undefined;
  if (legs) return fc.oneof(...legs.map((leg) => inner({ ...without(schema), ...leg })));
  if (Array.isArray(type)) return fc.oneof(...type.map((one: unknown) => inner({ ...schema, type: one })));
  switch (type) {
    case "string":
      return textFor(schema);
    case "integer":
      return fc.integer(between(schema, "minimum", "maximum"));
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true, ...between(schema, "minimum", "maximum") });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(inner(schema["items"]), { maxLength: Number(schema["maxItems"] ?? 3) + 1 });
    case "object":
      return objectFor(schema, inner);
    default:
      return STRANGE;
  }
}

function textFor(schema: SchemaObject): fc.Arbitrary<string> {
  const words = fc.constantFrom("", "a", "en", "some words", "2026-11-21", "a@b.example");
  const most = schema["maxLength"];
  return typeof most === "number"
    ? fc.oneof(
        words,
        fc.integer({ min: most - 1, max: most + 1 }).map((length) => "x".repeat(length)),
      )
    : words;
}

function objectFor(schema: SchemaObject, inner: (schema: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  // Names that every object inherits are let through unchecked: Zod would look them up in the prototype.
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, unknown>>).filter(
    ([name]) => !(name in Object.prototype),
  );
  const required = new Set((schema["required"] ?? []) as readonly string[]);
  const members = properties.map(([name, one]) => {
    const absent = required.has(name) ? 1 : 20; // of 40
    return fc.oneof(
      { weight: 40 - absent, arbitrary: inner(one).map((value) => [[name, value]]) },
      { weight: absent, arbitrary: fc.constant([]) },
    );
  });
  const others = schema["additionalProperties"];
  const extra = fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: inner(others).map((value) => [["other", value]]) },
  );
  return fc.tuple(...members, extra).map((all) => Object.fromEntries(all.flat() as [string, unknown][]));
}

function between(schema: SchemaObject, least: string, most: string): { min?: number; max?: number } {
  const [min, max] = [schema[least], schema[most]];
  return { ...(typeof min === "number" && { min: min - 1 }), ...(typeof max === "number" && { max: max + 1 }) };
}

function without(schema: SchemaObject): SchemaObject {
  const { anyOf: _, oneOf: __, allOf: ___, ...rest } = schema;
  return rest;
}

function definitionsOf(schema: SchemaObject): Readonly<Record<string, SchemaObject>> {
  return (schema["$defs"] ?? {}) as Readonly<Record<string, SchemaObject>>;
}
