import { compile } from "@jmespath-community/jmespath";
import type { SchemaObject } from "../../definition/catalog.ts";
import type { Template } from "../../definition/template.ts";
import type { Result, TextRule } from "../../definition/call.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidJmespath, listWithoutPaging, resultNotFound, unknownResultField } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { ResultSettings } from "../tools-file/result-schema.ts";
import { answerOf, follow, item, missingField, propertyNames, type AnswerSchema, type Found } from "./answer-schema.ts";
import { type Names, typeOfText } from "./bindings.ts";
import type { Route, ToolContext } from "./context.ts";
import { bindingTemplate } from "./fillings.ts";
import { same } from "./merge-all-of.ts";
import { bodyExpression, itemPointers } from "./pagination.ts";
import type { Unit } from "./units.ts";

/** Decides what of the answer the model gets, and checks each field against the description's answer. */
export function planResult(context: ToolContext, units: readonly Unit[], names: Names): Result {
  const { tool, report } = context;
  const routes = units.at(-1)?.routes.map(({ route }) => route) ?? [];
  const settings = tool.settings.result ?? {};
  const at = within(tool.origin, "result");
  const pages = routes.some(({ pagination }) => pagination);
  if (pages && settings.value !== undefined) report(listWithoutPaging({ at: keyOf(within(at, "value")), paged: true }));
  if (!pages && settings.items !== undefined)
    report(listWithoutPaging({ at: keyOf(within(at, "items")), paged: false }));
  if (settings.project !== undefined) checkProjection(context, settings.project, within(at, "project"));

  const value = pages ? undefined : planValue(settings.value);
  const values = isPointer(settings.value)
    ? routes.flatMap((route) => valueOf(context, route, at) ?? [])
    : [typeOfTemplate(names, value ?? null, within(at, "value"))].filter((one) => typeof one !== "string");
  for (const [index, field] of (settings.fields ?? []).entries())
    checkField(context, values, field, within(at, "fields", index));
  const text = Object.entries(settings.text ?? {}).map(([path, rule]): TextRule => {
    // What a projection gives has names of its own.
    if (settings.project === undefined) checkField(context, values, path, keyOf(within(at, "text", path)));
    return {
      at: path,
      ...(rule.html && { html: true }),
      ...(rule.max_chars !== undefined && { maxChars: rule.max_chars }),
    };
  });
  return {
    ...(value !== undefined && { value }),
    ...(settings.fields && { fields: settings.fields }),
    ...(settings.project !== undefined && { project: settings.project }),
    ...(text.length > 0 && { text }),
    ...(settings.keep_nulls && { keepNulls: true }),
  };
}

/** A pointer into the answer, which is also what nothing at all means. */
function isPointer(value: ResultSettings["value"]): boolean {
  return value === undefined || value === "" || (typeof value === "string" && value.startsWith("/"));
}

function planValue(value: ResultSettings["value"]): Template | undefined {
  if (value === undefined || value === "") return undefined;
  return typeof value === "string" && value.startsWith("/") ? bodyExpression(value) : bindingTemplate(value);
}

/** What a template comes to: of a mapping the schema of an object. */
function typeOfTemplate(names: Names, template: Template, at: Origin): Found {
  if (typeof template === "string") return typeOfText(names, template, at);
  if (typeof template !== "object" || template === null) return "unknown";
  const members = Object.entries(template).map(
    ([name, member]) => [name, typeOfTemplate(names, member, within(at, name))] as const,
  );
  if (Array.isArray(template)) return "unknown";
  const known = members.filter((member): member is [string, AnswerSchema] => typeof member[1] !== "string");
  const definitions: Record<string, SchemaObject> = {};
  const properties: Record<string, SchemaObject> = Object.fromEntries(members.map(([name]) => [name, {}]));
  for (const [name, { schema, definitions: own }] of known) {
    const clash = Object.entries(own).some(
      ([key, one]) => definitions[key] !== undefined && !same(definitions[key], one),
    );
    if (clash) continue; // two descriptions call two things alike: of this one nothing is known then
    Object.assign(definitions, own);
    properties[name] = schema;
  }
  return { schema: { type: "object", properties }, definitions };
}

/** The schema of the value, or of one item of a list; undefined when the description leaves it open or it does not exist. */
function valueOf(context: ToolContext, route: Route, at: Origin): AnswerSchema | undefined {
  const answer = answerOf(route.operation);
  if (!answer) return undefined;
  if (route.pagination) {
    const lists = (itemPointers(context, route) ?? []).map((pointer) => follow(answer, pointer));
    const items = lists.map((list) => (typeof list === "string" ? list : item(list)));
    return items.find((one) => typeof one !== "string");
  }
  const written = context.tool.settings.result?.value;
  const pointer = typeof written === "string" ? written : "";
  const value = follow(answer, pointer);
  if (value === "nothing") {
    const names = propertyNames(answer).map((name) => `/${name}`);
    context.report(resultNotFound({ at: within(at, "value"), pointer, near: nearest(pointer, names) }));
  }
  return typeof value === "string" ? undefined : value;
}

/** A field must exist in the answer of at least one route. */
function checkField({ report }: ToolContext, values: readonly AnswerSchema[], field: string, at: Origin): void {
  const misses = values.map((value) => missingField(value, field));
  const [miss] = misses;
  if (!miss || misses.includes(undefined)) return;
  const name = field.slice(miss.prefix.length).split(".")[0] ?? field;
  const near = nearest(name.replace(/\[\]$/, ""), miss.known).map((one) => ({
    name: field.replace(name, name.endsWith("[]") ? `${one}[]` : one),
  }));
  report(unknownResultField({ at, field, near }));
}

/** Whether a projection can be read at all. */
export function checkProjection({ report }: ToolContext, project: string, at: Origin): void {
  try {
    compile(project);
  } catch (cause) {
    report(invalidJmespath({ at, reason: cause instanceof Error ? cause.message : "it does not parse" }));
  }
}
