import type { SchemaObject } from "../definition/catalog.ts";
import { malformedSpec } from "../diagnostics/messages.ts";
import { asObject } from "./definitions.ts";
import { follow } from "./follow.ts";
import { child, children, emptyRecord, isObject, own, textOf, type Node } from "./node.ts";
import type { MediaType, OperationResponse, RequestBody } from "./operation.ts";
import { readSchema, type SchemaContext } from "./schema.ts";

/** Reads the request body of an operation, wherever it is described. */
export function readRequestBody(operation: Node, context: SchemaContext): RequestBody | undefined {
  const written = child(operation, "requestBody");
  const body = written.value === undefined ? undefined : follow(written, context.documents, context.report);
  if (!body) return undefined;
  if (!isObject(body.value)) {
    context.report(malformedSpec({ at: body.origin, what: "the request body", expected: "an object with `content`" }));
    return undefined;
  }
  return {
    origin: body.origin,
    required: said(own(body.value, "required")),
    description: textOf(body, "description"),
    content: readContent(body, context),
  };
}

function said(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Reads the responses of an operation in the order of the description; `contentOf` reads what one of them holds. */
export function readResponses(
  operation: Node,
  context: SchemaContext,
  contentOf: (response: Node) => MediaType[] = (response) => readContent(response, context),
): OperationResponse[] {
  return children(child(operation, "responses")).flatMap(([status, written]) => {
    const response = status.startsWith("x-") ? undefined : follow(written, context.documents, context.report);
    if (!response) return [];
    return {
      status,
      description: textOf(response, "description"),
      headers: children(child(response, "headers")).map(([name]) => name),
      content: mayAnswer(status) ? contentOf(response) : [],
    };
  });
}

/** Whether a response is what a tool answers with. What a refusal holds, no tool depends on. */
function mayAnswer(status: string): boolean {
  return status.startsWith("2") || status === "default";
}

/** The example of a media type or parameter: `example`, or the value of the first of `examples` (`dataValue` since 3.2). */
export function firstExample(owner: Node, context: SchemaContext): unknown {
  const example = own(owner.value, "example");
  const [named] = children(child(owner, "examples"));
  if (example !== undefined || !named) return example;
  const found = follow(named[1], context.documents, () => undefined); // an example that is not there is no loss
  return own(found?.value, "dataValue") ?? own(found?.value, "value");
}

/** A media type may stand elsewhere since 3.2. */
function readContent(owner: Node, context: SchemaContext): MediaType[] {
  return children(child(owner, "content")).flatMap(([contentType, written]) => {
    const media = follow(written, context.documents, context.report);
    if (!media) return [];
    return {
      contentType,
      ...readMediaSchemas(media, context),
      encoding: readEncoding(child(media, "encoding")),
      ...readPositions(media, context),
      example: firstExample(media, context),
    };
  });
}

/** The whole, and one item of a sequence: without a schema of its own the whole is the list of its items (OAS 3.2.0 §4.14.1). */
function readMediaSchemas(media: Node, context: SchemaContext): Pick<MediaType, "schema" | "itemSchema"> {
  const whole = child(media, "schema");
  const item = context.format === "openapi-3.2" ? child(media, "itemSchema") : undefined;
  const itemSchema = item?.value === undefined ? undefined : asObject(readSchema(item, context));
  const items = itemSchema ? { type: "array", items: itemSchema } : {};
  return {
    schema: whole.value === undefined ? items : asObject(readSchema(whole, context)),
    ...(itemSchema && { itemSchema }),
  };
}

/** Encodings by place; descriptions before 3.2 say them by names of the registry of extensions. */
function readPositions(media: Node, { format }: SchemaContext): Pick<MediaType, "prefixEncoding" | "itemEncoding"> {
  const before = format === "openapi-3.2" ? "" : "x-oai-";
  const prefix = own(media.value, `${before}prefixEncoding`);
  const item = own(media.value, `${before}itemEncoding`);
  return {
    ...(Array.isArray(prefix) && { prefixEncoding: prefix.map((one) => (isObject(one) ? one : {})) }),
    ...(isObject(item) && { itemEncoding: item }),
  };
}

/** Encoding Objects as they are written: what they say is looked at where a body is planned. */
function readEncoding(node: Node): Record<string, SchemaObject> {
  const encoding = emptyRecord<SchemaObject>();
  for (const [name, { value }] of children(node)) {
    if (isObject(value)) encoding[name] = value;
  }
  return encoding;
}
