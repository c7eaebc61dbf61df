import type { SchemaObject } from "../../definition/catalog.ts";
import { branches, isObject, mapSubschemas, members, perSchema, texts, typesOf } from "./schema.ts";

/** Folds `allOf` into plain schemas wherever that says the same, at every depth. */
export const foldAllOf: (schema: SchemaObject) => SchemaObject = perSchema((schema) => {
  const inner = mapSubschemas(schema, foldAllOf);
  const parts = branches(inner, "allOf");
  if (parts.length === 0) return inner;
  const { allOf: _, ...own } = inner;
  let merged: SchemaObject = own;
  const left: SchemaObject[] = [];
  for (const part of parts) {
    const both = mergeTwo(merged, part);
    if (both) merged = both;
    else left.push(part);
  }
  if (left.length === 0) return merged;
  return Object.keys(merged).length === 0 && left.length === 1 ? (left[0] ?? {}) : { ...merged, allOf: left };
});

/** One schema that allows what both allow; undefined when no plain one says that. */
export function mergeTwo(one: SchemaObject, other: SchemaObject): SchemaObject | undefined {
  if (one["$ref"] !== undefined || other["$ref"] !== undefined) {
    return Object.keys(one).length === 0 ? other : Object.keys(other).length === 0 ? one : undefined;
  }
  const merged: Record<string, unknown> = { ...one };
  for (const [keyword, value] of Object.entries(other)) {
    if (!Object.hasOwn(one, keyword)) {
      merged[keyword] = value;
      continue;
    }
    const both = mergeKeyword(keyword, one, other);
    if (both === undefined) return undefined;
    merged[keyword] = both;
  }
  return openSides(merged, one, other);
}

/** What both values of a keyword mean together; undefined when one keyword cannot say it. */
function mergeKeyword(keyword: string, one: SchemaObject, other: SchemaObject): unknown {
  const [a, b] = [one[keyword], other[keyword]];
  if (same(a, b)) return a;
  switch (keyword) {
    case "properties":
      return mergeProperties(members(one, keyword), members(other, keyword));
    case "required":
      return [...new Set([...texts(one, keyword), ...texts(other, keyword)])];
    case "type": {
      const shared = typesOf(one).filter((type) => typesOf(other).includes(type));
      return shared.length === 0 ? undefined : shared.length === 1 ? shared[0] : shared;
    }
    case "enum":
      return Array.isArray(a) && Array.isArray(b)
        ? a.filter((value) => b.some((wanted) => same(value, wanted)))
        : undefined;
    case "minimum":
    case "minLength":
    case "minItems":
      return typeof a === "number" && typeof b === "number" ? Math.max(a, b) : undefined;
    case "maximum":
    case "maxLength":
    case "maxItems":
      return typeof a === "number" && typeof b === "number" ? Math.min(a, b) : undefined;
    case "additionalProperties":
    case "unevaluatedProperties":
    case "unevaluatedItems":
      return a === false || b === false ? false : a === true ? b : b === true ? a : undefined;
    case "items":
      return isObject(a) && isObject(b) ? mergeTwo(a, b) : undefined;
    case "description":
    case "title":
    case "default":
    case "examples":
    case "deprecated":
    case "readOnly":
    case "writeOnly":
    case "discriminator":
      return a; // notes: the outer one wins
    default:
      return undefined;
  }
}

function mergeProperties(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): SchemaObject {
  const merged = new Map(Object.entries(one));
  for (const [name, schema] of Object.entries(other)) {
    const mine = merged.get(name);
    merged.set(
      name,
      isObject(mine) && isObject(schema) ? (mergeTwo(mine, schema) ?? { allOf: [mine, schema] }) : (mine ?? schema),
    );
  }
  return Object.fromEntries(merged);
}

/** Vendors close parts that are meant to be combined; taken at its word no object would fit, so the whole is what is closed. */
function openSides(merged: SchemaObject, one: SchemaObject, other: SchemaObject): SchemaObject {
  const closed = one["additionalProperties"] === false || other["additionalProperties"] === false;
  return closed ? { ...merged, additionalProperties: false } : merged;
}

/** Whether two JSON values are the same. */
export function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
