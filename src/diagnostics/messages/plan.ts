import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, nearNotes, quote, warning, type Near } from "./message.ts";

/** A tool names an operation that the description does not have. `near` are references that would work. */
export function operationNotFound({
  at,
  reference,
  file,
  near,
}: {
  at: Origin;
  reference: string;
  file: string;
  near: readonly Near[];
}): Diagnostic {
  return error("OPERATION_NOT_FOUND", {
    at,
    message: `no operation ${quote(reference)} in ${file}`,
    help:
      near.length > 0
        ? `write ${either(near.map(({ name }) => `\`operation: ${name}\``))}`
        : `choose one of those that \`toolwright operations ${file}\` lists`,
    notes: nearNotes(near),
  });
}

/** A tool names an operation by an operationId that several share. */
export function operationAmbiguous({
  at,
  reference,
  matches,
}: {
  at: Origin;
  reference: string;
  matches: readonly Near[];
}): Diagnostic {
  return error("OPERATION_AMBIGUOUS", {
    at,
    message: `${quote(reference)} names ${matches.length} operations`,
    help: `write ${either(matches.map(({ name }) => `\`operation: ${name}\``))}`,
    notes: matches.flatMap((match) => (match.at ? [{ at: match.at, message: match.name }] : [])),
  });
}

/** Two tools of one API have the same name, or names that differ only in case. */
export function duplicateToolName({ at, name, first }: { at: Origin; name: string; first: Origin }): Diagnostic {
  return error("DUPLICATE_TOOL_NAME", {
    at,
    message: `two tools are called ${quote(name)} (capitals do not count)`,
    help: `rename one of the two tools ${quote(name)}`,
    notes: [{ at: first, message: "the other one is here" }],
  });
}

/** A tool's name that some client refuses. */
export function invalidToolName({ at, name }: { at: Origin; name: string }): Diagnostic {
  return error("INVALID_TOOL_NAME", {
    at,
    message: `${quote(name)} is no tool name that every client accepts`,
    help: "write a letter, then letters, digits, `_` or `-`: at most 64 characters, as in `list_tickets`",
  });
}

/** A tool's name that cannot be the name of a module's export or of a file. */
export function reservedToolName({
  at,
  name,
  suggestion,
}: {
  at: Origin;
  name: string;
  suggestion: string;
}): Diagnostic {
  return error("RESERVED_TOOL_NAME", {
    at,
    message: `${quote(name)} is reserved by JavaScript or by a file system`,
    help: `write \`${suggestion}:\``,
  });
}

/** An annotation contradicts what the method says, and no reason is given. */
export function annotationNeedsReason({ at, hint, method }: { at: Origin; hint: string; method: string }): Diagnostic {
  return error("ANNOTATION_NEEDS_REASON", {
    at,
    message: `\`${hint}\` contradicts the method ${method}`,
    help: "add `because:` with the reason, or remove the annotation",
  });
}

/** A call of an example names a tool that is not served. */
export function unknownExampleTool({
  at,
  name,
  near,
}: {
  at: Origin;
  name: string;
  near: readonly Near[];
}): Diagnostic {
  const [nearest] = near;
  return error("UNKNOWN_EXAMPLE_TOOL", {
    at,
    message: `the example calls ${quote(name)}, which is no tool of this API`,
    help: nearest ? `write \`${nearest.name}\`` : `add the tool ${quote(name)}, or remove the call`,
    notes: nearNotes(near.slice(0, 1)),
  });
}

/** A call of an example gives an argument that its tool does not take. */
export function unknownExampleArgument({
  at,
  tool,
  name,
  near,
}: {
  at: Origin;
  tool: string;
  name: string;
  near: readonly string[];
}): Diagnostic {
  const [nearest] = near;
  return error("UNKNOWN_EXAMPLE_ARGUMENT", {
    at,
    message: `${quote(tool)} has no argument ${quote(name)}`,
    help: nearest === undefined ? `remove ${quote(name)}` : `write \`${nearest}\``,
  });
}

