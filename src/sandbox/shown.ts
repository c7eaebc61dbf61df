import type { IncludeRule } from "./grammar/common.ts";
import { rulesOf, show, type Shown } from "./include.ts";
import { isOn } from "./parameters.ts";
import type { Row } from "./row.ts";
import type { Situation } from "./situation.ts";

/** How an operation shows an object, by its file. */
interface Shape extends Shown {
  readonly as?: string | undefined;
  readonly detail?: { readonly when: string; readonly fields: readonly string[] } | undefined;
}

/** Shows rows of a collection as an operation does, by what the request asks for. */
export function showing(shape: Shape, collection: string, at: Situation): (row: Row) => Row {
  const { query } = at.parameters;
  const switched = Object.entries(shape.include ?? {}).flatMap(([name, rules]) => (isAsked(rules, query) ? name : []));
  const { detail } = shape;
  const without = detail && !isOn(query[detail.when]) ? detail.fields : [];
  const narrowed = { ...shape, hide: [...(shape.hide ?? []), ...without] };
  return (row) => show(row, collection, narrowed, [...at.asked, ...switched], at.collections);
}

/** Puts what is shown into its envelope, if it has one. */
export function enveloped({ as }: Shape, shown: unknown, beside: Row = {}): unknown {
  return as === undefined ? shown : { ...beside, [as]: shown };
}

function isAsked(rules: IncludeRule | readonly IncludeRule[], query: Row): boolean {
  return rulesOf(rules).some(({ when }) => when !== undefined && isOn(query[when]));
}
