import { compile } from "@jmespath-community/jmespath";
import type { Result, TextRule } from "../../definition/call.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidJmespath, listWithoutPaging, resultNotFound, unknownResultField } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import { answerOf, follow, item, missingField, propertyNames, type AnswerSchema } from "./answer-schema.ts";
import type { Route, ToolContext } from "./context.ts";
import { bodyExpression, itemPointers } from "./pagination.ts";

/** Decides what of the answer the model gets, and checks each field against the description's answer. */
export function planResult(context: ToolContext, routes: readonly Route[]): Result {
  const { tool, report } = context;
  const settings = tool.settings.result ?? {};
  const at = within(tool.origin, "result");
  const pages = routes.some(({ pagination }) => pagination);
  if (pages && settings.value !== undefined) report(listWithoutPaging({ at: keyOf(within(at, "value")), paged: true }));
  if (!pages && settings.items !== undefined)
    report(listWithoutPaging({ at: keyOf(within(at, "items")), paged: false }));
  if (settings.project !== undefined) checkProjection(context, settings.project, within(at, "project"));

  const values = routes.flatMap((route) => valueOf(context, route, at) ?? []);
  for (const [index, field] of (settings.fields ?? []).entries())
    checkField(context, values, field, within(at, "fields", index));
  const text = Object.entries(settings.text ?? {}).map(([path, rule]): TextRule => {
    checkField(context, values, path, keyOf(within(at, "text", path)));
    return {
      at: path,
      ...(rule.html && { html: true }),
      ...(rule.max_chars !== undefined && { maxChars: rule.max_chars }),
    };
  });
  return {
    ...(!pages && settings.value !== undefined && settings.value !== "" && { value: bodyExpression(settings.value) }),
    ...(settings.fields && { fields: settings.fields }),
    ...(settings.project !== undefined && { project: settings.project }),
    ...(text.length > 0 && { text }),
    ...(settings.keep_nulls && { keepNulls: true }),
  };
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
  const pointer = context.tool.settings.result?.value ?? "";
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

function checkProjection({ report }: ToolContext, project: string, at: Origin): void {
  try {
    compile(project);
  } catch (cause) {
    report(invalidJmespath({ at, reason: cause instanceof Error ? cause.message : "it does not parse" }));
  }
}
