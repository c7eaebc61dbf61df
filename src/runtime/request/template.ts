import { randomUUID } from "node:crypto";
import {
  type Expression,
  type PagePart,
  parseTemplate,
  type Template,
  type TemplateParts,
} from "../../definition/template.ts";
import { isFile } from "../file.ts";
import { Problem } from "../problem.ts";
import { filePart } from "./file-part.ts";
import { htmlText } from "./html.ts";
import { at } from "./pointer.ts";
import { scalarText } from "./scalar.ts";
import type { PagePosition, Scope } from "./types.ts";

/** Templates come from generated modules alone, so there are only so many. */
const parsed = new Map<string, TemplateParts>();

/**
 * Fills a template. What is filled in is data, whatever it looks like: it is never read as a template again.
 *
 *     { a: "$inputs.a", b: "$inputs.b" }  with inputs { a: 1 }  →  { a: 1 }
 *     "\"{$inputs.q}\""                   with inputs { q: "x" }  →  "\"x\""
 *
 * @returns `undefined` when the value is absent. Keys and array entries with absent values are dropped; a text with an absent
 * value in it is absent as a whole.
 */
export function fillTemplate(template: Template, scope: Scope): unknown {
  if (typeof template === "string") return fillText(template, scope);
  if (typeof template !== "object" || template === null) return template;
  if (isList(template)) {
    return template.map((entry) => fillTemplate(entry, scope)).filter((entry) => entry !== undefined);
  }
  const filled: [string, unknown][] = [];
  for (const [key, value] of Object.entries(template)) {
    const entry = fillTemplate(value, scope);
    if (entry !== undefined) filled.push([key, entry]);
  }
  return Object.fromEntries(filled);
}

/** The arguments that a template is filled from, each once. */
export function inputsOf(template: Template): readonly string[] {
  const names = expressionsOf(template).flatMap((expression) =>
    expression.from === "inputs" ? [expression.name] : [],
  );
  return [...new Set(names)];
}

/** Every expression in a template. */
export function expressionsOf(template: Template): readonly Expression[] {
  if (typeof template === "string") return partsOf(template).filter((part) => typeof part !== "string");
  return typeof template === "object" && template !== null ? Object.values(template).flatMap(expressionsOf) : [];
}

/** What an expression stands for; `undefined` when there is nothing. */
export function valueOf(expression: Expression, scope: Scope): unknown {
  switch (expression.from) {
    case "inputs":
      return inputPart(own(scope.inputs, expression.name), expression);
    case "steps": {
      const outputs = own(scope.steps, expression.step);
      return outputs === undefined ? undefined : at(own(outputs, expression.output), expression.pointer);
    }
    case "response.body":
      return at(scope.response?.body, expression.pointer);
    case "response.header":
      return scope.response?.headers.get(expression.name) ?? undefined;
    case "statusCode":
      return scope.response?.status;
    case "page":
      return scope.page && pagePart(scope.page, expression.part);
    case "env":
      return environmentValue(expression, own(scope.environment, expression.name) || expression.fallback); // an empty variable is one that is not set
    case "credentials":
      return scope.session && own(scope.session.values, expression.name);
    case "uuid":
      return scope.uuid ?? randomUUID();
  }
}

/** A variable as the kind of value that is wanted. @throws {Problem} `contract_error` when its text is none. */
function environmentValue({ name, as }: Extract<Expression, { from: "env" }>, text: string | undefined): unknown {
  if (as === undefined || text === undefined) return text;
  const value: unknown = /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(text) ? JSON.parse(text) : undefined;
  if (typeof value === as) return value;
  throw new Problem(
    "contract_error",
    `${name} must be a ${as}. It is set where this server runs; no other arguments will help.`,
  );
}

/** A part of an argument; what a file has is its own matter. */
function inputPart(value: unknown, { pointer, as }: Extract<Expression, { from: "inputs" }>): unknown {
  if (as === "html") return value === undefined ? undefined : htmlText(textOf(value));
  return isFile(value) ? filePart(value, pointer) : at(value, pointer);
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : scalarText(value);
}

function pagePart(page: PagePosition, part: PagePart): unknown {
  if (part === "index") return page.number - 1;
  return part === "start" ? page.offset + 1 : page[part];
}

/** The parts of a template text, parsed once. */
export function partsOf(text: string): TemplateParts {
  const known = parsed.get(text);
  if (known) return known;
  const parts = parseTemplate(text);
  parsed.set(text, parts);
  return parts;
}

function fillText(text: string, scope: Scope): unknown {
  const parts = partsOf(text);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== "string" && !text.startsWith("{")) {
    return valueOf(only, scope);
  }
  let filled = "";
  for (const part of parts) {
    if (typeof part === "string") {
      filled += part;
      continue;
    }
    const value = valueOf(part, scope);
    if (value === undefined) return undefined;
    filled += textOf(value);
  }
  return filled;
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template);
}

/** A member of its own: `constructor` and the like are not there unless somebody put them there. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
