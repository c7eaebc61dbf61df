import { type Answer, refuse } from "./answer.ts";
import type { Collections } from "./collections.ts";
import { holds } from "./condition.ts";
import type { EffectRule, NeedRule, RefusalRule } from "./grammar/common.ts";
import { ParameterError } from "./parameters.ts";
import { fillPattern, type PatternScope } from "./pattern.ts";
import { isRow, type Row } from "./row.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import { chosenError } from "./situation.ts";

/**
 * Objects that must exist for an operation to make sense; undefined when one that the address names does not.
 *
 * @throws {ParameterError} when it is the body that names one that does not exist.
 */
export function needed(
  needs: readonly NeedRule[] | undefined,
  scope: PatternScope,
  collections: Collections,
): Record<string, Row> | undefined {
  const found: Record<string, Row> = {};
  for (const { collection, key, as } of needs ?? []) {
    const row = collections.find(collection, collections.rule(collection).key, fillPattern(key, scope));
    const [, field] = /^\{(?:body|args)\.([^{}]+)\}$/.exec(String(key)) ?? [];
    if (!row && field !== undefined) throw new ParameterError(field, `There is no such ${as.replaceAll("_", " ")}`);
    if (!row) return undefined;
    found[as] = row;
  }
  return found;
}

/** The refusal of the first rule that fits. */
export function refused(
  rules: readonly RefusalRule[] | undefined,
  scope: PatternScope,
  file: SandboxFile,
): Answer | undefined {
  const rule = rules?.find(({ when }) => holds(when, scope));
  return rule && refuse(chosenError(file, rule.error), scope);
}

/** Writes what an operation changes beside its own object. */
export function affect(rules: readonly EffectRule[] | undefined, scope: PatternScope, collections: Collections): void {
  for (const rule of rules ?? []) {
    const items = rule.each === undefined ? [undefined] : fillPattern(rule.each, scope);
    for (const item of Array.isArray(items) ? items : []) {
      const own = { ...scope, item };
      if (holds(rule.when, own)) affectOne(rule, own, collections);
    }
  }
}

function affectOne(rule: EffectRule, scope: PatternScope, collections: Collections): void {
  if ("add" in rule) return void collections.add(rule.add, rowOf(fillPattern(rule.fields, scope)));
  const { key } = collections.rule(rule.change);
  const row = collections.find(rule.change, key, fillPattern(rule.by, scope));
  const fields = rowOf(fillPattern(rule.set, scope));
  if (row && Object.keys(fields).length > 0) collections.change(rule.change, row, fields);
}

function rowOf(value: unknown): Row {
  return isRow(value) ? value : {};
}
