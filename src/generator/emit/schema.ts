import type { SchemaObject } from "../../definition/catalog.ts";

/** Keywords that stand for a whole condition of their own. */
const COMBINING = ["$ref", "anyOf", "oneOf", "allOf"];
/** Keywords that say which type is meant when `type` is missing, as vendors often leave it. */
const TELLING: readonly (readonly [string, readonly string[]])[] = [
  ["object", ["properties", "additionalProperties", "required", "patternProperties"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems"]],
  ["string", ["pattern", "minLength", "maxLength"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

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
  if (Array.isArray(type)) return [...new Set(type.filter((one): one is string => typeof one === "string"))];
  const told = TELLING.find(([, keywords]) => keywords.some((keyword) => keyword in schema));
  return told ? [told[0]] : [];
}

/**
 * The conditions of a schema, one by one; a value has to meet all of them.
 *
 *     { type: "object", properties: P, anyOf: A } → [{ type: "object", properties: P }, { anyOf: A }]
 */
export function facets(schema: SchemaObject): readonly SchemaObject[] {
  const combined = COMBINING.flatMap((keyword) => {
    const value = schema[keyword];
    const says = keyword === "$ref" ? typeof value === "string" : membersOf(value).length > 0;
    return says ? [{ [keyword]: value }] : [];
  });
  const types = typesOf(schema);
  if ("enum" in schema || "const" in schema) {
    const values = "const" in schema ? { const: schema["const"] } : { enum: schema["enum"] };
    return [{ ...values, ...(types.length > 0 && { type: types }) }, ...combined];
  }
  const own = Object.entries(schema).filter(([keyword]) => !COMBINING.includes(keyword) && keyword !== "discriminator");
  const base = Object.fromEntries(own);
  if (types.length === 0 || (combined.length > 0 && saysOnlyType(base) && alsoSaid(types, combined))) return combined;
  return [{ ...base, type: schema["type"] ?? types[0] }, ...combined];
}

/** Keywords whose value is data, in which `$ref` means nothing. */
const DATA = new Set(["enum", "const", "default", "example", "examples"]);
/** Keywords that hold schemas by names which are the vendor's: one of them may be called `default`. */
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas", "$defs"]);

/** The schemas directly within a schema, with the name of the property that each stands under. */
function* inside(schema: SchemaObject): Generator<readonly [SchemaObject, string | undefined]> {
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword) || typeof value !== "object" || value === null) continue;
    const named = NAMED.has(keyword) && isSchemaObject(value);
    const inner = named || Array.isArray(value) ? Object.entries(value) : [[keyword, value] as const];
    for (const [name, one] of inner) if (isSchemaObject(one)) yield [one, named ? name : undefined];
  }
}

/** Whether a `$ref` stands anywhere in a schema. */
export function mentionsReference(schema: unknown): boolean {
  if (!isSchemaObject(schema)) return false;
  return typeof schema["$ref"] === "string" || [...inside(schema)].some(([inner]) => mentionsReference(inner));
}

/** Walks every schema object within a schema, from the outside in, with the name of the property that it stands under. */
export function* schemasWithin(schema: SchemaObject, name: string): Generator<readonly [SchemaObject, string]> {
  yield [schema, name];
  for (const [inner, property] of inside(schema)) yield* schemasWithin(inner, property ?? name);
}

/** Changes a schema and every schema within it, from the outside in. */
export function mapSchemas(schema: unknown, change: (schema: SchemaObject) => SchemaObject | undefined): unknown {
  if (Array.isArray(schema)) return schema.map((one) => mapSchemas(one, change));
  if (!isSchemaObject(schema)) return schema;
  const changed = change(schema);
  if (changed) return changed;
  const members = Object.entries(schema).map(([keyword, value]) => {
    if (DATA.has(keyword)) return [keyword, value] as const;
    if (!NAMED.has(keyword) || !isSchemaObject(value)) return [keyword, mapSchemas(value, change)] as const;
    return [
      keyword,
      Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapSchemas(one, change)])),
    ] as const;
  });
  return Object.fromEntries(members);
}

/** Keywords that only describe. */
const DESCRIBING = new Set([
  "description",
  "title",
  "default",
  "example",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

function saysOnlyType(base: SchemaObject): boolean {
  return Object.keys(base).every((keyword) => keyword === "type" || DESCRIBING.has(keyword));
}

/** Whether what stands beside `type` implies it: every leg of a combination names a type within it. */
function alsoSaid(types: readonly string[], combined: readonly SchemaObject[]): boolean {
  return combined.some((one) => {
    const legs = ["anyOf", "oneOf", "allOf"].flatMap((keyword) => membersOf(one[keyword]));
    return legs.length > 0 && legs.every((leg) => isSchemaObject(leg) && within(typesOf(leg), types));
  });
}

function within(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((one) => all.includes(one));
}
