import type { SchemaObject } from "../../definition/catalog.ts";
import { parameterWithoutSchema } from "../../diagnostics/messages.ts";
import { asObject } from "../definitions.ts";
import { keepsSlashes, type ListedParameter } from "../list-parameters.ts";
import { child, isObject, own, textOf, type Node } from "../node.ts";
import type { OperationParameter } from "../operation.ts";
import { readSchema, type SchemaContext } from "../schema.ts";

type Place = "path" | "query" | "header";

/** Whether something listed is a parameter in OpenAPI 3's sense, and no part of the body. */
export function isParameter(listed: ListedParameter<string>): listed is ListedParameter<Place> {
  return listed.place === "path" || listed.place === "query" || listed.place === "header";
}

/** Reads a parameter of a path, a query or a header; its type stands in the parameter itself. */
export function readSwaggerParameter(
  { node, place, name }: ListedParameter<Place>,
  context: SchemaContext,
): OperationParameter {
  const { description: _told, ...schema } = typeOf(node, context); // the parameter has it
  return {
    origin: node.origin,
    in: place,
    name,
    description: textOf(node, "description"),
    required: place === "path" || own(node.value, "required") === true,
    deprecated: own(node.value, "deprecated") === true,
    schema,
    ...collectionStyle(node, schema, place),
    allowReserved: place === "path" && keepsSlashes(node),
    contentType: undefined,
  };
}

/** The schema of a parameter whose keywords stand beside its name; some vendors write `schema` all the same. */
export function typeOf(node: Node, context: SchemaContext): SchemaObject {
  const written = child(node, "schema");
  const typed = ["type", "enum", "$ref"].some((key) => own(node.value, key) !== undefined);
  if (!typed && isObject(written.value)) return asObject(readSchema(written, context));
  const schema = asObject(readSchema(node, context));
  if (typed) return schema;
  context.report(parameterWithoutSchema({ at: node.origin, name: textOf(node, "name") }));
  return { ...schema, type: "string" };
}

const DELIMITED: ReadonlyMap<string, string> = new Map([
  ["ssv", "spaceDelimited"],
  ["pipes", "pipeDelimited"],
  ["tsv", "tabDelimited"], // no style of OpenAPI 3
]);

/**
 * How a list is written: `collectionFormat` in the words of OpenAPI 3.
 *
 *     csv → form or simple, explode: false · multi → form, explode: true · ssv → spaceDelimited · pipes → pipeDelimited
 */
export function collectionStyle(
  node: Node,
  schema: SchemaObject,
  place: Place | "formData",
): { style: string; explode: boolean } {
  const named = place === "query" || place === "formData";
  const list = schema["type"] === "array" || (Array.isArray(schema["type"]) && schema["type"].includes("array"));
  const format = list ? textOf(node, "collectionFormat") : "multi"; // what is no list is written alike either way
  if (format === "multi") return { style: named ? "form" : "simple", explode: named };
  return { style: DELIMITED.get(format) ?? (named ? "form" : "simple"), explode: false };
}
