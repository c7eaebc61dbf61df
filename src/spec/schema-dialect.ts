import { isObject, own } from "./node.ts";
import { meantType } from "../definition/telling-keywords.ts";

/** Says nothing about values: stays outside when a schema is wrapped. */
const ANNOTATIONS = ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"];

/**
 * Makes a schema accept `null` as well: what OpenAPI 3.0 writes as `nullable: true`.
 *
 *     { type: "string", enum: ["a"] } → { type: ["string", "null"], enum: ["a", null] }
 *     { $ref: "#/$defs/Pet" }         → { anyOf: [{ $ref: "#/$defs/Pet" }, { type: "null" }] }
 */
export function allowNull(schema: Record<string, unknown>): Record<string, unknown> {
  if ("$ref" in schema || "allOf" in schema || "not" in schema || "if" in schema) return wrapNullable(schema);
  const { type } = schema;
  const meant = type ?? meantType(schema); // without a type null is allowed already, until somebody infers one
  if (typeof meant === "string" && meant !== "null") schema["type"] = [meant, "null"];
  if (Array.isArray(type) && !type.includes("null")) schema["type"] = [...type, "null"];
  const values = "const" in schema ? [schema["const"]] : schema["enum"];
  if (Array.isArray(values)) {
    delete schema["const"];
    schema["enum"] = values.includes(null) ? values : [...values, null];
  }
  for (const key of ["anyOf", "oneOf"]) {
    const members = schema[key];
    if (Array.isArray(members) && !members.some(acceptsNull)) schema[key] = [...members, { type: "null" }];
  }
  return schema;
}

function wrapNullable(schema: Record<string, unknown>): Record<string, unknown> {
  const outer: Record<string, unknown> = {};
  for (const key of ANNOTATIONS) {
    if (!(key in schema)) continue;
    outer[key] = schema[key];
    delete schema[key];
  }
  return { ...outer, anyOf: [schema, { type: "null" }] };
}

function acceptsNull(schema: unknown): boolean {
  const type = own(schema, "type");
  return type === "null" || (Array.isArray(type) && type.includes("null"));
}

/**
 * Translates bounds of draft 4, where `exclusiveMinimum` is a flag beside `minimum`.
 *
 *     { minimum: 0, exclusiveMinimum: true } → { exclusiveMinimum: 0 }
 */
export function moveBounds(source: unknown, out: Record<string, unknown>): void {
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    const value = own(source, exclusive);
    if (typeof value === "number" && Number.isFinite(value)) out[exclusive] = value;
    if (value !== true || out[bound] === undefined) continue;
    out[exclusive] = out[bound];
    delete out[bound];
  }
}

/** `format`; those of 3.0 that mean an encoding become the keywords that 2020-12 has for it. */
export function readFormat(source: unknown, out: Record<string, unknown>): void {
  const format = own(source, "format");
  if (typeof format !== "string" || format === "") return;
  if (format === "binary") out["contentMediaType"] ??= "application/octet-stream";
  else if (format === "byte" || format === "base64") out["contentEncoding"] ??= "base64";
  else out["format"] = format;
}

/** `examples` as a list; 3.0 has one `example`, and some write the map of OpenAPI's Media Type Object. */
export function readExamples(source: unknown, out: Record<string, unknown>): void {
  const examples = own(source, "examples");
  const example = own(source, "example");
  if (Array.isArray(examples) && examples.length > 0) out["examples"] = examples;
  else if (example !== undefined) out["examples"] = [example];
  else if (isObject(examples)) {
    const values = Object.values(examples).map((one) => own(one, "value") ?? one);
    if (values.length > 0) out["examples"] = values;
  }
}
