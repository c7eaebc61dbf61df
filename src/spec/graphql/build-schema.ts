import { buildASTSchema, GraphQLError, TokenKind, validateSchema, type GraphQLSchema } from "graphql";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidGraphql } from "../../diagnostics/messages.ts";
import type { Report } from "../follow.ts";
import { originOf, type GraphqlDocument } from "./read-documents.ts";

/** Builds the schema that a document defines; undefined when it does not fit itself, which is reported. */
export function buildSchema(document: GraphqlDocument, report: Report): GraphQLSchema | undefined {
  const { file, node } = document;
  let schema: GraphQLSchema;
  try {
    schema = buildASTSchema(node);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Of several faults the library makes one text, a paragraph each, without places.
    for (const reason of error.message.split("\n\n")) report(invalidGraphql({ at: placeOf(reason, document), reason }));
    return undefined;
  }
  const errors = validateSchema(schema);
  for (const error of errors) {
    const at =
      error instanceof GraphQLError && error.positions ? originOf(error, file) : placeOf(error.message, document);
    report(invalidGraphql({ at, reason: error.message }));
  }
  return errors.length === 0 ? schema : undefined;
}

/** The last place where the name stands that a message quotes first: where it is used, or defined once more. */
function placeOf(message: string, { file, node }: GraphqlDocument): Origin {
  const [, named] = /"(\w+)[".]/.exec(message) ?? [];
  let offset: number | undefined;
  for (let token = node.loc?.startToken; token; token = token.next ?? undefined) {
    if (token.kind === TokenKind.NAME && token.value === named) offset = token.start;
  }
  return { file, pointer: "", ...(offset !== undefined && { offset }) };
}
