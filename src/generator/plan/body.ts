import type { Body, Encoding } from "../../definition/request.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import { bodyIgnored, bodyNotAList, formWithoutFields, partHeadersIgnored } from "../../diagnostics/messages.ts";
import type { Envelope, MediaType, Operation, RequestBody } from "../../spec/operation.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { propertiesOf, type BodyProperties } from "./body-properties.ts";
import type { ToolContext } from "./context.ts";
import { openSchema } from "./inline-schema.ts";
import { bare, isForm, isMultipart, MULTIPART } from "./media-type.ts";
import { chooseMedia, writtenAs } from "./media.ts";
import { nameOf } from "./name-of.ts";
import { isPositional, partsByPlace } from "./parts.ts";
import { asObject, isObject, texts, typesOf } from "./schema.ts";
import type { Source } from "./sources.ts";

/** How a body is put together. */
export interface BodyForm {
  readonly sources: readonly Source[];
  /** The media type without a file. */
  readonly contentType: string;
  /** The media type that is needed as soon as a file is given, when the operation has both. */
  readonly fileContentType: string | undefined;
  /** `properties`: each source is a member. `list`: likewise, within a list of one. `value`: the one source is the body. */
  readonly shape: "properties" | "list" | "value";
  /** Lists and objects in a form are written as `tags[]` and `custom_fields[key]`. */
  readonly nesting: Body["nesting"];
  readonly encoding: Readonly<Record<string, Encoding>>;
  /** Parts of a multipart body are told apart by their order, which is that of the sources. */
  readonly unnamed?: true;
  /** What stands around it all. */
  readonly envelope?: Envelope;
  /** Set for a body that may be left out as a whole: the members that it must have as soon as it has any, by key. */
  readonly needs: readonly string[] | undefined;
}

/** Methods that are there to send a body; where a description does not say whether one is required, vendors mean that it is. */
const SENDING: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "QUERY"]);

/** Decides which media type an operation's body is sent as, and what it is made of; undefined when it has none. */
export function planBody(context: ToolContext, operation: Operation): BodyForm | undefined {
  const { requestBody, definitions, method } = operation;
  if (!requestBody || requestBody.content.length === 0 || isIgnored(context, operation, requestBody)) return undefined;
  const chosen = chooseMedia(context, operation, requestBody);
  if (!chosen) return undefined;
  const byPlace = isMultipart(chosen.contentType) && isPositional(chosen.schema, definitions);
  const media = byPlace ? partsByPlace(chosen, definitions) : chosen;
  const { settings } = context.tool;
  const wish = settings.body ?? "flatten";
  const form = isForm(media.contentType);
  const carrier = writtenAs(media, definitions);
  const schema = openSchema(media.schema, definitions);
  const required = requestBody.required ?? SENDING.has(method);
  const { envelope } = requestBody;
  const { contentType } = media;
  const base = {
    contentType,
    fileContentType: undefined,
    nesting: undefined,
    encoding: {},
    needs: undefined,
    ...((byPlace || bare(contentType) === RELATED) && { unnamed: true as const }),
    ...(envelope && { envelope }),
  };
  const whole = (): BodyForm => {
    const demanded = required && (requestBody.required !== undefined || cannotBeEmpty(carrier, schema));
    return { ...base, shape: "value", sources: [wholeBody(requestBody, media, { carrier, required: demanded })] };
  };

  if (form && carrier === "text") {
    const { origin } = requestBody;
    context.report(
      formWithoutFields({ at: keyOf(context.tool.origin), operation: nameOf(operation), contentType, origin }),
    );
    return whole();
  }

  if (wish === "array" && !typesOf(schema).includes("array")) {
    context.report(bodyNotAList({ at: within(context.tool.origin, "body"), operation: nameOf(operation) }));
    return undefined;
  }
  if (wish === "whole" || carrier === "text" || carrier === "file") return whole();
  const object = wish === "array" ? openSchema(asObject(schema["items"]), definitions) : schema;
  const reading = {
    required,
    definitions,
    form: form ? formOf(contentType) : undefined,
    encoding: media.encoding,
    origin: requestBody.origin,
  };
  const own = propertiesOf(object, reading);
  if (own.sources.length === 0 && !envelope) return whole();
  const shape = wish === "array" ? "list" : "properties";
  const needs = required ? undefined : own.needs;
  const other =
    form || settings.content_type ? undefined : requestBody.content.find((one) => bare(one.contentType) === MULTIPART);
  if (!other) {
    warnOfPartHeaders(context, operation, media);
    return { ...base, ...planned(own, settings.nesting), shape, needs };
  }

  warnOfPartHeaders(context, operation, other);
  const otherSchema = openSchema(other.schema, definitions);
  const parts = propertiesOf(otherSchema, { ...reading, form: "fields", encoding: other.encoding });
  const files = parts.sources.filter(({ file }) => file);
  const named = new Set(files.map(({ name }) => name));
  const sources = [
    ...own.sources.filter(({ name }) => !named.has(name)),
    ...files.map((file) => ({ ...file, key: file.name })),
  ];
  const nesting = settings.nesting ?? (parts.bracketed ? "brackets" : undefined);
  return { ...base, shape, sources, fileContentType: MULTIPART, nesting, encoding: parts.encoding, needs };
}

