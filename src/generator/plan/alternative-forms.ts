import type { SchemaObject } from "../../definition/catalog.ts";
import { judgePattern } from "../../definition/pattern.ts";
import { same } from "./merge-all-of.ts";
import { asObject, branches, members, texts, typesOf } from "./schema.ts";

/**
 * Says `anyOf` where alternatives may overlap.
 *
 * `oneOf` refuses a value that fits two of them. Vendors write it and mean "one of these": what fits two, they take. It stays only where
 * no value can fit two, which is when both mean the same.
 */
export function eitherForm(schema: SchemaObject): SchemaObject {
  const legs = branches(schema, "oneOf");
  if (legs.length === 0) return schema;
  const exclusive = legs.every((leg, index) => legs.slice(index + 1).every((other) => excludes(leg, other)));
  if (exclusive) return schema;
  const { oneOf, anyOf, ...rest } = schema;
  if (anyOf === undefined) return { ...rest, anyOf: oneOf };
  const both = [{ anyOf: oneOf }, { anyOf }];
  return { ...rest, allOf: [...branches(schema, "allOf"), ...both] };
}

/** `anyOf` with one branch is that branch. */
export function onlyBranch(schema: SchemaObject): SchemaObject {
  for (const keyword of ["anyOf", "oneOf", "allOf"]) {
    const [only, ...others] = branches(schema, keyword);
    if (!only || others.length > 0) continue;
    const { [keyword]: _, ...rest } = schema;
    const clash = Object.keys(only).some((key) => key !== "description" && Object.hasOwn(rest, key));
    if (!clash) return onlyBranch({ ...only, ...rest });
  }
  return schema;
}

/**
 * Says each alternative once: those within alternatives beside the others, `null` in one way.
 *
 *     anyOf: [{ anyOf: [A, { type: "null" }] }, A, { enum: [null] }] → anyOf: [A, { type: "null" }]
 */
export function distinctForms(schema: SchemaObject): SchemaObject {
  if (schema["oneOf"] === undefined && schema["anyOf"] === undefined) return schema;
  const exclusive = branches(schema, "oneOf");
  const legs = branches(schema, "anyOf");
  const plain = exclusive.length > 0 ? { ...schema, oneOf: exclusive.map(plainNull) } : schema;
  if (legs.length === 0) return plain;
  const flat = legs.flatMap((leg) => (same(Object.keys(leg), ["anyOf"]) ? branches(leg, "anyOf") : [leg]));
  const distinct = [...new Map(flat.map(plainNull).map((leg) => [JSON.stringify(leg), leg])).values()];
  return distinct.length === 1 ? onlyBranch({ ...plain, anyOf: distinct }) : { ...plain, anyOf: distinct };
}

function plainNull(schema: SchemaObject): SchemaObject {
  return same(valuesOf(schema), [null]) ? { type: "null" } : schema;
}

/** Whether certainly no value fits both: other types, other values, or another value of a member that both require. */
function excludes(one: SchemaObject, other: SchemaObject): boolean {
  const [mine, theirs] = [typesOf(one), typesOf(other)].map((types) =>
    types.map((type) => (type === "integer" ? "number" : type)),
  );
  if (mine && theirs && mine.length > 0 && theirs.length > 0 && !mine.some((type) => theirs.includes(type)))
    return true;
  if (differ(one, other)) return true;
  if (!same(mine, ["object"]) || !same(theirs, ["object"])) return false;
  const shared = texts(one, "required").filter((name) => texts(other, "required").includes(name));
  return shared.some((name) =>
    differ(asObject(members(one, "properties")[name]), asObject(members(other, "properties")[name])),
  );
}

/** Whether both list their values and have none in common. */
function differ(one: SchemaObject, other: SchemaObject): boolean {
  const [mine, theirs] = [valuesOf(one), valuesOf(other)];
  return (
    mine !== undefined && theirs !== undefined && !mine.some((value) => theirs.some((their) => same(value, their)))
  );
}

function valuesOf(schema: SchemaObject): readonly unknown[] | undefined {
  if (schema["const"] !== undefined) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"] : undefined;
}

const BOUNDS: Readonly<Record<string, (value: unknown, bound: unknown) => boolean>> = {
  minimum: (value, bound) => typeof value !== "number" || value >= Number(bound),
  maximum: (value, bound) => typeof value !== "number" || value <= Number(bound),
  exclusiveMinimum: (value, bound) => typeof value !== "number" || value > Number(bound),
  exclusiveMaximum: (value, bound) => typeof value !== "number" || value < Number(bound),
  minLength: (value, bound) => typeof value !== "string" || [...value].length >= Number(bound),
  maxLength: (value, bound) => typeof value !== "string" || [...value].length <= Number(bound),
  pattern: (value, bound) => typeof value !== "string" || matches(value, String(bound)),
};

/** Where the values are listed, bounds say nothing more: those that break one are taken out, and the bounds with them. */
export function narrowValues(schema: SchemaObject): SchemaObject {
  const { enum: values, ...others } = schema;
  if (!Array.isArray(values)) return schema;
  const bounds = Object.keys(BOUNDS).filter((keyword) => schema[keyword] !== undefined);
  const left = values.filter((value) => bounds.every((keyword) => BOUNDS[keyword]?.(value, schema[keyword])));
  if (left.length === 0) return schema; // no value fits: better said twice than as a list of none
  const rest = Object.entries(others).filter(([keyword]) => !bounds.includes(keyword));
  return { ...Object.fromEntries(rest), enum: left };
}

/** A pattern that is not enforced is taken to match. */
function matches(value: string, pattern: string): boolean {
  const verdict = judgePattern(pattern);
  return !verdict.enforced || new RegExp(pattern, verdict.flags).test(value);
}
