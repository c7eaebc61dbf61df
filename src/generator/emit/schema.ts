import type { SchemaObject } from "../../definition/catalog.ts";
import { TELLING_KEYWORDS } from "../../definition/telling-keywords.ts";

/** Keywords that speak of the value as a whole, whatever its type, and hold schemas. */
const IN_PLACE = ["$ref", "anyOf", "oneOf", "allOf", "not", "if"];
/** Whether a value is the object form of a schema. */
export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name that a reference leads to: `#/$defs/a~1b` → `a/b`. */
export function definitionName(reference: string): string {
  return reference
    .replace(/^#\/\$defs\//, "")
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
}

/** A keyword's value as a list; empty for what is none. */
export function membersOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The types that a schema allows; none: any. */
export function typesOf(schema: SchemaObject): readonly string[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  return [...new Set(membersOf(type).filter((one): one is string => typeof one === "string"))];
}

/** The types of which a schema says more than their name, each with its keywords. */
export function toldOf(schema: SchemaObject): readonly (readonly [string, SchemaObject])[] {
  return Object.entries(TELLING_KEYWORDS).flatMap(([type, keywords]) => {
    const said = keywords.filter((keyword) => keyword in schema);
    return said.length === 0 ? [] : [[type, Object.fromEntries(said.map((one) => [one, schema[one]]))] as const];
  });
}

/**
 * The conditions of a schema, one by one; a value has to meet all of them.
 *
 *     { type: "object", properties: P, anyOf: A } → [{ type: "object", properties: P }, { anyOf: A }]
 */
export function facets(schema: SchemaObject): readonly SchemaObject[] {
  const types = typesOf(schema);
  const told = toldOf(schema).filter(([type]) => types.length === 0 || types.map(kindOf).includes(type));
  const inPlace = IN_PLACE.flatMap((keyword) => inPlaceFacets(schema, keyword, types));
  const valued = "enum" in schema || "const" in schema;
  const values = valued ? [valuesOf(schema, types)] : [];
  const own = Object.entries(schema).filter(([keyword]) => !NO_FACET.has(keyword));
  const base = Object.fromEntries(own);
  if (types.length === 0) return [...values, ...(told.length > 0 ? [base] : []), ...inPlace];
  const implied = told.length === 0 && (valued || alsoSaid(types, inPlace));
  return [...values, ...(implied ? [] : [base]), ...inPlace];
}

/** The type under which a type's keywords are listed. */
function kindOf(type: string): string {
  return type === "integer" ? "number" : type;
}

/** What `$ref`, `anyOf` and their like say, as a condition of its own. What is typed already need not be typed within. */
function inPlaceFacets(schema: SchemaObject, keyword: string, types: readonly string[]): readonly SchemaObject[] {
  const value = schema[keyword];
  const typed = (leg: unknown): unknown => withType(leg, types);
  switch (keyword) {
    case "$ref":
      return typeof value === "string" ? [{ $ref: value }] : [];
    case "allOf":
      return membersOf(value).map((leg) => ({ allOf: [typed(leg)] }));
    case "not":
      return value === undefined ? [] : [{ not: typed(value) }];
    case "if": {
      const parts = ["then", "else"].filter((one) => one in schema).map((one) => [one, typed(schema[one])] as const);
      return value === undefined || parts.length === 0 ? [] : [{ if: typed(value), ...Object.fromEntries(parts) }];
    }
    default:
      return membersOf(value).length > 0 ? [{ [keyword]: membersOf(value).map(typed) }] : [];
  }
}

/** `enum` and `const`, and the types that the values may have. */
function valuesOf(schema: SchemaObject, types: readonly string[]): SchemaObject {
  const both = "enum" in schema && "const" in schema;
  const wanted = JSON.stringify(schema["const"]);
  const values = both
    ? { enum: membersOf(schema["enum"]).filter((one) => JSON.stringify(one) === wanted) }
    : "const" in schema
      ? { const: schema["const"] }
      : { enum: schema["enum"] };
  return { ...values, ...(types.length > 0 && { type: types }) };
}

/** A schema that says something of one type only, where nothing but the given types can come. */
function withType(leg: unknown, types: readonly string[]): unknown {
  if (!isSchemaObject(leg) || types.length === 0 || "type" in leg || toldOf(leg).length === 0) return leg;
  return { type: types.length === 1 ? types[0] : types, ...leg };
}

/** Keywords whose value is data, in which `$ref` means nothing. */
const DATA = new Set(["enum", "const", "default", "example", "examples", "dependentRequired", "discriminator"]);
/** Keywords that hold schemas by names which are the vendor's: one of them may be called `default`. */
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas", "$defs"]);

/** Visits the schemas directly within a schema, with the name of the property that each stands under, until told that it is enough. */
function someInside(schema: SchemaObject, visit: (inner: SchemaObject, name: string | undefined) => boolean): boolean {
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword];
    if (typeof value !== "object" || value === null || DATA.has(keyword)) continue;
    if (Array.isArray(value)) {
      if (value.some((one) => isSchemaObject(one) && visit(one, undefined))) return true;
    } else if (!isSchemaObject(value)) continue;
    else if (!NAMED.has(keyword)) {
      if (visit(value, undefined)) return true;
    } else if (Object.entries(value).some(([name, one]) => isSchemaObject(one) && visit(one, name))) return true;
  }
  return false;
}

