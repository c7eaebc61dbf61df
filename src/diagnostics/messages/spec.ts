import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, nearNotes, quote, warning, type Near } from "./message.ts";

/** A file that was named as a description and is something else. */
export function notASpec({
  at,
  file,
  looksLike,
}: {
  at: Origin;
  file: string;
  looksLike: { readonly name: string; readonly help: string | undefined } | undefined;
}): Diagnostic {
  const instead = looksLike === undefined ? "it has no `openapi:` version" : `it looks like ${looksLike.name}`;
  return error("NOT_A_SPEC", {
    at,
    message: `${quote(file)} is not an OpenAPI description: ${instead}`,
    help: looksLike?.help ?? 'name a file that begins with `openapi: 3.x.x` or `swagger: "2.0"`',
  });
}

/** A description in a version that is not read. `named` is where tools.yaml names the file. */
export function unsupportedSpecVersion({
  at,
  version,
  named,
}: {
  at: Origin;
  version: string;
  named: Origin;
}): Diagnostic {
  return error("UNSUPPORTED_SPEC_VERSION", {
    at,
    message: `${version} is not supported; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are`,
    help: "convert the description to OpenAPI 3.1 and name the result in tools.yaml",
    notes: [{ at: named, message: "named here" }],
  });
}

/** A part of the description that has another shape than OpenAPI says; it is left out. */
export function malformedSpec({ at, what, expected }: { at: Origin; what: string; expected: string }): Diagnostic {
  return warning("MALFORMED_SPEC", {
    at,
    message: `${what} is left out: ${expected} was expected here`,
    help: `write ${expected}`,
  });
}

/** A `$ref` whose target does not exist. */
export function refNotFound({ at, ref, near = [] }: { at: Origin; ref: string; near?: readonly Near[] }): Diagnostic {
  const [nearest] = near;
  return error("REF_NOT_FOUND", {
    at,
    message: `\`$ref\` points at nothing: ${quote(ref)}`,
    help: nearest ? `write \`$ref: "${nearest.name}"\`` : "add what is referred to, or correct the `$ref`",
    notes: nearNotes(near),
  });
}

/** A `$ref` that leads back to itself without ever reaching a value. */
export function refLoop({ at, ref }: { at: Origin; ref: string }): Diagnostic {
  return error("REF_LOOP", {
    at,
    message: `\`$ref\` leads back to itself: ${quote(ref)}`,
    help: "replace one `$ref` of the loop by what is meant",
  });
}

/** A `$ref` that leaves the project folder, by `..`, an absolute path or a symbolic link. */
export function refOutsideProject({ at, ref }: { at: Origin; ref: string }): Diagnostic {
  return error("REF_OUTSIDE_PROJECT", {
    at,
    message: `\`$ref\` leaves the project folder: ${quote(ref)}`,
    help: "copy the file that is referred to beside the description, and refer to it by a relative path",
  });
}

/** A `$ref` to another machine; a description is never completed over the network. */
export function refRemote({ at, ref }: { at: Origin; ref: string }): Diagnostic {
  return error("REF_REMOTE", {
    at,
    message: `\`$ref\` points at the network, which is never read: ${quote(ref)}`,
    help: "save the document beside the description, and refer to it by a relative path",
  });
}

/** A `$ref` to a file that is neither YAML nor JSON. */
export function refNotASpecFile({ at, ref }: { at: Origin; ref: string }): Diagnostic {
  return error("REF_NOT_A_SPEC_FILE", {
    at,
    message: `\`$ref\` points at a file that is neither YAML nor JSON: ${quote(ref)}`,
    help: "refer to a file whose name ends in .yaml, .yml or .json",
  });
}

/** A `type` that JSON Schema does not know; `mended` is what it was taken for, if anything. */
export function illegalType({
  at,
  type,
  mended,
}: {
  at: Origin;
  type: string;
  mended: string | undefined;
}): Diagnostic {
  return warning("ILLEGAL_TYPE", {
    at,
    message: `${quote(type)} is no type of JSON Schema; taken for ${mended === undefined ? "any value" : quote(mended)}`,
    help: `write \`type: ${mended ?? "string"}\``,
  });
}

/** Values of an `enum` that the schema's own `type` forbids. `taken` says what became of them. */
export function enumOfOtherType({
  at,
  types,
  taken,
}: {
  at: Origin;
  types: readonly string[];
  taken: string;
}): Diagnostic {
  return warning("ENUM_OF_OTHER_TYPE", {
    at,
    message: `\`enum\` lists values that are no ${either(types)}: ${taken}`,
    help: "write values of the type, or the type of the values; what a list may hold stands under its `items`",
  });
}

/** A parameter that is listed twice for one operation; the first one counts. */
export function duplicateParameter({
  at,
  name,
  place,
  first,
}: {
  at: Origin;
  name: string;
  place: string;
  first: Origin;
}): Diagnostic {
  return warning("DUPLICATE_PARAMETER", {
    at,
    message: `the ${place} parameter ${quote(name)} is listed twice; the first one counts`,
    help: `remove one of the two parameters ${quote(name)}`,
    notes: [{ at: first, message: "first listed here" }],
  });
}

