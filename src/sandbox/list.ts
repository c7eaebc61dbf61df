import type { Collections, Row } from "./collections.ts";
import { fillPattern, read } from "./pattern.ts";
import { parseQuery, type Predicate } from "./query-language.ts";
import type { ListOperation, SandboxFile, WhereRule } from "./sandbox-file.ts";

/** The parameters of a request, parsed and typed. */
export interface Parameters {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A parameter has the right type and a wrong value. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** Rows that a list operation answers with, over all pages, in its order. */
export function select(
  operation: ListOperation,
  parameters: Parameters,
  collections: Collections,
  file: SandboxFile,
  now: number,
): readonly Row[] {
  let rows = collections.all(operation.list);
  for (const [field, wanted] of Object.entries(operation.only ?? {}))
    rows = rows.filter((row) => row[field] === wanted);
  const { window, sort } = operation;
  if (window && !window.unless.some((name) => parameters.query[name] !== undefined)) {
    const from = new Date(now - window.days * 86_400_000).toISOString();
    rows = rows.filter((row) => String(row[window.field]) >= from);
  }
  for (const [name, rule] of Object.entries(operation.where ?? {})) {
    const value = parameters[rule.in][name] ?? rule.default;
    if (value === undefined || value === rule.any) continue;
    const fits = condition(name, value, rule, { operation, collections, file });
    rows = rows.filter(fits);
  }
  if (!sort) return rows;
  const asked = sort.parameter === undefined ? undefined : parameters.query[sort.parameter];
  const sign = (asked ?? sort.direction) === "asc" ? 1 : -1;
  return [...rows].sort((a, b) => sign * order(read(sort.by, a), read(sort.by, b)));
}

function condition(
  name: string,
  value: unknown,
  rule: WhereRule,
  at: { readonly operation: ListOperation; readonly collections: Collections; readonly file: SandboxFile },
): Predicate {
  const field = rule.field ?? name;
  const query = (text: string) => language(name, text, at.collections.fields(at.operation.list), at.file);
  if (rule.cases) return query(rule.cases[String(value)] ?? "");
  if (rule.op === "language") return query(unquote(name, String(value), at.file));
  if (rule.op === "search") {
    const words = String(value).toLowerCase().split(/\s+/).filter(Boolean);
    const fields = rule.fields ?? [field];
    return (row) => {
      const text = fields
        .map((path) => String(read(path, row) ?? ""))
        .join("\n")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    };
  }
  const { through } = rule;
  const wanted = through ? at.collections.find(through.collection, through.match, value)?.[through.give] : value;
  if (rule.op === "contains") return (row) => Array.isArray(row[field]) && row[field].includes(wanted);
  if (rule.op === ">=") {
    const from = new Date(Date.parse(String(wanted))).toISOString();
    return (row) => String(row[field]) >= from;
  }
  return (row) => wanted !== undefined && String(read(field, row) ?? "") === String(wanted);
}

/** A query stands in literal quotes; without them the vendor refuses it. */
function unquote(name: string, value: string, file: SandboxFile): string {
  const quote = file.language?.quote ?? "";
  if (!value.startsWith(quote) || !value.endsWith(quote) || value.length < 2 * quote.length) {
    throw new ParameterError(name, `must stand in ${quote || "no"} quotes`);
  }
  const inner = value.slice(quote.length, value.length - quote.length);
  if (inner.length > (file.language?.maxLength ?? Infinity)) throw new ParameterError(name, "is too long");
  return inner;
}

function language(name: string, text: string, known: ReadonlySet<string>, file: SandboxFile): Predicate {
  try {
    return parseQuery(text, known, file.language?.aliases);
  } catch (error) {
    throw new ParameterError(name, error instanceof Error ? error.message : String(error));
  }
}

function order(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en");
}

/** One page of rows, with what the answer says of the others. */
export interface Page {
  readonly rows: readonly Row[];
  /** Members beside the list: the total, or a meta object. */
  readonly beside: Row;
  /** Number of the next page, told in a Link header. */
  readonly next: number | undefined;
}

/** Cuts one page out of the rows by the operation's paging rule. */
export function cut(rows: readonly Row[], operation: ListOperation, query: Readonly<Record<string, unknown>>): Page {
  const rule = operation.page;
  if (rule === "none") return { rows, beside: {}, next: undefined };
  const fixed = operation.fixed?.find(({ when }) => query[when] !== undefined);
  const page = Number(query["page"] ?? 1);
  const size = fixed?.size ?? Number(rule.by === "total" ? rule.size : (query["per_page"] ?? rule.size));
  if (fixed && page > fixed.pages) throw new ParameterError("page", `there is no page after ${fixed.pages}`);
  const start = (page - 1) * size;
  const slice = rows.slice(start, start + size);
  const more = start + size < rows.length;
  if (rule.by === "total") return { rows: slice, beside: { [rule.total]: rows.length }, next: undefined };
  if (rule.by === "meta") {
    const facts = { total: rows.length, pages: Math.ceil(rows.length / size), page };
    return { rows: slice, beside: fillPattern(rule.meta, facts) as Row, next: undefined }; // Fields are an object
  }
  return { rows: slice, beside: {}, next: more && !fixed ? page + 1 : undefined };
}
