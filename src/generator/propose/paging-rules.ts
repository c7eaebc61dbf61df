import type { PaginationSettings } from "../tools-file/pagination-schema.ts";
import type { FoundPaging } from "./paging.ts";

const KINDS = ["pages", "offset", "cursor", "whole"];

/** Names each rule of paging once, so that the tools can share it: the most used of a kind is `pages`, the next one `pages_2`. */
export function nameRules(found: readonly FoundPaging[]): {
  readonly rules: Readonly<Record<string, PaginationSettings>>;
  readonly nameOf: (paging: FoundPaging) => string | undefined;
} {
  const uses = new Map<string, { readonly kind: string; readonly rule: PaginationSettings; count: number }>();
  for (const paging of found) {
    if (!paging.rule) continue;
    const key = JSON.stringify(paging.rule);
    const use = uses.get(key) ?? { kind: paging.kind, rule: paging.rule, count: 0 };
    use.count += 1;
    uses.set(key, use);
  }
  const ranked = [...uses].sort(
    ([a, one], [b, other]) =>
      KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || other.count - one.count || (a < b ? -1 : 1),
  );
  const names = new Map<string, string>();
  const numbers = new Map<string, number>();
  for (const [key, { kind }] of ranked) {
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    names.set(key, number === 1 ? kind : `${kind}_${number}`);
  }
  const rules = Object.fromEntries(ranked.map(([key, { rule }]) => [names.get(key) ?? "", rule]));
  return { rules, nameOf: ({ rule }) => (rule ? names.get(JSON.stringify(rule)) : undefined) };
}
