import { parseTemplate, type Template } from "../../definition/template.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { bindingType } from "../../diagnostics/messages.ts";
import type { Found } from "./answer-schema.ts";
import { checkTemplate, type Names, typeOfText } from "./bindings.ts";
import { openSchema } from "./inline-schema.ts";
import { typesOf } from "./schema.ts";
import type { Source } from "./sources.ts";

/** A parameter or a property of a body that has a value of its own. */
export interface Bound {
  readonly source: Source;
  readonly template: Template;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
  /** Where the value stands. */
  readonly at: Origin;
}

/**
 * Checks what a parameter is bound to: that everything named is there, and that its type can be sent.
 *
 *     a list for a text → BINDING_TYPE; a number in a path or a query, which are texts anyway → nothing
 */
export function checkBound(names: Names, { source, template, definitions, at }: Bound): void {
  if (typeof template !== "string") {
    checkTemplate(names, template, at);
    return;
  }
  const got = kindsOf(typeOfText(names, template, at));
  if (typeof template !== "string" || !holdsExpression(template)) return;
  const wanted = typesOf(openSchema(source.schema, definitions));
  if (got.length === 0 || wanted.length === 0 || source.file) return;
  const fits =
    source.in === "body" ? got.some((type) => wanted.some((one) => isLike(type, one))) : sameShape(got, wanted);
  if (fits) return;
  const said = { got: got.join(" or "), wanted: wanted.join(" or ") };
  names.report(bindingType({ at, expression: template, ...said, origin: source.origin }));
}

function kindsOf(found: Found): readonly string[] {
  if (typeof found === "string") return [];
  return typesOf(openSchema(found.schema, found.definitions)).filter((type) => type !== "null");
}

const NUMBERS: ReadonlySet<string> = new Set(["integer", "number"]);

function isLike(type: string, wanted: string): boolean {
  return type === wanted || (NUMBERS.has(type) && NUMBERS.has(wanted));
}

/** In a URL or a header all single values are texts; a list is written in its style, an object seldom means anything. */
function sameShape(got: readonly string[], wanted: readonly string[]): boolean {
  const shape = (type: string): string => (type === "array" || type === "object" ? type : "value");
  return got.some((type) => wanted.some((one) => shape(one) === shape(type) || one === "array"));
}

/** A constant is the author's own business. */
function holdsExpression(template: string): boolean {
  try {
    return parseTemplate(template).some((part) => typeof part !== "string" && part.from !== "env");
  } catch {
    return false; // reported already
  }
}