/** An operationId that several operations share. */
export function duplicateOperationId({
  at,
  operationId,
  operation,
  first,
}: {
  at: Origin;
  operationId: string;
  operation: string;
  first: Origin;
}): Diagnostic {
  return warning("DUPLICATE_OPERATION_ID", {
    at,
    message: `several operations have the operationId ${quote(operationId)}`,
    help: `name this one in tools.yaml by method and path: \`operation: ${operation}\``,
    notes: [{ at: first, message: "first used here" }],
  });
}

/** A `{name}` of a path that no parameter describes; it is taken for a string. */
export function missingPathParameter({ at, name, path }: { at: Origin; name: string; path: string }): Diagnostic {
  return warning("MISSING_PATH_PARAMETER", {
    at,
    message: `\`{${name}}\` of ${quote(path)} is not described; taken for a required string`,
    help: `add \`{ name: ${name}, in: path, required: true, schema: { type: string } }\` to its parameters`,
  });
}

/** A parameter that says neither `schema` nor `content`; it is taken for a string. */
export function parameterWithoutSchema({ at, name }: { at: Origin; name: string }): Diagnostic {
  return warning("PARAMETER_WITHOUT_SCHEMA", {
    at,
    message: `the parameter ${quote(name)} has no schema; taken for a string`,
    help: "add `schema: { type: string }`",
  });
}

/** An operation whose method cannot be sent; it is left out. */
export function unsupportedMethod({ at, method, reason }: { at: Origin; method: string; reason: string }): Diagnostic {
  return warning("UNSUPPORTED_METHOD", {
    at,
    message: `operations of the method ${quote(method)} are left out: ${reason}`,
    help: "describe the operation by another method if the vendor takes one",
  });
}

/** A way of writing a schema that another version of OpenAPI has; it is read as what that means. */
export function foreignKeyword({
  at,
  what,
  version,
  help,
}: {
  at: Origin;
  what: string;
  version: string;
  help: string;
}): Diagnostic {
  return warning("FOREIGN_KEYWORD", {
    at,
    message: `${version} does not have ${what}; read as what another version means by it`,
    help,
  });
}

/** A part of a path that is written as a framework or a URI template writes it; it is read as what OpenAPI has for it. */
export function foreignPath({ at, written, meant }: { at: Origin; written: string; meant: string }): Diagnostic {
  const shown = meant === "" ? "left out, for a query is no part of a path" : `read as \`${meant}\``;
  return warning("FOREIGN_PATH", {
    at,
    message: `\`${written}\` is no part of a path that OpenAPI knows; ${shown}`,
    help: meant === "" ? `remove \`${written}\` from the path` : `write \`${meant}\` in the path`,
  });
}

/** `nullable` beside a `$ref`, where OpenAPI 3.0 ignores it; it is read as what was meant. */
export function nullableBesideRef({ at }: { at: Origin }): Diagnostic {
  return warning("NULLABLE_BESIDE_REF", {
    at,
    message: "`nullable` beside `$ref` says nothing in OpenAPI 3.0; read as if null is allowed",
    help: "write `allOf: [{ $ref: … }]` beside `nullable: true`",
  });
}

/** An integer that a number of JavaScript would round. */
export function integerTooLarge({ at, digits, keyword }: { at: Origin; digits: string; keyword: string }): Diagnostic {
  return warning("INTEGER_TOO_LARGE", {
    at,
    message: `${digits} in \`${keyword}\` is beyond 2^53 and would be rounded; ${keyword === "default" ? "left out" : "taken as a text"}`,
    help: "write the value as a text, in quotes, if the vendor takes one",
  });
}

/** An overlay that is not what the Overlay Specification says. */
export function invalidOverlay({ at, expected }: { at: Origin; expected: string }): Diagnostic {
  return error("INVALID_OVERLAY", {
    at,
    message: `not a valid overlay: ${expected} was expected here`,
    help: `write ${expected}`,
  });
}

/** A target of an overlay that is no JSONPath. */
export function invalidJsonpath({
  at,
  expression,
  reason,
}: {
  at: Origin;
  expression: string;
  reason: string;
}): Diagnostic {
  return error("INVALID_JSONPATH", {
    at,
    message: `${quote(expression)} is not valid JSONPath (RFC 9535): ${reason}`,
    help: "write a path such as `$.paths['/tickets'].get`",
  });
}

/** An overlay's target that matches nothing in the description, or what is to be copied that is not one value. */
export function overlayTargetNotFound({
  at,
  target,
  file,
  found = 0,
}: {
  at: Origin;
  target: string;
  file: string;
  found?: number;
}): Diagnostic {
  return warning("OVERLAY_TARGET_NOT_FOUND", {
    at,
    message:
      found === 0
        ? `${quote(target)} matches nothing in ${quote(file)}`
        : `${quote(target)} matches ${found} values in ${quote(file)}, and only one can be copied`,
    help: "correct the path, or remove the action if the vendor has mended this",
  });
}

/** An overlay's value that does not merge with what stands at its target. */
export function overlayMismatch({ at, place }: { at: Origin; place: Origin }): Diagnostic {
  return error("OVERLAY_MISMATCH", {
    at,
    message: "this does not merge with what is there: objects merge with objects, lists with lists, values with values",
    help: "write a value of the same kind, or remove what is there by an action before this one",
    notes: [{ at: place, message: "what is there" }],
  });
}
