import type { Schema, SchemaObject } from "../../definition/catalog.ts";

/** A schema's object form: `true` allows everything, `false` nothing. */
export function asObject(schema: unknown): SchemaObject {
  if (schema === false) return { not: {} };
  return isObject(schema) ? schema : {};
}

/** Whether a value is an object that is no list. */
export function isObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schemas of a keyword that holds schemas by name; `{}` when there is none. */
export function members(schema: SchemaObject, keyword: string): Readonly<Record<string, Schema>> {
  const value = schema[keyword];
  return isObject(value) ? (value as Readonly<Record<string, Schema>>) : {}; // JSON Schema: every member is a schema
}

/** The schemas of a keyword that holds a list of them; `[]` when there is none. */
export function branches(schema: SchemaObject, keyword: string): readonly SchemaObject[] {
  const value = schema[keyword];
  return Array.isArray(value) ? value.map(asObject) : [];
}

/** The texts of a keyword that holds a list of them. */
export function texts(schema: SchemaObject, keyword: string): readonly string[] {
  const value = schema[keyword];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The types a schema allows by name; empty: it does not say. */
export function typesOf(schema: SchemaObject): readonly string[] {
  return typeof schema["type"] === "string" ? [schema["type"]] : texts(schema, "type");
}

/** The name in `#/$defs/<Name>`. */
export function definitionName(schema: SchemaObject): string | undefined {
  const reference = schema["$ref"];
  return typeof reference === "string" && reference.startsWith(DEFINITIONS)
    ? reference.slice(DEFINITIONS.length).replaceAll("~1", "/").replaceAll("~0", "~")
    : undefined;
}

const DEFINITIONS = "#/$defs/";
const ONE = new Set([
  "items",
  "additionalProperties",
  "propertyNames",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
  "unevaluatedItems",
]);
const MANY = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Maps the schemas directly inside a schema; every other keyword stays. */
export function mapSubschemas(
  schema: SchemaObject,
  change: (inner: SchemaObject, keyword: string) => SchemaObject,
): SchemaObject {
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (ONE.has(keyword) && isObject(value)) return [keyword, change(value, keyword)];
    if (MANY.has(keyword) && Array.isArray(value))
      return [keyword, value.map((inner) => change(asObject(inner), keyword))];
    if (NAMED.has(keyword) && isObject(value)) {
      const named = Object.entries(value).map(([name, inner]) => [name, change(asObject(inner), keyword)]);
      return [keyword, Object.fromEntries(named)];
    }
    return [keyword, value];
  });
  return Object.fromEntries(entries);
}

/** Every schema directly inside a schema. */
export function subschemasOf(schema: SchemaObject): SchemaObject[] {
  const found: SchemaObject[] = [];
  mapSubschemas(schema, (inner) => {
    found.push(inner);
    return inner;
  });
  return found;
}
