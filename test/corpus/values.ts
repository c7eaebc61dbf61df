import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { asRaw, type Raw, texts } from "./description.ts";
import { definitionName } from "./listing.ts";
import { numberFor, textFor } from "./scalars.ts";

/** Where an argument ends up: each place refuses other characters. */
export type Place = "path" | "query" | "header" | "cookie" | "json" | "form" | "text";

/**
 * Which arguments a call has. `everything`: all, and all properties of them, by the first alternative of each. `others`: all, by the
 * last alternatives, with reserved characters, zeros, `false` and `null`. `required`: what the tool demands.
 */
export type Variant = "everything" | "others" | "required";
export const VARIANTS: readonly Variant[] = ["everything", "others", "required"];

/** What a value is made for. */
export interface Wish {
  readonly variant: Variant;
  readonly place: Place;
  /** Values in a row differ by it. */
  readonly index: number;
}

interface Making extends Wish {
  /** Free names are made of it: members of two arguments must not be called the same. */
  readonly argument: string;
  readonly root: Raw;
  readonly depth: number;
  readonly budget: { left: number };
}

const MOST_VALUES = 4000; // of one call: beyond it only what is required is made
const DEEP = 7; // levels with all properties; recursive schemas end here
const DEEPEST = 18; // levels at all

/** Arguments for a tool, made from its own input schema: the same ones every time. */
export function argumentsFor(
  inputSchema: Raw,
  variant: Variant,
  placeOf: (argument: string) => Place,
): Record<string, unknown> {
  const budget = { left: MOST_VALUES };
  const required = texts(inputSchema["required"]);
  const made: [string, unknown][] = [];
  for (const [name, schema] of Object.entries(asRaw(inputSchema["properties"]))) {
    if (variant === "required" && !required.includes(name)) continue;
    const making = { argument: name, variant, place: placeOf(name), index: 0, root: inputSchema, depth: 0, budget };
    made.push([name, valueOf(schema, making)]);
  }
  return Object.fromEntries(made);
}

function valueOf(schema: unknown, making: Making): unknown {
  making.budget.left -= 1;
  if (making.depth > DEEPEST || making.budget.left < -MOST_VALUES) return null;
  const at = opened(asRaw(schema), making.root);
  if ("const" in at) return at["const"];
  if (Array.isArray(at["enum"]))
    return oneOfList(
      at["enum"].filter((value) => value !== null || making.place === "json"),
      making,
    );
  for (const keyword of ["oneOf", "anyOf"]) {
    if (Array.isArray(at[keyword])) return alternative(at, keyword, making);
  }
  const type = typeOf(at, making);
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return making.variant !== "others";
    case "integer":
    case "number":
      return numberFor(at, type, making);
    case "array":
      return listFor(at, making);
    case "object":
      return objectFor(at, making);
    default:
      return textFor(at, making);
  }
}

function typeOf(schema: Raw, { variant, place, depth }: Making): string {
  const listed = typeof schema["type"] === "string" ? [schema["type"]] : texts(schema["type"]);
  const nullable = listed.includes("null") && variant === "others" && place === "json" && depth > 0;
  if (nullable) return "null";
  const types = listed.filter((type) => type !== "null");
  const chosen = variant === "others" ? types.at(-1) : types[0];
  if (chosen !== undefined) return chosen;
  if (listed.length > 0) return "null";
  if ("properties" in schema || "additionalProperties" in schema || "patternProperties" in schema) return "object";
  return "items" in schema || "prefixItems" in schema ? "array" : "string";
}

/** A branch, with what stands beside it; of `oneOf`, one whose value fits no other. */
function alternative(schema: Raw, keyword: string, making: Making): unknown {
  const { [keyword]: list, ...beside } = schema;
  const all = (list as readonly unknown[]).map((branch) => opened(asRaw(branch), making.root));
  const writable = all.filter((branch) => making.place === "json" || branch["type"] !== "null");
  const branches = writable.length > 0 ? writable : all;
  const turned = making.variant === "others" ? [...branches].reverse() : branches;
  const deeper = { ...making, depth: making.depth + 1 };
  if (making.depth > DEEP) turned.sort((one, other) => weight(one) - weight(other)); // recursion ends by the simplest
  let first: unknown;
  for (const [index, branch] of turned.entries()) {
    const value = valueOf(merged(beside, branch), deeper);
    if (index === 0) first = value;
    const fitting = all.filter((one) => fits(merged(beside, one), making.root, value)).length;
    if (keyword === "anyOf" ? fitting > 0 : fitting === 1) return value;
  }
  return first;
}

