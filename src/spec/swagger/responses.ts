import { asObject } from "../definitions.ts";
import { readResponses } from "../media-types.ts";
import { child, own, type Node } from "../node.ts";
import type { MediaType, OperationResponse } from "../operation.ts";
import { readSchema, type SchemaContext } from "../schema.ts";
import { mediaTypesOf, type MediaLists } from "./body.ts";

/** Reads the responses of an operation; each comes in every media type that the operation produces. */
export function readSwaggerResponses(media: MediaLists, context: SchemaContext): OperationResponse[] {
  return readResponses(media.operation, context, (response) => readContent(response, media, context));
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
