import { OperationTypeNode, print, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import type { Report } from "../follow.ts";
import type { Operation } from "../operation.ts";
import { answerSchema } from "./answer.ts";
import { commentAbove } from "./comment.ts";
import { checkedDocument, type Fragments } from "./fragments.ts";
import type { ScalarKind } from "./scalars.ts";
import { variablesSchema } from "./variables.ts";

/** What an operation is read with. */
interface Reading {
  readonly file: string;
  readonly path: string;
  readonly schema: GraphQLSchema | undefined;
  readonly scalars: Readonly<Record<string, ScalarKind>>;
}

const JSON_TYPE = "application/json";

/**
 * One GraphQL operation in the words of a description: a POST of `{ operationName, query, variables }`, of which only the variables are
 * anybody's to fill. The text is the document's, in one layout and without its comments.
 *
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-JSON-Encoding
 */
export function graphqlOperation(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  { file, path, schema, scalars }: Reading,
  report: Report,
): Operation {
  const origin: Origin = { file, pointer: "", offset: operation.name?.loc?.start ?? 0 };
  const name = operation.name?.value ?? "";
  const types = { schema, scalars };
  const variables = variablesSchema(operation, file, types, report);
  const answer = answerSchema(operation, fragments, types);
  const comment = commentAbove(operation);
  return {
    origin,
    method: "POST",
    path,
    operationId: name,
    summary: comment.split("\n")[0] ?? "",
    description: comment,
    tags: [],
    deprecated: false,
    effect: operation.operation === OperationTypeNode.QUERY ? "read" : "write",
    parameters: [],
    requestBody: {
      origin,
      required: true,
      description: "",
      content: [{ contentType: JSON_TYPE, schema: variables.schema, encoding: {}, example: undefined }],
      envelope: {
        member: "variables",
        constants: { operationName: name, query: print(checkedDocument(operation, fragments)) },
      },
    },
    responses: [
      {
        status: "200",
        description: "",
        headers: [],
        content: [{ contentType: JSON_TYPE, schema: answer.schema, encoding: {}, example: undefined }],
      },
    ],
    security: [],
    servers: [],
    definitions: { ...variables.definitions, ...answer.definitions },
  };
}
