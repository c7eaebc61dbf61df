import type { Collections } from "./collections.ts";
import { holds, same } from "./condition.ts";
import type { IncludeRule } from "./grammar/common.ts";
import { sorted } from "./list.ts";
import { fillPattern } from "./pattern.ts";
import type { Row } from "./row.ts";

/** How an operation shows an object: what it hides, and what `include` may add. */
export interface Shown {
  readonly include?: Readonly<Record<string, IncludeRule | readonly IncludeRule[]>> | undefined;
  readonly hide?: readonly string[] | undefined;
  /** The only fields that are shown; default all. */
  readonly fields?: readonly string[] | undefined;
  /** Includes that are there without being asked for. */
  readonly shown: readonly string[];
}

/** The row of a collection as the answer shows it, with the objects that were asked for. The row itself is left alone. */
export function show(
  row: Row,
  collection: string,
  { include, hide, fields, shown }: Shown,
  asked: readonly string[],
  collections: Collections,
): Row {
  const out: Row = { ...row };
  for (const field of [...(hide ?? []), ...Object.keys(include ?? {})]) delete out[field];
  if (fields) for (const field of Object.keys(out)) if (!fields.includes(field)) delete out[field];
  for (const name of [...shown, ...asked]) {
    const rules = rulesOf(include?.[name]);
    const rule = rules.find(({ if: fits = {} }) =>
      Object.entries(fits).every(([field, value]) => same(row[field], value)),
    );
    if (rules.length > 0) out[name] = (rule && included(name, row, rule, { collection, collections })) ?? null;
  }
  return out;
}

/** The rules of a field, told apart by their `if`. */
export function rulesOf(rules: IncludeRule | readonly IncludeRule[] | undefined): readonly IncludeRule[] {
  return rules === undefined ? [] : [rules].flat();
}

function included(
  name: string,
  row: Row,
  rule: IncludeRule,
  { collection, collections }: { readonly collection: string; readonly collections: Collections },
): unknown {
  const pick = (found: Row) => {
    const picked =
      rule.pick && Object.entries(rule.pick).map(([key, value]) => [key, fillPattern(value, found) ?? null]);
    return picked ? (Object.fromEntries(picked) as Row) : found;
  };
  if (rule.one !== undefined) {
    const found = collections.find(rule.one, collections.rule(rule.one).key, row[rule.by ?? ""] ?? undefined);
    return found && pick(found);
  }
  const several = rule.many ?? rule.all;
  if (several === undefined) return row[name] ?? fillPattern(rule.value, row);
  const key = row[collections.rule(collection).key];
  const found = collections
    .all(several)
    .filter((other) => rule.many === undefined || other[rule.where ?? ""] === key)
    .filter((other) => holds(rule.only, { row: other, parent: row }));
  const rows = (rule.sort ? sorted(found, rule.sort) : found).slice(0, rule.most).map(pick);
  return rule.wrap === undefined ? rows : fillPattern(rule.wrap, { rows, parent: row });
}
