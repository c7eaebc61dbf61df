import type { SchemaObject } from "../../definition/catalog.ts";
import { unknownContentType, unsupportedBody } from "../../diagnostics/messages.ts";
import type { MediaType, Operation, RequestBody } from "../../spec/operation.ts";
import { within } from "../tools-file/origin.ts";
import type { ToolContext } from "./context.ts";
import { openSchema } from "./inline-schema.ts";
import { nameOf } from "./name-of.ts";
import { bare, isBinary, isBytesType, isForm, isJson, isMultipart, isTextType, MULTIPART } from "./media-type.ts";
import { flatObject } from "./body-properties.ts";
import { isPositional } from "./parts.ts";
import { branches, members, typesOf } from "./schema.ts";

const URL_ENCODED = "application/x-www-form-urlencoded";

/** The media type to send: the wanted one; otherwise JSON, a form, or whatever there is that can be written. */
export function chooseMedia(
  { tool, report }: ToolContext,
  operation: Operation,
  { content, origin }: RequestBody,
): MediaType | undefined {
  const { request_body: written } = tool.settings; // which names its fields itself
  const writable = content.filter((one) => isWritable(written ? { ...one, schema: {} } : one, operation.definitions));
  const known = writable.map(({ contentType }) => contentType);
  const wanted = tool.settings.content_type;
  if (wanted !== undefined) {
    const at = within(tool.origin, "content_type");
    const found = named(content, wanted);
    if (found && !writable.includes(found))
      report(unsupportedBody({ at, operation: nameOf(operation), contentType: found.contentType, known, origin }));
    if (!found) report(unknownContentType({ at, contentType: wanted, operation: nameOf(operation), known }));
    return named(writable, wanted);
  }
  const choice =
    writable.find(({ contentType }) => bare(contentType) === "application/json") ??
    writable.find(({ contentType }) => isJson(contentType)) ??
    writable.find(({ contentType }) => bare(contentType) === MULTIPART) ??
    writable.find(({ contentType }) => bare(contentType) === URL_ENCODED) ??
    writable.find(({ contentType }) => !/[/+]xml$/.test(bare(contentType))) ??
    writable[0];
  if (!choice) {
    const contentType = content[0]?.contentType ?? "";
    report(unsupportedBody({ at: tool.origin, operation: nameOf(operation), contentType, known, origin }));
  }
  return choice;
}

function named(content: readonly MediaType[], wanted: string): MediaType | undefined {
  return (
    content.find(({ contentType }) => contentType === wanted) ??
    content.find(({ contentType }) => bare(contentType) === bare(wanted))
  );
}

type Definitions = Operation["definitions"];

/** Whether arguments can be put into a body: parts of a multipart body need names, or places where its kind goes by places. */
function isWritable({ contentType, schema }: MediaType, definitions: Definitions): boolean {
  if (!isMultipart(contentType)) return true;
  if (contentType.includes("*")) return false; // there is no telling how its parts are told apart
  if (bare(contentType) === MULTIPART) return hasFields(schema, definitions);
  return isPositional(schema, definitions) || (hasFields(schema, definitions) && namesParts(schema, definitions));
}

/** Whether a schema has properties: a form without any can be filled by whoever knows it, an order of parts cannot be guessed. */
function namesParts(schema: SchemaObject, definitions: Definitions): boolean {
  return Object.keys(members(flatObject(openSchema(schema, definitions), definitions), "properties")).length > 0;
}

const MAX_DEPTH = 16; // alternatives of alternatives; a description that goes deeper goes in circles

/** Whether a schema can be that of an object, whose members are the fields of a form; a list, a text or bytes have none. */
function hasFields(schema: SchemaObject, definitions: Definitions, depth = 0): boolean {
  const open = openSchema(schema, definitions);
  const types = typesOf(open);
  if (isBinary(open) || (types.length > 0 && !types.includes("object"))) return false;
  const can = (branch: SchemaObject): boolean => depth > MAX_DEPTH || hasFields(branch, definitions, depth + 1);
  const alternatives = [branches(open, "oneOf"), branches(open, "anyOf")].filter((list) => list.length > 0);
  return alternatives.every((list) => list.some(can)) && branches(open, "allOf").every(can);
}

/**
 * What a body goes out as: JSON, the fields of a form, text as it is, or a file. A range is JSON where it includes that, but for bytes; a form
 * whose schema has no fields is the text of one.
 */
export function writtenAs(
  { contentType, schema }: MediaType,
  definitions: Definitions,
): "json" | "fields" | "text" | "file" {
  const open = openSchema(schema, definitions);
  if (isForm(contentType)) return hasFields(open, definitions) ? "fields" : "text";
  if (isJson(contentType)) return contentType.includes("*") && isBinary(open) ? "file" : "json";
  return isText(contentType, open) ? "text" : "file";
}

/** Whether a body that is neither JSON nor a form is text, which a model can write; otherwise it is a file. */
function isText(contentType: string, schema: SchemaObject): boolean {
  if (isBinary(schema)) return false;
  if (isTextType(contentType)) return true;
  return !isBytesType(contentType) && !contentType.includes("*") && typesOf(schema).includes("string");
}