/** How much a schema leads to: nothing, scalars, or more schemas. */
function weight(schema: Raw): number {
  return ["properties", "items", "oneOf", "anyOf", "additionalProperties"].filter((keyword) => keyword in schema)
    .length;
}

function listFor(schema: Raw, making: Making): unknown[] {
  const least = Number(schema["minItems"] ?? 0);
  const most = Number(schema["maxItems"] ?? 1000);
  const deep = making.depth >= DEEPEST || making.budget.left < 0;
  const wanted = deep ? 0 : making.variant === "everything" && making.depth < DEEP ? 2 : 1;
  const fixed = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
  const length = Math.min(most, Math.max(least, fixed.length, wanted));
  const items = Array.from({ length }, (_, index) =>
    valueOf(fixed[index] ?? schema["items"], { ...making, depth: making.depth + 1, index: making.index + index }),
  );
  if (schema["uniqueItems"] !== true) return items;
  const distinct = [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
  return distinct;
}

function objectFor(schema: Raw, making: Making): Record<string, unknown> {
  const required = texts(schema["required"]);
  // An empty object is nothing at all outside of JSON, and a path cannot carry that.
  const filled = making.variant !== "required" || (making.place !== "json" && making.depth < 2);
  const whole = filled && making.depth < DEEP && making.budget.left > 0;
  const deeper = { ...making, depth: making.depth + 1 };
  const properties = asRaw(schema["properties"]);
  const made = Object.entries(properties)
    .filter(([name]) => required.includes(name) || whole)
    .map(([name, inner]) => [name, valueOf(inner, deeper)] as const);
  const unlisted = required
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => [name, textFor({}, deeper)] as const);
  const others = schema["additionalProperties"];
  const least = Number(schema["minProperties"] ?? 0);
  const open = others !== false && (Object.keys(properties).length === 0 || made.length < least);
  const free = open && (whole || made.length < least) ? Math.max(2, least - made.length) : 0;
  const added = Array.from({ length: Math.min(free, Number(schema["maxProperties"] ?? 9)) }).map(
    (_, index) =>
      [
        `${making.argument}_${index + 1}`,
        valueOf(typeof others === "object" ? others : { type: "string" }, deeper),
      ] as const,
  );
  return Object.fromEntries([
    ...made,
    ...unlisted,
    ...(Object.keys(asRaw(schema["patternProperties"])).length > 0 ? [] : added),
  ]);
}

function oneOfList(values: readonly unknown[], { variant, index }: Making): unknown {
  return variant === "others" ? values.at(-1 - (index % values.length)) : values[index % values.length];
}

/** A schema with its reference followed and its parts laid together, as far as making a value of it needs. */
function opened(schema: Raw, root: Raw): Raw {
  let at = schema;
  for (let hops = 0; hops < 50 && typeof at["$ref"] === "string"; hops++) {
    const { $ref: reference, ...beside } = at;
    at = merged(asRaw(asRaw(root["$defs"])[definitionName(reference)]), beside);
  }
  if (!Array.isArray(at["allOf"])) return at;
  const { allOf, ...rest } = at;
  return (allOf as readonly unknown[]).reduce<Raw>((sum, part) => merged(sum, opened(asRaw(part), root)), rest);
}

function merged(one: Raw, other: Raw): Raw {
  const properties = { ...asRaw(one["properties"]), ...asRaw(other["properties"]) };
  const required = [...new Set([...texts(one["required"]), ...texts(other["required"])])];
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** Judges of one tool's schemas, compiled once each; they are forgotten with the tool. */
const judges = new WeakMap<Raw, { readonly ajv: Ajv2020; readonly known: Map<Raw, ValidateFunction> }>();

/** Whether a value is what a schema of a tool says. */
export function fits(schema: Raw, root: Raw, value: unknown): boolean {
  const judge = judges.get(root) ?? {
    ajv: new Ajv2020({
      strict: false,
      validateSchema: false,
      validateFormats: false,
      logger: false,
      allErrors: true, // otherwise every property is checked within the `else` of the one before, and hundreds are too deep to compile
      code: { optimize: false },
    }),
    known: new Map<Raw, ValidateFunction>(),
  };
  judges.set(root, judge);
  const known =
    judge.known.get(schema) ?? judge.ajv.compile(schema === root ? root : { ...schema, $defs: root["$defs"] ?? {} });
  judge.known.set(schema, known);
  try {
    return known(value);
  } catch (error) {
    if (error instanceof RangeError) return false; // a schema that leads back to itself without a property between
    throw error;
  }
}
