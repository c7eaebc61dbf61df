import type { SchemaObject } from "../../definition/catalog.ts";
import { unknownContentType, unsupportedBody } from "../../diagnostics/messages.ts";
import type { MediaType, Operation, RequestBody } from "../../spec/operation.ts";
import { within } from "../tools-file/origin.ts";
import type { ToolContext } from "./context.ts";
import { nameOf } from "./name-of.ts";
import { typesOf } from "./schema.ts";

export const MULTIPART = "multipart/form-data";
const URL_ENCODED = "application/x-www-form-urlencoded";

/** The media type to send: the wanted one; otherwise JSON, a form, or whatever there is that can be written. */
export function chooseMedia(
  { tool, report }: ToolContext,
  operation: Operation,
  { content, origin }: RequestBody,
): MediaType | undefined {
  const wanted = tool.settings.content_type;
  if (wanted !== undefined) {
    const found =
      content.find(({ contentType }) => contentType === wanted) ??
      content.find(({ contentType }) => bare(contentType) === bare(wanted));
    if (!found) {
      const at = within(tool.origin, "content_type");
      const known = content.map(({ contentType }) => contentType);
      report(unknownContentType({ at, contentType: wanted, operation: nameOf(operation), known }));
    }
    return found;
  }
  const choice =
    content.find(({ contentType }) => bare(contentType) === "application/json") ??
    content.find(({ contentType }) => isJson(contentType)) ??
    content.find(({ contentType }) => bare(contentType) === MULTIPART) ??
    content.find(({ contentType }) => bare(contentType) === URL_ENCODED) ??
    content.find(({ contentType }) => !/[/+]xml$|^multipart\//.test(bare(contentType))) ??
    content.find(({ contentType }) => !bare(contentType).startsWith("multipart/"));
  if (!choice) {
    const contentType = content[0]?.contentType ?? "";
    report(unsupportedBody({ at: tool.origin, operation: nameOf(operation), contentType, origin }));
  }
  return choice;
}

/** Whether a media type is JSON or built on it (RFC 6839). */
export function isJson(contentType: string): boolean {
  return /^(?:application\/json|[^/]+\/[^/]+\+json|text\/json|\*\/\*)$/.test(bare(contentType));
}

/** Whether a media type is a form, whose fields are arguments. */
export function isForm(contentType: string): boolean {
  return [MULTIPART, URL_ENCODED].includes(bare(contentType));
}

/** A media type without its parameters. */
export function bare(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

const TEXT =
  /^text\/|[/+](?:xml|yaml)$|^application\/(?:graphql|javascript|sql|toml|jwt|x-yaml|(?:x-)?(?:ndjson|jsonl|jsonlines)|json-seq)$/;
const BYTES = /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|zip|gzip|x-gzip|x-tar|pdf|vnd\..+)$/;

/** Whether a body that is neither JSON nor a form is text, which a model can write; otherwise it is a file. */
export function isText(contentType: string, schema: SchemaObject): boolean {
  const type = bare(contentType);
  if (isBinary(schema)) return false;
  return TEXT.test(type) || (!BYTES.test(type) && !type.includes("*") && typesOf(schema).includes("string"));
}

/** Whether a schema is one of bytes (OAS 3.1.1 §4.8.14.2, and `format: binary` of 3.0). */
export function isBinary(schema: SchemaObject): boolean {
  return schema["format"] === "binary" || schema["contentEncoding"] !== undefined;
}
