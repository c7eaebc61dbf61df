import type { Row } from "./row.ts";
import { isOn, ParameterError } from "./parameters.ts";
import { fillPattern } from "./pattern.ts";
import type { ListOperation } from "./grammar/list.ts";
import type { SandboxFile } from "./sandbox-file.ts";

/** One page of rows, with what the answer says of the others. */
export interface Page {
  readonly rows: readonly Row[];
  /** Members beside the list: the total, or a meta object. */
  readonly beside: Row;
  /** Number of the next page, told in a Link header. */
  readonly next: number | undefined;
}

/**
 * Cuts one page out of the rows, by the operation's paging rule.
 *
 *     65 rows, link, page=2, per_page=30  → rows 31 to 60, next 3
 *     65 rows, total, page=3              → rows 61 to 65, { total: 65 }
 */
export function cut(
  rows: readonly Row[],
  { page: rule, fixed }: Pick<ListOperation, "page" | "fixed">,
  query: Readonly<Record<string, unknown>>,
  paging: SandboxFile["paging"],
): Page {
  if (rule === "none") return { rows, beside: {}, next: undefined };
  if (typeof rule === "object" && "meta" in rule && rule.when !== undefined && !isOn(query[rule.when])) {
    const most = Math.min(Number(query[rule.count ?? ""] ?? Infinity), rule.most ?? Infinity);
    return {
      rows: rows.slice(0, most),
      beside: fillPattern(rule.meta, { total: rows.length }) as Row,
      next: undefined,
    };
  }
  const isFixed = fixed?.when.some((name) => query[name] !== undefined) === true;
  const page = Number(query[paging.page] ?? 1);
  if (isFixed && page > fixed.pages) throw new ParameterError(paging.page, `there is no page after ${fixed.pages}`);
  const asked = typeof rule === "object" && "total" in rule ? rule.size : Number(query[paging.size] ?? paging.default);
  const size = isFixed ? fixed.size : asked;
  const start = (page - 1) * size;
  const slice = rows.slice(start, start + size);
  if (rule === "link") {
    const more = !isFixed && start + size < rows.length;
    return { rows: slice, beside: {}, next: more ? page + 1 : undefined };
  }
  if ("total" in rule) return { rows: slice, beside: { [rule.total]: rows.length }, next: undefined };
  const facts = { total: rows.length, pages: Math.ceil(rows.length / size), page, size };
  return { rows: slice, beside: fillPattern(rule.meta, facts) as Row, next: undefined }; // an object stays an object
}
