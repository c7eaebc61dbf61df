import type { Collections, Row } from "./collections.ts";
import { fillPattern } from "./pattern.ts";
import type { IncludeRule } from "./sandbox-file.ts";

/** How an operation shows a row: what it hides, and what `include` may add. */
export interface Shown {
  readonly include?: Readonly<Record<string, IncludeRule>> | undefined;
  readonly hide?: readonly string[] | undefined;
}

/** The row as the answer shows it, with the objects that were asked for. The row itself is left alone. */
export function show(row: Row, shown: Shown, asked: readonly string[], collections: Collections): Row {
  const out: Row = { ...row };
  for (const field of [...(shown.hide ?? []), ...Object.keys(shown.include ?? {})]) delete out[field];
  for (const name of asked) {
    const rule = shown.include?.[name];
    if (rule) out[name] = included(row, row[name], rule, collections) ?? null;
  }
  return out;
}

function included(row: Row, stored: unknown, rule: IncludeRule, collections: Collections): unknown {
  const pick = (found: Row) => (rule.pick ? fillPattern(rule.pick, found) : found);
  if (rule.one !== undefined) {
    const found = collections.find(rule.one, collections.keyOf(rule.one), row[rule.by ?? ""]);
    return found && pick(found);
  }
  if (rule.many !== undefined) {
    const key = Object.values(row)[0];
    const found = collections.all(rule.many).filter((other) => other[rule.where ?? ""] === (row["id"] ?? key));
    return found.slice(0, rule.most).map(pick);
  }
  return rule.value === undefined ? stored : fillPattern(rule.value, row);
}
