import { TokenKind, type ASTNode, type Token } from "graphql";

/**
 * The comment right above a node, as one text: what a document says of an operation or a variable, for which GraphQL has no
 * descriptions in documents.
 *
 *     # The class, by its slug.
 *     $slug: String!             → "The class, by its slug."
 */
export function commentAbove({ loc }: ASTNode): string {
  const lines: string[] = [];
  let line = loc?.startToken.line ?? 0;
  for (let token = loc?.startToken.prev; token?.kind === TokenKind.COMMENT; token = token.prev) {
    if (token.line !== line - 1 || isBehindCode(token.prev, token.line)) break;
    lines.unshift(token.value.replace(/^#* ?/, ""));
    line = token.line;
  }
  return lines.join("\n").trim();
}

/** A comment at the end of a line is about that line. */
function isBehindCode(before: Token | null, line: number): boolean {
  return before !== null && before.kind !== TokenKind.COMMENT && before.kind !== TokenKind.SOF && before.line === line;
}