/** Whether a `$ref` stands anywhere in a schema. */
export function mentionsReference(schema: unknown): boolean {
  if (!isSchemaObject(schema)) return false;
  return typeof schema["$ref"] === "string" || someInside(schema, mentionsReference);
}

/** Every schema object within a schema, from the outside in, with the name of the property that it stands under. */
export function schemasWithin(schema: SchemaObject, name: string): readonly (readonly [SchemaObject, string])[] {
  const found: (readonly [SchemaObject, string])[] = [];
  const walk = (one: SchemaObject, at: string): void => {
    found.push([one, at]);
    someInside(one, (inner, property) => {
      walk(inner, property ?? at);
      return false;
    });
  };
  walk(schema, name);
  return found;
}

/** How many schema objects stand within a schema, at any depth. */
export function countWithin(schema: SchemaObject): number {
  return schemasWithin(schema, "").length - 1;
}

/** Changes a schema and every schema within it, from the outside in. */
export function mapSchemas(schema: unknown, change: (schema: SchemaObject) => SchemaObject | undefined): unknown {
  if (Array.isArray(schema)) {
    const mapped = schema.map((one: unknown) => mapSchemas(one, change));
    return mapped.some((one, index) => one !== schema[index]) ? mapped : schema;
  }
  if (!isSchemaObject(schema)) return schema;
  const changed = change(schema);
  if (changed) return changed;
  let copy: Record<string, unknown> | undefined; // most schemas stay as they are
  for (const [keyword, value] of Object.entries(schema)) {
    if (typeof value !== "object" || value === null || DATA.has(keyword)) continue;
    const mapped = NAMED.has(keyword) && isSchemaObject(value) ? mapNamed(value, change) : mapSchemas(value, change);
    if (mapped !== value) (copy ??= { ...schema })[keyword] = mapped;
  }
  return copy ?? schema;
}

function mapNamed(named: SchemaObject, change: (schema: SchemaObject) => SchemaObject | undefined): SchemaObject {
  const mapped = Object.entries(named).map(([name, one]) => [name, mapSchemas(one, change)] as const);
  return mapped.some(([name, one]) => one !== named[name]) ? Object.fromEntries(mapped) : named;
}

/** Keywords that are no part of what a type's own facet says. */
const NO_FACET = new Set([...IN_PLACE, "then", "else", "enum", "const", "discriminator", "$defs"]);

/** Whether what stands beside `type` implies it: every leg of a combination names a type within it. */
function alsoSaid(types: readonly string[], combined: readonly SchemaObject[]): boolean {
  return combined.some((one) => {
    if (typesOf(one).length > 0) return within(typesOf(one), types);
    const legs = ["anyOf", "oneOf", "allOf"].flatMap((keyword) => membersOf(one[keyword]));
    return legs.length > 0 && legs.every((leg) => isSchemaObject(leg) && within(typesOf(leg), types));
  });
}

function within(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((one) => all.includes(one));
}
