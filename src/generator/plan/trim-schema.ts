import { judgePattern } from "../../definition/pattern.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import { argumentDescription, withDefault } from "./describe.ts";
import { branches, isObject, mapSubschemas, members, texts, typesOf } from "./schema.ts";

/** Keywords that a model or a validator has use for, in the order in which they are shown. All others are dropped. */
const KEPT = [
  "$ref x-toolwright type format enum const pattern minLength maxLength",
  "minimum exclusiveMinimum maximum exclusiveMaximum multipleOf",
  "items prefixItems contains minContains maxContains minItems maxItems uniqueItems",
  "properties patternProperties required additionalProperties propertyNames minProperties maxProperties",
  "dependentRequired anyOf oneOf allOf not if then else",
].flatMap((keywords) => keywords.split(" "));
/** Formats that tell a model how to write the value; `int32`, `double`, `password` and the like tell it nothing. */
const FORMATS = new Set(["date", "date-time", "time", "email", "uri", "uuid"]);
const MAX_INT32 = 2 ** 31 - 1; // bounds at or beyond it are the vendor's storage, not the vendor's rules
const LONG_TEXT = 10_000; // characters; a larger maximum is a column's size
const LONG_LIST = 1000; // items; likewise

/** What trimming depends on. */
export interface Trimming {
  /** Drops properties that only the vendor writes. */
  readonly body: boolean;
  /** Takes the patterns that are told and not enforced. */
  readonly onPattern?: (pattern: string, reason: string) => void;
}

/**
 * Keeps of a schema what helps to write a good argument, and what can be enforced: no titles, no examples, no sizes of the vendor's
 * storage, no formats of its programs. What the vendor assumes when a value is missing moves into the description.
 */
export function trimSchema(schema: SchemaObject, trimming: Trimming): SchemaObject {
  const single = onlyBranch(trimming.body ? withoutReadOnly(schema) : schema);
  const inner = mapSubschemas(single, (sub) => trimSchema(sub, trimming));
  const kept: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const keyword of KEPT) {
    const value = inner[keyword];
    if (value === undefined || isNoise(keyword, value)) continue;
    if (keyword === "pattern" && typeof value === "string") {
      const verdict = judgePattern(value);
      if (!verdict.enforced) {
        trimming.onPattern?.(value, verdict.reason);
        if (value.length <= 80) notes.push(`Matches ${value}`); // characters; longer ones explain nothing
        continue;
      }
    }
    kept[keyword] = value;
  }
  const said = argumentDescription(typeof schema["description"] === "string" ? schema["description"] : "");
  const description = withDefault([said, ...notes].filter((text) => text !== "").join(" "), schema["default"]);
  return { ...plainType(kept), ...(description !== "" && { description }) };
}

/** Whether a keyword's value says nothing that anybody could act on. */
function isNoise(keyword: string, value: unknown): boolean {
  switch (keyword) {
    case "format":
      return typeof value !== "string" || !FORMATS.has(value);
    case "maximum":
    case "exclusiveMaximum":
      return typeof value === "number" && value >= MAX_INT32;
    case "minimum":
    case "exclusiveMinimum":
      return typeof value === "number" && value <= -MAX_INT32;
    case "maxLength":
      return typeof value === "number" && value > LONG_TEXT;
    case "maxItems":
    case "maxProperties":
      return typeof value === "number" && value > LONG_LIST;
    case "minLength":
    case "minItems":
    case "minProperties":
      return value === 0;
    case "uniqueItems":
      return value === false;
    case "additionalProperties":
      return value === true;
    case "required":
      return Array.isArray(value) && value.length === 0;
    case "properties":
    case "patternProperties":
      return isObject(value) && Object.keys(value).length === 0;
    default:
      return false;
  }
}

/** `anyOf` with one branch is that branch. */
function onlyBranch(schema: SchemaObject): SchemaObject {
  for (const keyword of ["anyOf", "oneOf", "allOf"]) {
    const [only, ...others] = branches(schema, keyword);
    if (!only || others.length > 0) continue;
    const { [keyword]: _, ...rest } = schema;
    const clash = Object.keys(only).some((key) => key !== "description" && Object.hasOwn(rest, key));
    if (!clash) return onlyBranch({ ...only, ...rest });
  }
  return schema;
}

/** T11: properties that the vendor alone writes are no arguments. */
function withoutReadOnly(schema: SchemaObject): SchemaObject {
  const properties = members(schema, "properties");
  const dropped = Object.keys(properties).filter(
    (name) => isObject(properties[name]) && properties[name]["readOnly"] === true,
  );
  if (dropped.length === 0) return schema;
  const left = Object.fromEntries(Object.entries(properties).filter(([name]) => !dropped.includes(name)));
  return { ...schema, properties: left, required: texts(schema, "required").filter((name) => !dropped.includes(name)) };
}

/** `type: [string]` is `type: string`. */
function plainType(schema: Readonly<Record<string, unknown>>): SchemaObject {
  const types = typesOf(schema);
  return types.length === 1 && Array.isArray(schema["type"]) ? { ...schema, type: types[0] } : schema;
}
