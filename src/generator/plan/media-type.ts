import type { SchemaObject } from "../../definition/catalog.ts";

export const MULTIPART = "multipart/form-data";
const URL_ENCODED = "application/x-www-form-urlencoded";

/** A media type without its parameters. */
export function bare(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** Whether a media type is JSON or built on it (RFC 6839), or a range that includes JSON. */
export function isJson(contentType: string): boolean {
  return /^(?:application\/json|[^/]+\/[^/]+\+json|text\/json|application\/\*|\*\/\*)$/.test(bare(contentType));
}

/** Whether a media type is a form or has parts like one, whose fields are arguments. */
export function isForm(contentType: string): boolean {
  return bare(contentType) === URL_ENCODED || isMultipart(contentType);
}

/** Whether a body is made of parts (RFC 2046 §5.1). */
export function isMultipart(contentType: string): boolean {
  return bare(contentType).startsWith("multipart/");
}

/** Whether a media type is one of JSON values one after another: JSON Lines, RFC 7464 and what is built on it (RFC 8091). */
export function isJsonSequence(contentType: string): boolean {
  return /^application\/(?:(?:x-)?(?:ndjson|jsonl|jsonlines|json-stream)|stream\+json|(?:.+\+)?json-seq)$/.test(
    bare(contentType),
  );
}

const TEXT =
  /^text\/|[/+](?:json|xml|yaml)$|^application\/(?:graphql|javascript|sql|toml|jwt|x-yaml|(?:x-)?(?:ndjson|jsonl|jsonlines)|json-seq)$/;
const BYTES = /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|zip|gzip|x-gzip|x-tar|pdf|vnd\..+)$/;

/** Whether what is written as a media type is text, which a model can write. */
export function isTextType(contentType: string): boolean {
  return TEXT.test(bare(contentType));
}

/** Whether a media type, or each of a list of them, is known to be one of bytes. */
export function isBytesType(contentType: string): boolean {
  return contentType.split(",").every((one) => !isTextType(one) && BYTES.test(bare(one)));
}

/** Whether a schema is one of bytes as they are: by its media type, which `format: binary` of 3.0 has become (OAS 3.1.1 §4.4.2). */
export function isRaw({ contentMediaType: media, contentEncoding }: SchemaObject): boolean {
  return contentEncoding === undefined && typeof media === "string" && !isTextType(media);
}

/** Whether a schema is one of bytes, as they are or encoded. */
export function isBinary(schema: SchemaObject): boolean {
  return schema["contentEncoding"] !== undefined || isRaw(schema);
}
