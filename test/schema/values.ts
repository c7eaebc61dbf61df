import * as fc from "fast-check";
import type { SchemaObject } from "../../src/definition/catalog.ts";
import { FILE_SCHEMA } from "../../src/definition/file-schema.ts";

type Definitions = Readonly<Record<string, SchemaObject>>;

/** Values for a schema: mostly what it allows, now and then what it does not, and one in three changed at a random place. */
export function valuesFor(schema: SchemaObject, depth = 5): fc.Arbitrary<unknown> {
  const definitions = (schema["$defs"] ?? {}) as Definitions; // of a catalog: an object, as every case of this file is tested with
  const changes = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(), STRANGE), { minLength: 1, maxLength: 2 }) },
  );
  return fc
    .tuple(valueFor(schema, definitions, depth), changes)
    .map(([value, all]) => all.reduce<unknown>((changed, [at, other]) => mutated(changed, at, other), value));
}

/** What fits few schemas: values of every type, names that every object has, texts at the edge of counting. */
const STRANGES: readonly (readonly unknown[])[] = [
  [null, 0, 1.5, -1, 1e9, true, "", "x", "y".repeat(600), "\u{1F600}".repeat(3)],
  [[], ["x"], [1], ["x", "x"], [null]],
  [{}, { extra: 1 }, { toString: 1 }, { constructor: "x", hasOwnProperty: [] }],
];
const STRANGE = fc.constantFrom<unknown>(...STRANGES.flat());

/** The value with something else in one place, a member less, a member more, or an element twice. */
function mutated(value: unknown, at: number, other: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && at % 4 !== 0) {
    const index = at % value.length;
    if (at % 4 === 1) return [...value, value[index]];
    return value.map((one: unknown, i) => (i === index ? mutated(one, Math.floor(at / 4), other) : one));
  }
  const names = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const name = names[at % Math.max(names.length, 1)];
  if (name === undefined || at % 4 === 0) return other;
  const members = Object.entries(value as object);
  if (at % 4 === 1) return Object.fromEntries(members.filter(([one]) => one !== name));
  if (at % 4 === 2 && at % 3 === 0) return Object.fromEntries([...members, [`other${at % 5}`, other]]);
  return Object.fromEntries(
    members.map(([one, inner]) => [one, one === name ? mutated(inner, Math.floor(at / 4), other) : inner]),
  );
}

function valueFor(schema: SchemaObject, definitions: Definitions, depth: number): fc.Arbitrary<unknown> {
  // `file()` asks for one of path and base64, which the schema that a model is shown does not say.
  if (isFile(schema)) return fc.constantFrom<unknown>(...FILES);
  return fc.oneof({ weight: 19, arbitrary: rightFor(schema, definitions, depth) }, { weight: 1, arbitrary: STRANGE });
}

const FILES: readonly unknown[] = [
  { base64: "aGk=", name: "a.txt" },
  { path: "a.txt" },
  { path: 1 },
  { path: "a", strange: 1 },
  7,
  null,
];

function isFile(schema: SchemaObject): boolean {
  return JSON.stringify(schema["properties"]) === JSON.stringify(FILE_SCHEMA["properties"]);
}

