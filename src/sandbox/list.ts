import { same } from "./condition.ts";
import type { Collections } from "./collections.ts";
import type { Row } from "./row.ts";
import { readMoment } from "./moment.ts";
import { isOn, ParameterError, type Parameters } from "./parameters.ts";
import { fillPattern, type PatternScope, read } from "./pattern.ts";
import { type FieldReader, parseQuery, type Predicate } from "./query-language.ts";
import type { ListOperation, WhereRule } from "./grammar/list.ts";
import type { SandboxFile } from "./sandbox-file.ts";

/** What a list is selected from, and when. */
export interface Selecting {
  readonly collections: Collections;
  readonly language: SandboxFile["language"];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What patterns of `only` speak of. */
  readonly scope?: PatternScope;
}

/** What selects and orders rows: of an operation, or of a field of GraphQL. */
export type Selection = Pick<ListOperation, "list" | "where" | "only" | "sort" | "window">;

/** Rows that a list operation answers with, over all pages, in its order. */
export function select(operation: Selection, parameters: Parameters, at: Selecting): readonly Row[] {
  let rows = at.collections.all(operation.list);
  for (const [field, wanted] of Object.entries(operation.only ?? {}))
    rows = rows.filter(equals(field, fillPattern(wanted, at.scope ?? {})));
  const { window, sort } = operation;
  if (window && !window.unless.some((name) => parameters.query[name] !== undefined)) {
    const from = at.now - window.days * 86_400_000;
    rows = rows.filter((row) => readMoment(row[window.field]) >= from);
  }
  for (const [name, rule] of Object.entries(operation.where ?? {})) {
    const value = parameters[rule.in]?.[name] ?? rule.default;
    if (value === undefined || value === rule.any) continue;
    const field = String(fillPattern(rule.field ?? name, { ...parameters }));
    rows = rows.filter(condition(name, value, { ...rule, field }, { ...at, collection: operation.list }));
  }
  return sort ? sorted(rows, sort, parameters) : rows;
}

/** Rows in the order that the rule says, and the parameters that it names. */
export function sorted(
  rows: readonly Row[],
  { by, parameter, field, descending, direction }: NonNullable<ListOperation["sort"]>,
  { query }: Parameters = { path: {}, query: {} },
): readonly Row[] {
  const key = String(query[field ?? ""] ?? by);
  // Who names the field and has a parameter for the other way round gets the first way round.
  const named = query[field ?? ""] !== undefined && descending !== undefined;
  const asked = query[parameter ?? ""] ?? (named ? "asc" : direction);
  const switched = query[descending ?? ""];
  const sign = (switched === undefined ? asked === "asc" : !isOn(switched)) ? 1 : -1;
  return [...rows].sort((a, b) => sign * order(read(key, a), read(key, b)));
}

function equals(field: string, wanted: unknown): Predicate {
  return (row) => same(row[field], wanted);
}

function condition(
  name: string,
  value: unknown,
  rule: WhereRule,
  at: Selecting & { readonly collection: string },
): Predicate {
  const field = rule.field ?? name;
  if (rule.cases) {
    const query = rule.cases[String(value)];
    return query === undefined ? () => true : language(name, query, readerOf({}, at));
  }
  switch (rule.op) {
    case "language":
      return language(name, unquote(name, String(value), at.language), readerOf(rule, at));
    case "search":
      return search(rule.fields ?? [field], String(value));
    case ">=": {
      const from = readMoment(value);
      const date = dateOf(field, at);
      return (row) => readMoment(date(row)) >= from;
    }
    case "<=": {
      const to = readMoment(value);
      const date = dateOf(field, at);
      return (row) => readMoment(date(row)) <= to;
    }
    case "in": {
      const wanted = new Set(
        (Array.isArray(value) ? value : String(value).split(",")).map((one) => String(one).trim()),
      );
      return (row) => wanted.has(String(read(field, row) ?? ""));
    }
    case "=": {
      const { through } = rule;
      const found = through && at.collections.find(through.collection, through.match, value);
      const wanted = through ? found?.[through.give] : value;
      return (row) => wanted !== undefined && String(read(field, row) ?? "") === String(wanted);
    }
  }
}

/** A date by its field, or by the name that the vendor's parameters have for it. */
function dateOf(field: string, at: Selecting & { readonly collection: string }): (row: Row) => unknown {
  const alias = at.collections.rule(at.collection).named?.[field];
  return (alias === undefined ? undefined : readerOf({}, at)(field)) ?? ((row) => row[field]);
}

/** Every word stands somewhere in the fields, in whatever case. */
function search(fields: readonly string[], text: string): Predicate {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    const texts = fields.map((path) => String(read(path, row) ?? "").toLowerCase());
    return words.every((word) => texts.some((within) => within.includes(word)));
  };
}

/** How queries over a collection read a name: one of those the rule allows, or any field when it names none. */
function readerOf(
  { fields, custom }: Pick<WhereRule, "fields" | "custom">,
  { collections, collection }: Selecting & { readonly collection: string },
): FieldReader {
  const named = new Map(Object.entries(collections.rule(collection).named ?? {}));
  const isCustom = (name: string) =>
    custom !== undefined && collections.all(collection).some((row) => Object.hasOwn(Object(row[custom]), name));
  return (name) => {
    const alias = named.get(name);
    const allowed = fields ? fields.includes(name) : alias !== undefined || collections.has(collection, name);
    if (!allowed) return isCustom(name) ? (row) => read(`${custom}.${name}`, row) : undefined;
    if (alias === undefined) return (row) => row[name];
    if (typeof alias === "string") return (row) => fillPattern(alias, row);
    const { one, by, value } = alias;
    return (row) => fillPattern(value, collections.find(one, collections.rule(one).key, row[by] ?? undefined) ?? {});
  };
}

/** A query stands in literal quotes; without them the vendor refuses it. */
function unquote(name: string, value: string, language: SandboxFile["language"]): string {
  const { quote = "", maxLength = Infinity } = language ?? {};
  if (!value.startsWith(quote) || !value.endsWith(quote) || value.length < 2 * quote.length)
    throw new ParameterError(name, `must stand in ${quote} quotes`);
  const inner = value.slice(quote.length, value.length - quote.length);
  if (inner.length > maxLength) throw new ParameterError(name, `is longer than ${maxLength} characters`);
  return inner;
}

function language(name: string, text: string, reader: FieldReader): Predicate {
  try {
    return parseQuery(text, reader);
  } catch (error) {
    throw new ParameterError(name, error instanceof Error ? error.message : String(error));
  }
}

function order(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), "en");
}
