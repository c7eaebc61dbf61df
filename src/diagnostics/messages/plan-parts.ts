import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, nearNotes, quote, warning, type Near } from "./message.ts";

const MOST_TOLD = 12; // names: more than that nobody reads in a message

/** `parameters:` or `arguments:` names what the operation does not take. */
export function unknownParameter({
  at,
  name,
  operation,
  near,
  known,
}: {
  at: Origin;
  name: string;
  operation: string;
  near: readonly Near[];
  known: readonly string[];
}): Diagnostic {
  const [nearest] = near;
  const others = known.length > MOST_TOLD ? [...known.slice(0, MOST_TOLD), "…"] : known;
  const choose = known.length === 0 ? "" : `; there is ${others.join(", ")}`;
  return error("UNKNOWN_PARAMETER", {
    at,
    message: `${operation} has no parameter or body property ${quote(name)}`,
    help: nearest ? `write \`${nearest.name}\`` : `remove ${quote(name)}, or add it to the description${choose}`,
    notes: nearNotes(near.slice(0, 1)),
  });
}

/** A tool names a pagination rule that is not under `pagination:`. */
export function unknownPagination({ at, name, near, known }: UnknownName): Diagnostic {
  return unknownName("UNKNOWN_PAGINATION", "pagination rule", "pagination", { at, name, near, known });
}

/** A tool or a credential names a server that is not under `servers:`. */
export function unknownServer({ at, name, near, known }: UnknownName): Diagnostic {
  return unknownName("UNKNOWN_SERVER", "server", "servers", { at, name, near, known });
}

/** An operation has a server of its own that tools.yaml does not name. */
export function otherServer({
  at,
  operation,
  url,
  name,
  origin,
}: {
  at: Origin;
  operation: string;
  url: string;
  name: string;
  origin: Origin;
}): Diagnostic {
  return warning("OTHER_SERVER", {
    at,
    message: `${operation} is at ${url}, which \`servers:\` does not name: it is called there, without a credential`,
    help: `add \`${name}: { url: ${url} }\` to \`servers:\` if it may see the credentials, or write \`server:\` in the tool`,
    notes: [{ at: origin, message: "the operation has servers of its own" }],
  });
}

/** An operation has a server of its own that cannot be called. */
export function unusableServer({
  at,
  operation,
  url,
  standard,
  origin,
}: {
  at: Origin;
  operation: string;
  url: string;
  standard: string;
  origin: Origin;
}): Diagnostic {
  return warning("UNUSABLE_SERVER", {
    at,
    message: `${operation} has a server of its own, ${quote(url)}, which is no https URL: it is called at ${quote(standard)}`,
    help: `write \`server: ${standard}\` in the tool if that is right`,
    notes: [{ at: origin, message: "the operation has servers of its own" }],
  });
}

/** A tool names a credential that is not under `credentials:`. */
export function unknownCredential({ at, name, near, known }: UnknownName): Diagnostic {
  return unknownName("UNKNOWN_CREDENTIAL", "credential", "credentials", { at, name, near, known });
}

/** `result:` names a field that the response schema does not have. */
export function unknownResultField({
  at,
  field,
  near,
}: {
  at: Origin;
  field: string;
  near: readonly Near[];
}): Diagnostic {
  const [nearest] = near;
  return error("UNKNOWN_RESULT_FIELD", {
    at,
    message: `the answer has no field ${quote(field)}`,
    help: nearest ? `write \`${nearest.name}\`` : `remove ${quote(field)}, or add it to the response's schema`,
    notes: nearNotes(near.slice(0, 1)),
  });
}

/** `result.items`, `result.value` or a pagination pointer points at nothing in the response schema. */
export function resultNotFound({
  at,
  pointer,
  near,
}: {
  at: Origin;
  pointer: string;
  near: readonly string[];
}): Diagnostic {
  const [nearest] = near;
  return error("RESULT_NOT_FOUND", {
    at,
    message: `${quote(pointer)} points at nothing in the answer`,
    help: nearest === undefined ? "correct the pointer, or the response's schema" : `write \`${nearest}\``,
  });
}

/** A text is taken for a runtime expression and is none. */
export function invalidExpression({ at, text, reason }: { at: Origin; text: string; reason: string }): Diagnostic {
  return error("INVALID_EXPRESSION", {
    at,
    message: reason,
    help: `write \`$${text}\` if the text itself is meant, or an expression such as \`$inputs.id\``,
  });
}

/** A `pattern` that could take for ever, or that JavaScript does not know; it is told and not enforced. */
export function unsafePattern({ at, pattern, reason }: { at: Origin; pattern: string; reason: string }): Diagnostic {
  return warning("UNSAFE_PATTERN", {
    at,
    message: `the pattern ${quote(pattern)} is shown and not enforced: ${reason}`,
    help: patternHelp(reason),
  });
}

/** What to do depends on what is wrong, as `judgePattern` tells it. */
function patternHelp(reason: string): string {
  if (/does not begin with/.test(reason))
    return "begin the pattern with `^`, or bound what it repeats, as in `{1,200}`";
  if (/without end/.test(reason)) return "bound what it repeats, as in `{1,200}`";
  if (/does not know/.test(reason)) return "write the pattern as JavaScript has it (ECMA-262)";
  return "simplify the pattern: no repetition inside a repetition, no look-around";
}

/** `result.project` is not valid JMESPath. */
export function invalidJmespath({ at, reason }: { at: Origin; reason: string }): Diagnostic {
  return error("INVALID_JMESPATH", {
    at,
    message: `\`project\` is not valid JMESPath: ${reason}`,
    help: "correct the expression; https://jmespath.org has the grammar",
  });
}

/** A name that stands for something else in tools.yaml and is not defined there. */
export interface UnknownName {
  readonly at: Origin;
  readonly name: string;
  readonly near: readonly Near[];
  /** Every name that is defined. */
  readonly known: readonly string[];
}

function unknownName(code: string, what: string, section: string, { at, name, near, known }: UnknownName): Diagnostic {
  const [nearest] = near;
  const choose =
    known.length === 0
      ? `define ${quote(name)} under \`${section}:\``
      : `write ${either(known.map((one) => `\`${one}\``))}`;
  return error(code, {
    at,
    message: `there is no ${what} ${quote(name)}`,
    help: nearest ? `write \`${nearest.name}\`` : choose,
    notes: nearNotes(near.slice(0, 1)),
  });
}
