import { type Expression, ExpressionError, parseTemplate, type Template } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import {
  bindingNotFound,
  bindingType,
  invalidExpression,
  stepNotBefore,
  unknownInput,
  unknownOutput,
  unknownStep,
} from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { type AnswerSchema, follow, type Found, propertyNames } from "./answer-schema.ts";
import type { Report } from "./context.ts";

/** What the expressions at a place may name, and what is known of it. */
export interface Names {
  readonly report: Report;
  readonly tool: string;
  readonly inputs: ReadonlyMap<string, Found>;
  /** Takes the arguments that are named. */
  readonly used: Set<string>;
  /** All steps of the tool, in order. */
  readonly steps: readonly NamedStep[];
  /** Steps that have ended when the expressions are looked up: those before this number. */
  readonly position: number;
  /** The step's own answer; undefined: there is none yet. */
  readonly answer: Found | undefined;
  /** Values of a session, while it is begun or renewed. */
  readonly credentials: readonly string[];
}

/** A step by its id, with what it hands on. */
export interface NamedStep {
  readonly stepId: string;
  readonly origin: Origin;
  readonly outputs: ReadonlyMap<string, Found>;
}

const FILE_PARTS = ["/name", "/extension", "/type", "/size", "/base64", "/bytes"];

/** Checks every expression of a template: that it is one, and that what it names is there. */
export function checkTemplate(names: Names, template: Template, at: Origin): void {
  if (typeof template === "string") {
    for (const part of partsOf(names, template, at)) if (typeof part !== "string") typeOf(names, part, at);
    return;
  }
  if (typeof template !== "object" || template === null) return;
  for (const [key, member] of Object.entries(template)) checkTemplate(names, member, within(at, key));
}

/** What the whole of a text stands for: what its one expression does, otherwise a text. */
export function typeOfText(names: Names, text: string, at: Origin): Found {
  const parts = partsOf(names, text, at);
  const types = parts.map((part) => (typeof part === "string" ? part : typeOf(names, part, at)));
  const [only] = types;
  const alone = parts.length === 1 && typeof parts[0] !== "string" && !text.startsWith("{");
  if (parts.length === 0) return "unknown";
  return alone && only !== undefined && typeof only !== "undefined" ? (only as Found) : TEXT; // an expression has a type
}

const TEXT: AnswerSchema = { schema: { type: "string" }, definitions: {} };
const WHOLE_NUMBER: AnswerSchema = { schema: { type: "integer" }, definitions: {} };

function partsOf({ report }: Names, text: string, at: Origin): readonly (string | Expression)[] {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    report(invalidExpression({ at, text, reason: error.message }));
    return [];
  }
}

/** What an expression stands for, as far as the descriptions say; what is not there is reported and then unknown. */
function typeOf(names: Names, expression: Expression, at: Origin): Found {
  switch (expression.from) {
    case "inputs":
      return typeOfInput(names, expression, at);
    case "steps":
      return typeOfOutput(names, expression, at);
    case "response.body":
      if (names.answer === undefined) return misplaced(names, "$response.body", at);
      return part(names, names.answer, { text: "$response.body", pointer: expression.pointer, at });
    case "response.header":
      return names.answer === undefined ? misplaced(names, `$response.header.${expression.name}`, at) : TEXT;
    case "statusCode":
      return names.answer === undefined ? misplaced(names, "$statusCode", at) : WHOLE_NUMBER;
    case "credentials":
      if (names.credentials.includes(expression.name)) return TEXT;
      return misplaced(names, `$credentials.${expression.name}`, at);
    case "page":
      return misplaced(names, `$page.${expression.part}`, at);
    case "env":
      return "unknown";
    case "uuid":
      return TEXT;
  }
}

function misplaced({ report }: Names, text: string, at: Origin): Found {
  const reason = text.startsWith("$page")
    ? "pages are filled by a rule under `pagination:`"
    : text.startsWith("$credentials")
      ? "no value of a credential is to be had here"
      : "there is no answer yet when this is looked up";
  report(invalidExpression({ at, text, reason: `"${text}" has no meaning here: ${reason}` }));
  return "unknown";
}

