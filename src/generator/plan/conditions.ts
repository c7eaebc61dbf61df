import type { Criterion } from "../../definition/call.ts";
import type { ExpressionText } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidExpression, unknownParameter } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import type { ConditionSettings } from "../tools-file/condition-schema.ts";
import { isJson } from "../tools-file/criterion-schema.ts";
import { within } from "../tools-file/origin.ts";
import { checkTemplate, type Names } from "./bindings.ts";
import type { Filling } from "./fillings.ts";

/** `$a == 1`, as the runtime reads it: operators stand between spaces. */
const COMPARISON = /^(!?)(\$.+?)(?:\s+(==|!=|<=|>=|<|>)\s+(.+))?$/s;

/** Conditions, one or a list, with the place of each. */
export function planConditions(
  names: Names,
  fillings: readonly Filling[],
  written: readonly ConditionSettings[],
  at: Origin,
): Criterion | readonly Criterion[] | undefined {
  const planned = written.map((condition, index) =>
    planCondition(names, fillings, condition, written.length === 1 ? at : within(at, index)),
  );
  return planned.length <= 1 ? planned[0] : planned;
}

function planCondition(
  names: Names,
  fillings: readonly Filling[],
  condition: ConditionSettings,
  at: Origin,
): Criterion {
  if (typeof condition !== "string") {
    checkTemplate(names, condition.context, within(at, "context"));
    return { ...condition, context: condition.context as ExpressionText }; // the grammar lets only `$…` through
  }
  return condition
    .split("||")
    .map((choice) => planChoice(names, fillings, choice.trim(), at))
    .join(" || ");
}

/** `query` → `$inputs.query`, `!query` → `!$inputs.query`; the vendor's name of a renamed argument will do. */
function planChoice(names: Names, fillings: readonly Filling[], choice: string, at: Origin): string {
  const match = COMPARISON.exec(choice);
  if (match) {
    const [, , expression = "", , literal] = match;
    checkTemplate(names, expression, at);
    if (literal !== undefined && !isJson(literal)) {
      const reason = `${literal} is no JSON value: a text stands in double quotes`;
      names.report(invalidExpression({ at, text: choice, reason }));
    }
    return choice;
  }
  const bare = choice.replace(/^!/, "");
  const meant =
    (names.inputs.has(bare) ? bare : undefined) ??
    fillings.find(({ argument, source }) => argument !== undefined && source.name === bare)?.argument;
  if (meant === undefined) {
    const known = [...names.inputs.keys()];
    const near = nearest(bare, known).map((name) => ({ name }));
    names.report(unknownParameter({ at, name: bare, operation: `\`${names.tool}\``, near, known }));
  }
  names.used.add(meant ?? bare);
  return `${choice.startsWith("!") ? "!" : ""}$inputs.${meant ?? bare}`;
}