/** A tool without a description: models choose by it. */
export function missingDescription({ at, tool }: { at: Origin; tool: string }): Diagnostic {
  return warning("MISSING_DESCRIPTION", {
    at,
    message: `${quote(tool)} has no description, neither here nor in the vendor's`,
    help: "add `description:` with one sentence that says what the tool does and when to use it",
  });
}

/** More tools than models choose well among. */
export function manyTools({ at, count, most }: { at: Origin; count: number; most: number }): Diagnostic {
  return warning("MANY_TOOLS", {
    at,
    message: `${count} tools; models choose well among at most ${most}`,
    help: "remove the tools that are seldom used, serve them as an API of their own, or write `budget: { tools: … }` if all are needed",
  });
}

/** The tools of an API cost more tokens than their budget, in every conversation; both with their digits grouped. */
export function overBudget({
  at,
  tokens,
  most,
  largest,
}: {
  at: Origin;
  tokens: string;
  most: string;
  largest: readonly string[];
}): Diagnostic {
  return warning("OVER_BUDGET", {
    at,
    message: `the tools cost about ${tokens} tokens of every conversation; the budget is ${most}`,
    help: `cut the largest, ${either(largest.map(quote))}, with \`arguments:\`, or write \`budget: { tokens: … }\``,
  });
}

/** A description that costs more tokens than it helps. */
export function longDescription({
  at,
  tool,
  length,
  most,
}: {
  at: Origin;
  tool: string;
  length: number;
  most: number;
}): Diagnostic {
  return warning("LONG_DESCRIPTION", {
    at,
    message: `the description of ${quote(tool)} has ${length} characters; ${most} are plenty`,
    help: "shorten `description:` to what helps choosing and calling the tool",
  });
}

/** `because:` without an annotation that needs a reason. */
export function becauseNotNeeded({ at }: { at: Origin }): Diagnostic {
  return warning("BECAUSE_NOT_NEEDED", {
    at,
    message: "no annotation here contradicts the method",
    help: "remove `because:`",
  });
}

/** A tool that reads by one route and writes by another. */
export function mixedEffects({ at, tool }: { at: Origin; tool: string }): Diagnostic {
  return error("MIXED_EFFECTS", {
    at,
    message: `${quote(tool)} reads by one route and writes by another`,
    help: "make two tools of the routes, so that people can allow one without the other",
  });
}

/** A route that is never taken, since the one before it has no condition. */
export function unreachableRoute({ at, route }: { at: Origin; route: string }): Diagnostic {
  return error("UNREACHABLE_ROUTE", {
    at,
    message: `no route after ${route} is ever taken: it has no \`when\``,
    help: "add `when:` with an argument, or move this route to the end",
  });
}

/** A text of the vendor that speaks to the model instead of telling what something is. */
export function suspiciousText({ at, what }: { at: Origin; what: string }): Diagnostic {
  return warning("SUSPICIOUS_TEXT", {
    at,
    message: `${what} gives orders to whoever reads it`,
    help: "read it, and write a `description:` of your own",
  });
}

/** Instructions that hosts cut off. */
export function longInstructions({ at, length, most }: { at: Origin; length: number; most: number }): Diagnostic {
  return warning("LONG_INSTRUCTIONS", {
    at,
    message: `the instructions have ${length} characters; hosts show about ${most}`,
    help: "shorten `instructions:`, or move what concerns one tool to its description",
  });
}

/** A call of an example leaves out what its tool needs. */
export function missingExampleArgument({ at, tool, name }: { at: Origin; tool: string; name: string }): Diagnostic {
  return error("MISSING_EXAMPLE_ARGUMENT", {
    at,
    message: `${quote(tool)} needs the argument ${quote(name)}`,
    help: `add \`${name}: …\``,
  });
}

/** A call of an example refers to a call that does not come before it. */
export function unknownExampleStep({
  at,
  step,
  known,
}: {
  at: Origin;
  step: string;
  known: readonly string[];
}): Diagnostic {
  return error("UNKNOWN_EXAMPLE_STEP", {
    at,
    message: `no earlier call of this example is ${quote(step)}`,
    help:
      known.length === 0
        ? "write the value itself"
        : `write ${either(known.map((one) => `\`$steps.${one}.outputs#/…\``))}`,
  });
}
