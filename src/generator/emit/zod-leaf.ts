import type { SchemaObject } from "../../definition/catalog.ts";
import { judgePattern } from "../../definition/pattern.ts";
import { join, ts, type Code } from "./code.ts";
import { after, array, call, literal, object, oneLine, type Layout } from "./layout.ts";
import { membersOf, typesOf } from "./schema.ts";

/**
 * A string. No `format` is checked, as JSON Schema has it: vendors' ids, dates and addresses seldom keep to the letter of one.
 * A `pattern` is checked when that is certain to end soon.
 */
export function stringOf(schema: SchemaObject): Code {
  const { format, pattern } = schema;
  const verdict = typeof pattern === "string" ? judgePattern(pattern) : undefined;
  const told: (readonly [string, Layout])[] = [];
  if (typeof format === "string") told.push(["format", ts`${format}`]);
  if (typeof pattern === "string" && !verdict?.enforced) told.push(["pattern", ts`${pattern}`]);
  const checked = verdict?.enforced === true && typeof pattern === "string" ? regex(pattern, verdict.flags) : ts``;
  const meta = told.length > 0 ? ts`.meta(${oneLine(object(told))})` : ts``;
  return ts`z.string()${sizes(schema, "minLength", "maxLength")}${checked}${meta}`;
}

function regex(pattern: string, flags: string): Code {
  return flags === "" ? ts`.regex(new RegExp(${pattern}))` : ts`.regex(new RegExp(${pattern}, ${flags}))`;
}

/** A number, whole or not. */
export function numberOf(schema: SchemaObject): Code {
  const limits: Code[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (isNumber(minimum)) limits.push(exclusiveMinimum === true ? ts`.gt(${minimum})` : ts`.min(${minimum})`);
  if (isNumber(exclusiveMinimum)) limits.push(ts`.gt(${exclusiveMinimum})`);
  if (isNumber(maximum)) limits.push(exclusiveMaximum === true ? ts`.lt(${maximum})` : ts`.max(${maximum})`);
  if (isNumber(exclusiveMaximum)) limits.push(ts`.lt(${exclusiveMaximum})`);
  if (isNumber(multipleOf) && multipleOf > 0 && multipleOf !== 1) limits.push(ts`.multipleOf(${multipleOf})`);
  const whole = schema["type"] === "integer" || multipleOf === 1;
  return ts`${whole ? ts`z.int()` : ts`z.number()`}${join(limits, ts``)}`;
}

/** `enum` and `const`: values that are written out; those of another type than `type` cannot occur. */
export function literalsOf(schema: SchemaObject, scope: { readonly json: () => Code }): Layout {
  const types = typesOf(schema);
  const all = "const" in schema ? [schema["const"]] : membersOf(schema["enum"]);
  const values = distinct(all.filter((value) => types.length === 0 || types.some((type) => isOfType(value, type))));
  const rest = values.filter((value) => value !== null);
  if (rest.length < values.length) {
    return rest.length === 0 ? ts`z.null()` : after(literalsOf({ enum: rest }, scope), ts`.nullable()`);
  }
  const [only] = rest;
  if (rest.length === 0) return ts`z.never()`;
  if (rest.length === 1) return exactly(only, scope);
  if (!rest.every(isScalar)) return call(ts`z.union`, [array(rest.map((value) => exactly(value, scope)))]);
  const texts = rest.every((value) => typeof value === "string" && value !== "__proto__"); // no key of Zod's table of texts
  return call(texts ? ts`z.enum` : ts`z.literal`, [array(rest.map(literal))]);
}

/** Exactly this value. */
function exactly(value: unknown, scope: { readonly json: () => Code }): Layout {
  return isScalar(value) ? ts`z.literal(${value})` : call(ts`${scope.json()}.const`, [literal(value)]);
}

/** `.min(1).max(9)` for the two keywords that count. */
export function sizes(schema: SchemaObject, least: string, most: string): Code {
  const min = schema[least];
  const max = schema[most];
  return ts`${isCount(min) && min > 0 ? ts`.min(${min})` : ts``}${isCount(max) ? ts`.max(${max})` : ts``}`;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isOfType(value: unknown, type: string): boolean {
  if (value === null) return type === "null";
  if (Array.isArray(value)) return type === "array";
  if (type === "integer") return Number.isInteger(value);
  return type === typeof value;
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Whether a value counts something. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
