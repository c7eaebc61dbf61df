import { either } from "../../diagnostics/messages/message.ts";
import type { SettingSchema } from "./json-schema.ts";

/** The published grammar, asked what belongs at a place. */
export interface Grammar {
  readonly root: SettingSchema;
  /** The node of the data that was checked. */
  readonly node: SettingSchema;
}

/** The grammar of what stands at a path of the data; `{}` where it has no opinion. */
export function grammarAt({ root, node }: Grammar, data: unknown, path: readonly PropertyKey[]): SettingSchema {
  let here = settle(root, node, data);
  let value = data;
  for (const step of path) {
    value = memberOf(value, step);
    const properties = asSchema(here["properties"]);
    const known = Object.hasOwn(properties, step) ? properties[String(step)] : undefined;
    here = settle(root, asSchema(known ?? here["items"] ?? here["additionalProperties"]), value);
  }
  return here;
}

/** The keys that the grammar knows in a mapping. */
export function keysOf(node: SettingSchema): string[] {
  return Object.keys(asSchema(node["properties"]));
}

/** The grammar of the keys of a mapping. */
export function namesOf(node: SettingSchema): SettingSchema {
  return asSchema(node["propertyNames"]);
}

/** What is expected, as the subject of a sentence: `a whole number of at least 1`, `link, short-page or single`. */
export function expected(node: SettingSchema): string {
  const { title, enum: values, anyOf, type } = node;
  if (typeof title === "string") return /^[aeiou]/i.test(title) ? `an ${title}` : `a ${title}`;
  if (Array.isArray(values)) return either(values.map(String));
  if (Array.isArray(anyOf)) return either(anyOf.map((branch) => expected(asSchema(branch))));
  const least = typeof node["minimum"] === "number" ? ` of at least ${node["minimum"]}` : "";
  switch (type) {
    case "string":
      return "a text";
    case "integer":
      return `a whole number${least}`;
    case "number":
      return `a number${least}`;
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    default:
      return "a mapping";
  }
}

/** The value as it was probably meant: a number or a truth value that lacks its quotes, or has too many. */
export function withoutSlip(node: SettingSchema, value: unknown): string | undefined {
  const { type } = node;
  if (type === "string") return typeof value === "number" || typeof value === "boolean" ? `"${value}"` : undefined;
  if (typeof value !== "string") return undefined;
  if (type === "integer" || type === "number") return /^\d+$/.test(value) ? value : undefined;
  return type === "boolean" && /^(?:true|false)$/.test(value) ? value : undefined;
}

/** Something to paste, when the grammar has an example or an obvious one. */
export function exampleOf(node: SettingSchema): string | undefined {
  const { examples, enum: values, type, anyOf } = node;
  if (Array.isArray(examples)) return inline(examples[0]);
  if (Array.isArray(values)) return String(values[0]);
  if (type === "boolean") return "true";
  if (type === "integer" || type === "number")
    return typeof node["minimum"] === "number" ? String(node["minimum"]) : "1";
  if (Array.isArray(anyOf)) return anyOf.map((branch) => exampleOf(asSchema(branch))).find((one) => one !== undefined);
  return undefined;
}

/** What was found instead, in words: `the text "x"`, `a list`, `nothing`. */
export function found(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === "number" || typeof value === "bigint") return `the number ${value}`;
  return typeof value === "boolean" ? String(value) : "a mapping";
}

/** A member of parsed YAML; `undefined` when there is none. */
export function memberOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key]; // any member of an object may be asked for
}

/** Follows `$ref`, and of alternatives takes the one whose shape the value has. */
function settle(root: SettingSchema, node: SettingSchema, value: unknown): SettingSchema {
  const reference = node["$ref"];
  if (typeof reference === "string") {
    const name = reference.replace("#/definitions/", "");
    return settle(root, asSchema(asSchema(root["definitions"])[name]), value);
  }
  const branches = Array.isArray(node["anyOf"])
    ? node["anyOf"].map((branch) => settle(root, asSchema(branch), value))
    : [];
  const fitting = branches.find((branch) => branch["type"] === shapeOf(value));
  if (!fitting) return node;
  return { ...fitting, examples: fitting["examples"] ?? fittingExamples(node, value) };
}

/** Of the examples of alternatives, those that have the shape of the value. */
function fittingExamples(node: SettingSchema, value: unknown): unknown {
  if (!Array.isArray(node["examples"])) return undefined;
  const fitting = node["examples"].filter((example) => shapeOf(example) === shapeOf(value));
  return fitting.length > 0 ? fitting : undefined;
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}

/** One line of YAML. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `${key}: ${quoted(member)}`)
    .join(", ")} }`;
}

function quoted(value: unknown): string {
  return typeof value === "string" && value.includes("{") ? `"${value}"` : inline(value);
}

function asSchema(value: unknown): SettingSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as SettingSchema) : {}; // an object: all that the type says
}