function rightFor(schema: SchemaObject, definitions: Definitions, depth: number): fc.Arbitrary<unknown> {
  const inner = (one: unknown) =>
    valueFor(typeof one === "object" && one !== null ? (one as SchemaObject) : {}, definitions, depth - 1);
  const { $ref, anyOf, oneOf, allOf, type } = schema;
  if (depth <= 0) return STRANGE;
  if (typeof $ref === "string")
    return inner(definitions[$ref.replace("#/$defs/", "").replaceAll("~1", "/").replaceAll("~0", "~")]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom<unknown>(...(schema["enum"] as unknown[]));
  if ("const" in schema) return fc.constant(schema["const"]);
  const legs = [anyOf, oneOf, allOf].find(Array.isArray) as readonly SchemaObject[] | undefined;
  if (legs) return fc.oneof(...legs.map((leg) => inner(merged(schema, leg))));
  if (Array.isArray(type)) return fc.oneof(...type.map((one: unknown) => inner({ ...schema, type: one })));
  switch (type) {
    case "string":
      return textFor(schema);
    case "integer":
      return fc.integer(between(schema, "minimum", "maximum"));
    case "number":
      return numberFor(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return listFor(schema, inner);
    case "object":
      return objectFor(schema, inner);
    default:
      return STRANGE;
  }
}

/** What an alternative allows, with what stands beside the alternatives. */
function merged(schema: SchemaObject, leg: SchemaObject): SchemaObject {
  const { anyOf: _, oneOf: __, allOf: ___, ...rest } = schema;
  const properties = { ...(rest["properties"] as object | undefined), ...(leg["properties"] as object | undefined) };
  const required = [rest["required"], leg["required"]].flatMap((names) => (names ?? []) as readonly string[]);
  return {
    ...rest,
    ...leg,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** Doubles are as many between 0 and 0.01 as between 0.01 and 24: whole numbers come too. */
function numberFor(schema: SchemaObject): fc.Arbitrary<number> {
  const bounds = between(schema, "minimum", "maximum");
  const min = Math.ceil(bounds.min ?? -10);
  const whole = fc.integer({ min, max: Math.max(min, Math.floor(bounds.max ?? min + 1000)) });
  return fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, ...bounds }), whole);
}

function textFor(schema: SchemaObject): fc.Arbitrary<string> {
  const words = fc.constantFrom("", "a", "en", "some words", "2026-11-21", "a@b.example", "\u{1F600}", "123", "ABC-1");
  const edges = [schema["minLength"], schema["maxLength"]].filter((edge) => typeof edge === "number");
  const long = edges.map((edge) =>
    fc
      .tuple(fc.integer({ min: Math.max(edge - 1, 0), max: edge + 1 }), fc.constantFrom("x", "\u{1F600}"))
      .map(([length, character]) => character.repeat(length)),
  );
  return fc.oneof(words, ...long);
}

function listFor(schema: SchemaObject, inner: (schema: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const first = (schema["prefixItems"] ?? []) as readonly unknown[];
  const least = Number(schema["minItems"] ?? 0);
  const most = Math.min(Number(schema["maxItems"] ?? least + 2) + 1, least + 4);
  const rest = fc.array(inner(schema["items"]), { minLength: Math.max(least - 1, 0), maxLength: Math.max(most, 0) });
  return fc.tuple(fc.tuple(...first.map(inner)), rest).map(([head, tail]) => [...head, ...tail]);
}

function objectFor(schema: SchemaObject, inner: (schema: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  // `__proto__` never comes so far: the runtime refuses it wherever it stands, and Ajv does not see it.
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, unknown>>).filter(
    ([name]) => name !== "__proto__",
  );
  const required = new Set((schema["required"] ?? []) as readonly string[]);
  const members = properties.map(([name, one]) => {
    const present = required.has(name) ? 39 : Math.max(4, Math.min(20, 120 / properties.length)); // of 40
    return fc.oneof(
      { weight: Math.round(present), arbitrary: inner(one).map((value) => [[name, value]]) },
      { weight: 40 - Math.round(present), arbitrary: fc.constant([]) },
    );
  });
  const undeclared = [...required].filter((name) => !properties.some(([one]) => one === name));
  const others = inner(schema["additionalProperties"]);
  const extra = fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom("other", "toString", "x-other"), others)
        .map(([name, value]) => [[name, value]]),
    },
  );
  const demanded = undeclared.map((name) => others.map((value) => [[name, value]]));
  return fc.tuple(...members, ...demanded, extra).map((all) => Object.fromEntries(all.flat() as [string, unknown][]));
}

function between(schema: SchemaObject, least: string, most: string): { min?: number; max?: number } {
  const [min, max] = [schema[least], schema[most]];
  return { ...(typeof min === "number" && { min: min - 1 }), ...(typeof max === "number" && { max: max + 1 }) };
}
