import type { Collections } from "./collections.ts";
import type { Row } from "./row.ts";
import { fillPattern } from "./pattern.ts";
import type { IncludeRule } from "./sandbox-file.ts";

/** How an operation shows an object: what it hides, and what `include` may add. */
export interface Shown {
  readonly include?: Readonly<Record<string, IncludeRule>> | undefined;
  readonly hide?: readonly string[] | undefined;
  /** Includes that are there without being asked for. */
  readonly shown: readonly string[];
}

/** The row of a collection as the answer shows it, with the objects that were asked for. The row itself is left alone. */
export function show(
  row: Row,
  collection: string,
  { include, hide, shown }: Shown,
  asked: readonly string[],
  collections: Collections,
): Row {
  const out: Row = { ...row };
  for (const field of [...(hide ?? []), ...Object.keys(include ?? {})]) delete out[field];
  for (const name of [...shown, ...asked]) {
    const rule = include?.[name];
    if (rule) out[name] = included(name, row, rule, { collection, collections }) ?? null;
  }
  return out;
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
  if (rule.many !== undefined) {
    const key = row[collections.rule(collection).key];
    const found = collections.all(rule.many).filter((other) => other[rule.where ?? ""] === key);
    return found.slice(0, rule.most).map(pick);
  }
  return row[name] ?? fillPattern(rule.value, row);
}
