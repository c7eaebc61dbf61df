import type { Schema, SchemaObject } from "../../definition/catalog.ts";
import { SUBSCHEMA_KEYWORDS } from "../../spec/subschema-keywords.ts";

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
const ONE: ReadonlySet<string> = new Set(SUBSCHEMA_KEYWORDS.schema);
const MANY: ReadonlySet<string> = new Set(SUBSCHEMA_KEYWORDS.schemas);
const NAMED: ReadonlySet<string> = new Set(SUBSCHEMA_KEYWORDS.map);

/** Maps the schemas directly inside a schema; every other keyword stays. What nothing changes in is handed back, not copied. */
export function mapSubschemas(
  schema: SchemaObject,
  change: (inner: SchemaObject, keyword: string) => SchemaObject,
): SchemaObject {
  let copy: Record<string, unknown> | undefined;
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword];
    const mapped = mapKeyword(keyword, value, change);
    if (mapped !== value) (copy ??= { ...schema })[keyword] = mapped;
  }
  return copy ?? schema;
}

function mapKeyword(
  keyword: string,
  value: unknown,
  change: (inner: SchemaObject, keyword: string) => SchemaObject,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    if (!MANY.has(keyword)) return value;
    const mapped = value.map((inner) => change(asObject(inner), keyword));
    return mapped.some((inner, index) => inner !== value[index]) ? mapped : value;
  }
  if (ONE.has(keyword) && isObject(value)) return change(value, keyword);
  if (!NAMED.has(keyword) || !isObject(value)) return value;
  const named = Object.entries(value).map(([name, inner]) => [name, change(asObject(inner), keyword)] as const);
  return named.some(([name, inner]) => inner !== value[name]) ? Object.fromEntries(named) : value;
}

/** Every schema directly inside a schema. */
export function subschemasOf(schema: SchemaObject): SchemaObject[] {
  const found: SchemaObject[] = [];
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword];
    if (typeof value !== "object" || value === null) continue;
    if (ONE.has(keyword) && isObject(value)) found.push(value);
    else if (MANY.has(keyword) && Array.isArray(value)) found.push(...value.map(asObject));
    else if (NAMED.has(keyword) && isObject(value)) found.push(...Object.values(value).map(asObject));
  }
  return found;
}

/** Works something out once for each schema object: operations share the definitions that they refer to, and all that is in them. */
export function perSchema<Value extends object | number>(
  make: (schema: SchemaObject) => Value,
): (schema: SchemaObject) => Value {
  const known = new WeakMap<SchemaObject, Value>();
  return (schema) => {
    let value = known.get(schema);
    if (value === undefined) known.set(schema, (value = make(schema)));
    return value;
  };
}
