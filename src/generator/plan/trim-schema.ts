import { judgePattern, unicodePattern } from "../../definition/pattern.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import { argumentDescription, withDefault } from "./describe.ts";
import { meantType } from "../../definition/telling-keywords.ts";
import { distinctForms, eitherForm, narrowValues, onlyBranch } from "./alternative-forms.ts";
import { same } from "./merge-all-of.ts";
import { closeUnevaluated, toldUnevaluated } from "./close-unevaluated.ts";
import { withoutRepetition } from "./repetition.ts";
import { isObject, mapSubschemas, members, texts, typesOf } from "./schema.ts";

/** Keywords that a model or a validator has use for, each with its place in the order in which they are shown. All others are dropped. */
const KEPT = new Map(
  [
    "$ref x-toolwright type format enum const pattern minLength maxLength",
    "minimum exclusiveMinimum maximum exclusiveMaximum multipleOf",
    "items prefixItems contains minContains maxContains minItems maxItems uniqueItems",
    "properties patternProperties required additionalProperties propertyNames minProperties maxProperties",
    "dependentRequired dependentSchemas anyOf oneOf allOf not if then else",
  ]
    .flatMap((keywords) => keywords.split(" "))
    .map((keyword, place) => [keyword, place]),
);
/** Formats that tell a model how to write the value; `int32`, `double`, `password` and the like tell it nothing. */
const FORMATS = new Set(["date", "date-time", "time", "email", "uri", "uuid"]);
const MAX_INT32 = 2 ** 31 - 1; // bounds at or beyond it are the vendor's storage, not the vendor's rules
const LONG_TEXT = 10_000; // characters; a larger maximum is a column's size
const LONG_LIST = 1000; // items; likewise

/** What trimming depends on. */
export interface Trimming {
  /** Drops properties that only the vendor writes. */
  readonly body: boolean;
  /** The schema is a part of an argument's. */
  readonly part?: boolean;
  /** The schema is about values whose type is said further out, or asks a question of them: its own type is not to be inferred. */
  readonly typed?: boolean;
  /** Takes the patterns that are told and not enforced. */
  readonly onPattern?: (pattern: string, reason: string) => void;
}

/**
 * Keeps of a schema what helps to write a good argument, and what can be enforced: no titles, no examples, no sizes of the vendor's
 * storage, no formats of its programs. What the vendor assumes when a value is missing moves into the description.
 */
export function trimSchema(schema: SchemaObject, trimming: Trimming): SchemaObject {
  const { body, part = false, typed = false, onPattern } = trimming;
  const known = (trimmed[`${body} ${part} ${typed}`] ??= new WeakMap());
  let one = known.get(schema);
  if (!one) {
    const patterns: Trimmed["patterns"][number][] = [];
    const told = trim(schema, { ...trimming, onPattern: (...pattern) => void patterns.push(pattern) });
    known.set(schema, (one = { schema: told, patterns }));
  }
  if (onPattern) for (const pattern of one.patterns) onPattern(...pattern);
  return one.schema;
}

/** A schema, trimmed, and the patterns in it that are told and not enforced. */
interface Trimmed {
  readonly schema: SchemaObject;
  readonly patterns: readonly (readonly [pattern: string, reason: string])[];
}

/** What was trimmed, by what that depends on: operations share most of their schemas. */
const trimmed: Record<string, WeakMap<SchemaObject, Trimmed>> = {};

