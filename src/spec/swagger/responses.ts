import { asObject } from "../definitions.ts";
import { follow } from "../follow.ts";
import { child, children, own, textOf, type Node } from "../node.ts";
import { mayAnswer } from "../media-types.ts";
import type { MediaType, OperationResponse } from "../operation.ts";
import { readSchema, type SchemaContext } from "../schema.ts";
import { mediaTypesOf, type MediaLists } from "./body.ts";

/** Reads the responses of an operation; each comes in every media type that the operation produces. */
export function readSwaggerResponses(media: MediaLists, context: SchemaContext): OperationResponse[] {
  return children(child(media.operation, "responses")).flatMap(([status, written]) => {
    const response = status.startsWith("x-") ? undefined : follow(written, context.documents, context.report);
    if (!response) return [];
    return {
      status,
      description: textOf(response, "description"),
      headers: children(child(response, "headers")).map(([name]) => name),
      content: mayAnswer(status) ? readContent(response, media, context) : [],
    };
  });
}

function readContent(response: Node, media: MediaLists, context: SchemaContext): MediaType[] {
  const written = child(response, "schema");
  if (written.value === undefined) return []; // Swagger 2.0, Response Object: no content
  const schema = asObject(readSchema(written, context));
  const examples = child(response, "examples").value;
  const file = own(written.value, "type") === "file";
  const contentTypes = mediaTypesOf(media, "produces") ?? [file ? "application/octet-stream" : "application/json"];
  return contentTypes.map((contentType) => ({
    contentType,
    schema,
    encoding: {},
    example: own(examples, contentType),
  }));
}