function typeOfInput(names: Names, { name, pointer, as }: Extract<Expression, { from: "inputs" }>, at: Origin): Found {
  names.used.add(name);
  const input = names.inputs.get(name);
  const known = [...names.inputs.keys()];
  if (input === undefined) {
    names.report(
      unknownInput({ at, tool: names.tool, name, near: nearest(name, known).map((one) => ({ name: one })), known }),
    );
    return "unknown";
  }
  const isFile = typeof input !== "string" && input.schema["x-toolwright"] === "file";
  if (as === "html") {
    const type = typeof input === "string" ? undefined : input.schema["type"];
    const got = isFile ? "file" : typeof type === "string" ? type : "string";
    if (got !== "string") names.report(bindingType({ at, expression: `$inputs.${name}:html`, got, wanted: "string" }));
    return TEXT;
  }
  if (isFile) {
    if (pointer !== "" && !FILE_PARTS.includes(pointer))
      notFound(names, `$inputs.${name}#`, { pointer, known: FILE_PARTS, at });
    return pointer === "/size" ? WHOLE_NUMBER : pointer === "" || pointer === "/bytes" ? "unknown" : TEXT;
  }
  return part(names, input, { text: `$inputs.${name}`, pointer, at });
}

function typeOfOutput(
  names: Names,
  { step: stepId, output, pointer }: Extract<Expression, { from: "steps" }>,
  at: Origin,
): Found {
  const { report, steps, position } = names;
  const index = steps.findIndex((one) => one.stepId === stepId);
  const step = steps[index];
  if (!step) {
    const known = steps.slice(0, position).map((one) => one.stepId);
    const near = nearest(stepId, known).map((name) => {
      const origin = steps.find((one) => one.stepId === name)?.origin;
      return { name, ...(origin && { at: keyOf(origin) }) };
    });
    report(unknownStep({ at, name: stepId, near, known }));
    return "unknown";
  }
  if (index >= position) {
    report(stepNotBefore({ at, name: stepId, step: step.origin }));
    return "unknown";
  }
  const found = step.outputs.get(output);
  if (found === undefined) {
    const known = [...step.outputs.keys()];
    const near = nearest(output, known).map((name) => ({ name, at: keyOf(within(step.origin, "outputs", name)) }));
    report(unknownOutput({ at, step: stepId, name: output, near, known }));
    return "unknown";
  }
  return part(names, found, { text: `$steps.${stepId}.outputs.${output}`, pointer, at });
}

interface Pointed {
  /** The expression without its pointer. */
  readonly text: string;
  readonly pointer: string;
  readonly at: Origin;
}

function part(names: Names, whole: Found, { text, pointer, at }: Pointed): Found {
  if (typeof whole === "string") return "unknown";
  const found = follow(whole, pointer);
  if (found !== "nothing") return found;
  const tokens = pointer.split("/").slice(1);
  // The longest beginning that is there tells what could have been meant.
  for (let length = tokens.length - 1; length >= 0; length--) {
    const prefix = tokens
      .slice(0, length)
      .map((token) => `/${token}`)
      .join("");
    const there = follow(whole, prefix);
    if (typeof there === "string") continue;
    const known = propertyNames(there).map((name) => `${prefix}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    notFound(names, `${text}#`, { pointer, known, at });
    return "unknown";
  }
  notFound(names, `${text}#`, { pointer, known: [], at });
  return "unknown";
}

function notFound(
  { report }: Names,
  text: string,
  { pointer, known, at }: { readonly pointer: string; readonly known: readonly string[]; readonly at: Origin },
): void {
  const near = nearest(pointer, known).map((one) => text + one);
  report(bindingNotFound({ at, expression: text + pointer, near, known: known.map((one) => text + one) }));
}
