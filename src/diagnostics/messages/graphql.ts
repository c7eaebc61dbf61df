import type { Diagnostic, Origin } from "../diagnostic.ts";
import { error, quote } from "./message.ts";

/** A GraphQL document does not fit the vendor's schema, or the schema does not fit itself. */
export function invalidGraphql({ at, reason }: { at: Origin; reason: string }): Diagnostic {
  const [what = "", meant] = reason.split(" Did you mean "); // the library's own suggestion: `"points"`, or `"a", "b", or "c"`
  const [, suggestion] = /"([^"]+)"/.exec(meant ?? "") ?? [];
  return error("INVALID_GRAPHQL", {
    at,
    message: `not valid GraphQL: ${what.charAt(0).toLowerCase()}${what.slice(1).replace(/\.$/, "")}`,
    help:
      suggestion === undefined
        ? "correct the document at this place, or the schema that it is held against"
        : `write \`${suggestion}\``,
  });
}

/** A GraphQL document is not one named query or mutation. */
export function notOneOperation({ at, reason }: { at: Origin; reason: string }): Diagnostic {
  return error("NOT_ONE_OPERATION", {
    at,
    message: `${quote(at.file)} is not one query or mutation with a name: ${reason}`,
    help: "write one `query Name { … }` or `mutation Name { … }` a file; fragments may stand beside it",
  });
}

/** Without a schema a variable has a type of which only the name is known. */
export function unknownGraphqlType({ at, name }: { at: Origin; name: string }): Diagnostic {
  return error("UNKNOWN_GRAPHQL_TYPE", {
    at,
    message: `nobody knows what the type ${quote(name)} is: there is no schema that says it`,
    help: `add \`schema:\` beside \`documents:\`, or \`scalars: { ${name}: any }\``,
  });
}