function trim(schema: SchemaObject, trimming: Trimming): SchemaObject {
  const single = closeUnevaluated(onlyBranch(trimming.body ? withoutReadOnly(schema) : schema));
  const meant = trimming.typed || single["type"] !== undefined ? undefined : typeMeant(single);
  const typed = trimming.typed === true || meant !== undefined || single["type"] !== undefined;
  const inner = mapSubschemas(withSafeNames(single, trimming), (sub, keyword) =>
    trimSchema(sub, { ...trimming, part: true, typed: QUESTIONS.has(keyword) || (typed && IN_PLACE.has(keyword)) }),
  );
  const all = narrowValues(distinctForms(eitherForm({ ...inner, ...(meant !== undefined && { type: meant }) })));
  const kept: Record<string, unknown> = {};
  const notes = [...toldUnevaluated(single), ...toldContent(single)];
  for (const keyword of keptOf(all)) {
    const value = all[keyword];
    if (value === undefined || isNoise(keyword, value)) continue;
    if (keyword === "pattern" && typeof value === "string") {
      const verdict = judgePattern(value);
      if (!verdict.enforced) {
        trimming.onPattern?.(value, verdict.reason);
        if (value.length <= 80) notes.push(`Matches ${value}`); // characters; longer ones explain nothing
        continue;
      }
    }
    kept[keyword] = keyword === "pattern" && typeof value === "string" ? unicodePattern(value) : value;
  }
  const said = argumentDescription(
    typeof schema["description"] === "string" ? schema["description"] : "",
    trimming.part,
  );
  const description = withDefault([said, ...notes].filter((text) => text !== "").join(" "), schema["default"]);
  return withoutRepetition({ ...plainType(kept), ...(description !== "" && { description }) });
}

/** The keywords of a schema that are kept, in their order. */
function keptOf(schema: SchemaObject): readonly string[] {
  const place = (keyword: string): number => KEPT.get(keyword) ?? -1;
  return Object.keys(schema)
    .filter((keyword) => place(keyword) >= 0)
    .sort((one, other) => place(one) - place(other));
}

/** Keywords whose schemas are about the value itself. */
const IN_PLACE = new Set(["anyOf", "oneOf", "allOf", "then", "else", "dependentSchemas"]);
/** Keywords whose schemas only ask: to say a type there would change the answer for values of other types. */
const QUESTIONS = new Set(["not", "if", "contains", "propertyNames"]);
const COMBINING = ["$ref", "anyOf", "oneOf", "enum", "const"];

/** The type that a schema means which is not combined of others. */
function typeMeant(schema: SchemaObject): string | undefined {
  const combined = COMBINING.some((keyword) => schema[keyword] !== undefined);
  return combined && schema["properties"] === undefined ? undefined : meantType(schema);
}

/** Patterns of names that could take forever are not tried; then no other name can be refused. */
function withSafeNames(schema: SchemaObject, { onPattern }: Trimming): SchemaObject {
  const patterns = Object.entries(members(schema, "patternProperties"));
  const safe = patterns.filter(([pattern]) => {
    const verdict = judgePattern(pattern, "name");
    if (!verdict.enforced) onPattern?.(pattern, verdict.reason);
    return verdict.enforced;
  });
  if (safe.length === patterns.length) return schema;
  const { additionalProperties: _, ...rest } = schema;
  return { ...rest, patternProperties: Object.fromEntries(safe) };
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
      return value === true || (isObject(value) && Object.keys(value).length === 0);
    case "required":
      return Array.isArray(value) && value.length === 0;
    case "properties":
    case "patternProperties":
      return isObject(value) && Object.keys(value).length === 0;
    case "propertyNames":
      return same(value, {}) || same(value, { type: "string" }); // as all names are
    default:
      return false;
  }
}

/** How a text holds what is no text; a model that is not told writes something else. */
function toldContent({ contentEncoding, contentMediaType, description }: SchemaObject): readonly string[] {
  if (typeof contentEncoding !== "string") return [];
  const known = typeof description === "string" && description.toLowerCase().includes(contentEncoding.toLowerCase());
  if (known) return [];
  const told = typeof contentMediaType === "string" && contentMediaType !== BYTES;
  return [told ? `${contentMediaType}, encoded as ${contentEncoding}.` : `Encoded as ${contentEncoding}.`];
}

const BYTES = "application/octet-stream";

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
