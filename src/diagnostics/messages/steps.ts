import type { Diagnostic, Origin } from "../diagnostic.ts";
import { either, error, nearNotes, quote, warning, type Near } from "./message.ts";

interface Unknown {
  readonly at: Origin;
  readonly name: string;
  readonly near: readonly Near[];
  /** Every name that could stand there. */
  readonly known: readonly string[];
}

/** An expression, or the list of a tool's steps, names a step that there is not. */
export function unknownStep({ at, name, near, known }: Unknown): Diagnostic {
  return unknown("UNKNOWN_STEP", `there is no step ${quote(name)}`, "add the step, or remove the name", {
    at,
    name,
    near,
    known,
  });
}

/** An expression names an output that its step does not have. */
export function unknownOutput({ step, ...about }: Unknown & { readonly step: string }): Diagnostic {
  const message = `the step ${quote(step)} has no output ${quote(about.name)}`;
  return unknown("UNKNOWN_OUTPUT", message, `add \`outputs: { ${about.name}: $response.body#/… }\` to it`, about);
}

/** An expression names an argument that the tool does not have. */
export function unknownInput({ tool, ...about }: Unknown & { readonly tool: string }): Diagnostic {
  const message = `${quote(tool)} has no argument ${quote(about.name)}`;
  const help = `add \`inputs: { ${about.name}: { type: string, description: … } }\``;
  return unknown("UNKNOWN_INPUT", message, help, about);
}

function unknown(code: string, message: string, otherwise: string, { at, near, known }: Unknown): Diagnostic {
  const [nearest] = near;
  const choose = known.length === 0 ? otherwise : `write ${either(known.slice(0, 10).map((one) => `\`${one}\``))}`;
  return error(code, {
    at,
    message,
    help: nearest ? `write \`${nearest.name}\`` : choose,
    notes: nearNotes(near.slice(0, 1)),
  });
}

/** An expression names the step that it stands in, or one that comes after it. */
export function stepNotBefore({ at, name, step }: { at: Origin; name: string; step: Origin }): Diagnostic {
  return error("STEP_NOT_BEFORE", {
    at,
    message: `the step ${quote(name)} has not ended when this is needed`,
    help: `move ${quote(name)} before the step that names it`,
    notes: [{ at: step, message: `${quote(name)} is here` }],
  });
}

/** Two steps of a tool have one id. */
export function duplicateStep({ at, name, first }: { at: Origin; name: string; first: Origin }): Diagnostic {
  return error("DUPLICATE_STEP", {
    at,
    message: `there is a step ${quote(name)} already`,
    help: `give one of them another \`stepId\``,
    notes: [{ at: first, message: "the other one is here" }],
  });
}

/** No tool uses a step that the API names. */
export function unusedStep({ at, name }: { at: Origin; name: string }): Diagnostic {
  return warning("UNUSED_STEP", {
    at,
    message: `no tool uses the step ${quote(name)}`,
    help: `write \`steps: [${name}, …]\` in a tool, or remove it`,
  });
}

/** An argument is declared and nothing uses it. */
export function unusedInput({ at, name }: { at: Origin; name: string }): Diagnostic {
  return error("UNUSED_INPUT", {
    at,
    message: `nothing uses the argument ${quote(name)}`,
    help: `write \`$inputs.${name}\` where it belongs, or remove it`,
  });
}

/** An expression points into an answer, an output or an argument, and its schema says that nothing is there. */
export function bindingNotFound({
  at,
  expression,
  near,
  known,
}: {
  readonly at: Origin;
  readonly expression: string;
  readonly near: readonly string[];
  readonly known: readonly string[];
}): Diagnostic {
  const [nearest] = near;
  const there = known.slice(0, 10).map((one) => `\`${one}\``);
  const otherwise = there.length > 0 ? `there is ${either(there)}` : "correct the pointer, or the response's schema";
  return error("BINDING_NOT_FOUND", {
    at,
    message: `${quote(expression)} points at nothing`,
    help: nearest === undefined ? otherwise : `write \`${nearest}\``,
  });
}

/** What an expression stands for cannot be what is wanted there. */
export function bindingType({
  at,
  expression,
  got,
  wanted,
  origin,
}: {
  readonly at: Origin;
  readonly expression: string;
  readonly got: string;
  readonly wanted: string;
  readonly origin?: Origin;
}): Diagnostic {
  return error("BINDING_TYPE", {
    at,
    message: `${quote(expression)} is ${article(got)}, and ${article(wanted)} is wanted`,
    help: "point at another part of it, or bind something else",
    notes: origin ? [{ at: origin, message: "what is wanted is described here" }] : [],
  });
}

/** `array or null` → `a list or null` */
function article(types: string): string {
  const type = types.replace("array", "list");
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