/** Its parts have an order and no names (RFC 2387 §3). */
const RELATED = "multipart/related";

/** Forms have conventions for lists and objects in their names, which other multipart bodies do not have. */
function formOf(contentType: string): "fields" | "parts" {
  return isMultipart(contentType) && bare(contentType) !== MULTIPART ? "parts" : "fields";
}

/** The media type of a body that tools.yaml writes out as a whole. */
export function payloadType(context: ToolContext, operation: Operation): string {
  const { requestBody } = operation;
  const media =
    requestBody && requestBody.content.length > 0 ? chooseMedia(context, operation, requestBody) : undefined;
  return media?.contentType ?? context.tool.settings.content_type ?? "application/json";
}

/** A body of GET, HEAD or TRACE has no meaning (RFC 9110 §9.3.1) and is to be ignored (OAS 3.0.4, Operation Object); most clients cannot send one. */
function isIgnored({ tool, report }: ToolContext, operation: Operation, { content, origin }: RequestBody): boolean {
  if (!BODILESS.has(operation.method)) return false;
  const says = content.some(({ schema }) => {
    const open = openSchema(schema, operation.definitions);
    return (
      Object.keys(asObject(open["properties"])).length > 0 || Object.keys(open).some((keyword) => COMPOSED.has(keyword))
    );
  });
  if (says) report(bodyIgnored({ at: keyOf(tool.origin), operation: nameOf(operation), origin }));
  return true;
}

const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "TRACE"]);
const COMPOSED: ReadonlySet<string> = new Set(["allOf", "oneOf", "anyOf", "items"]);

function planned(
  { sources, brackets, encoding }: BodyProperties,
  wanted: Body["nesting"],
): Pick<BodyForm, "sources" | "nesting" | "encoding"> {
  return { sources, nesting: wanted ?? (brackets ? "brackets" : undefined), encoding };
}

/** Whether a body always says something: every one but an object without required properties, and a list. */
function cannotBeEmpty(carrier: Carrier, schema: SchemaObject): boolean {
  if (carrier === "text" || carrier === "file") return true;
  const types = typesOf(schema);
  if (types.includes("array")) return Number(schema["minItems"]) > 0;
  const isOpen = types.length === 0 || types.includes("object");
  return !isOpen || texts(schema, "required").length > 0;
}

type Carrier = ReturnType<typeof writtenAs>;

/** The whole body as one source; text and bytes have no other way. */
function wholeBody(
  { description, origin }: RequestBody,
  { contentType, schema }: MediaType,
  { carrier, required }: { readonly carrier: Carrier; readonly required: boolean },
): Source {
  const said =
    description || (isObject(schema) && typeof schema["description"] === "string" ? schema["description"] : "");
  const written = carrier === "text" && !contentType.includes("*") ? `Written as ${contentType}.` : "";
  return {
    in: "body",
    name: "body",
    key: "body",
    schema: schemaOf(schema, contentType, carrier),
    description: [said, written].filter((one) => one !== "").join(" "),
    required,
    origin,
    ...(carrier === "file" && { file: true }),
  };
}

/** The schema of a body that is one argument: what the description says, as far as it is true of what is written. */
function schemaOf(schema: SchemaObject, contentType: string, carrier: Carrier): SchemaObject {
  const isEmpty = Object.keys(schema).length === 0;
  switch (carrier) {
    case "json":
      return schema;
    case "fields":
      return isEmpty ? { type: "object" } : schema;
    case "file":
      return isEmpty ? { type: "string" } : schema;
    case "text": {
      const plain = !isForm(contentType) && !isObject(schema["properties"]) && typesOf(schema).includes("string");
      return plain ? schema : { type: "string" };
    }
  }
}

/** Headers of parts are not sent: a part says its name, its media type and, for a file, how it is called (RFC 7578 §4.8). */
function warnOfPartHeaders({ tool, report }: ToolContext, operation: Operation, { encoding }: MediaType): void {
  for (const [part, { headers }] of Object.entries(encoding)) {
    if (!isObject(headers) || Object.keys(headers).length === 0) continue;
    const at = keyOf(tool.origin);
    report(partHeadersIgnored({ at, part, operation: nameOf(operation), headers: Object.keys(headers) }));
  }
}
