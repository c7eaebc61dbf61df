import type { Encoding } from "../../definition/call.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import { bodyNotAList, unknownContentType, unsupportedBody } from "../../diagnostics/messages.ts";
import type { Envelope, MediaType, Operation, RequestBody } from "../../spec/operation.ts";
import { within } from "../tools-file/origin.ts";
import type { ToolContext } from "./context.ts";
import { propertiesOf } from "./body-properties.ts";
import { openSchema } from "./inline-schema.ts";
import { asObject, isObject, typesOf } from "./schema.ts";
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
  readonly brackets: boolean;
  readonly encoding: Readonly<Record<string, Encoding>>;
  /** What stands around it all. */
  readonly envelope?: Envelope;
}

const FORM = "multipart/form-data";
const URL_ENCODED = "application/x-www-form-urlencoded";

/** Decides which media type an operation's body is sent as, and what it is made of; undefined when it has none. */
export function planBody(context: ToolContext, operation: Operation): BodyForm | undefined {
  const { requestBody } = operation;
  if (!requestBody || requestBody.content.length === 0) return undefined;
  const media = chooseMedia(context, operation, requestBody);
  if (!media) return undefined;
  const wish = context.tool.settings.body ?? "flatten";
  const form = isForm(media.contentType);
  const { definitions } = operation;
  const schema = openSchema(media.schema, definitions);
  const { envelope } = requestBody;
  const base = {
    contentType: media.contentType,
    fileContentType: undefined,
    brackets: false,
    encoding: {},
    ...(envelope && { envelope }),
  };
  const whole = (): BodyForm => ({ ...base, shape: "value", sources: [wholeBody(requestBody, media)] });

  if (wish === "array" && !typesOf(schema).includes("array")) {
    context.report(bodyNotAList({ at: within(context.tool.origin, "body"), operation: nameOf(operation) }));
    return undefined;
  }
  if (wish === "whole" || (!form && !isJson(media.contentType))) return whole();
  const object = wish === "array" ? openSchema(asObject(schema["items"]), definitions) : schema;
  const own = propertiesOf(object, { requestBody, definitions, form, encoding: media.encoding });
  if (own.sources.length === 0 && !envelope) return whole();
  const shape = wish === "array" ? "list" : "properties";
  const other =
    form || context.tool.settings.content_type
      ? undefined
      : requestBody.content.find(({ contentType }) => bare(contentType) === FORM);
  if (!other) return { ...base, ...own, shape };

  const parts = propertiesOf(openSchema(other.schema, definitions), {
    requestBody,
    definitions,
    form: true,
    encoding: other.encoding,
  });
  const files = parts.sources.filter(({ file }) => file);
  const named = new Set(files.map(({ name }) => name));
  const sources = [
    ...own.sources.filter(({ name }) => !named.has(name)),
    ...files.map((file) => ({ ...file, key: file.name })),
  ];
  return { ...base, shape, sources, fileContentType: FORM, brackets: parts.bracketed, encoding: parts.encoding };
}

/** The media type of a body that tools.yaml writes out as a whole. */
export function payloadType(context: ToolContext, operation: Operation): string {
  const { requestBody } = operation;
  const media =
    requestBody && requestBody.content.length > 0 ? chooseMedia(context, operation, requestBody) : undefined;
  return media?.contentType ?? context.tool.settings.content_type ?? "application/json";
}

/** The media type to send: the wanted one; otherwise JSON, a form, or whatever there is. */
function chooseMedia(
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
      const known = content.map(({ contentType }) => contentType);
      report(
        unknownContentType({
          at: within(tool.origin, "content_type"),
          contentType: wanted,
          operation: nameOf(operation),
          known,
        }),
      );
    }
    return found;
  }
  const choice =
    content.find(({ contentType }) => bare(contentType) === "application/json") ??
    content.find(({ contentType }) => isJson(contentType)) ??
    content.find(({ contentType }) => bare(contentType) === FORM) ??
    content.find(({ contentType }) => bare(contentType) === URL_ENCODED) ??
    content.find(({ contentType }) => !isXml(contentType));
  if (!choice)
    report(
      unsupportedBody({
        at: tool.origin,
        operation: nameOf(operation),
        contentType: content[0]?.contentType ?? "",
        origin,
      }),
    );
  return choice;
}

/** The whole body as one source; text and bytes have no other way. */
function wholeBody({ required, description, origin }: RequestBody, { contentType, schema }: MediaType): Source {
  const binary = !isJson(contentType) && !isForm(contentType) && !contentType.startsWith("text/");
  const shown: SchemaObject = isJson(contentType) || Object.keys(schema).length > 0 ? schema : { type: "string" };
  const text =
    description || (isObject(schema) && typeof schema["description"] === "string" ? schema["description"] : "");
  return {
    in: "body",
    name: "body",
    key: "body",
    schema: shown,
    description: text,
    required,
    origin,
    ...(binary && { file: true }),
  };
}

/** Whether a media type is JSON or built on it (RFC 6839). */
export function isJson(contentType: string): boolean {
  return /^(?:application\/json|[^/]+\/[^/]+\+json|text\/json|\*\/\*)$/.test(bare(contentType));
}

function isForm(contentType: string): boolean {
  return [FORM, URL_ENCODED].includes(bare(contentType));
}

function isXml(contentType: string): boolean {
  return /[/+]xml$/.test(bare(contentType));
}

/** A media type without its parameters. */
function bare(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** How messages call an operation. */
export function nameOf({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}
