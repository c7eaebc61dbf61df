import { didYouMean } from "../../definition/nearest.ts";
import { Problem } from "../problem.ts";

/** What a caller wants of a whole list, in the names of the fields that the model sees. */
export interface Arrangement {
  /** Field → what it must hold: a part of a text, exactly a number or a truth value, `null` for nothing. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  /** A field to sort by; with `-` before it the greatest comes first. */
  readonly sort?: string | undefined;
}

/** Names of fields that a problem lists at most. */
const MAX_NAMES = 40;
/** Characters of that list: names of fields are the vendor's. */
const MAX_CHARACTERS = 1_000;

/**
 * Narrows and orders a list that the vendor answers as a whole, as the model sees its items: `end: single` with `filter` and `sort`.
 *
 *     [{ Client: "Acorn", Opened: "2026-08-03" }, { Client: "Bluebird", … }, { Client: "Acorn", Opened: "2026-06-02" }]
 *       with { filter: { client: "acorn" }, sort: "Opened" }  →  the third, the first
 *
 * Capitals never count. Numbers in texts sort as numbers (`T9` before `T10`), which leaves ISO dates in their order; what has no value
 * comes last either way. Items that are equal stay in the vendor's order.
 *
 * @param seen What the model sees of an item.
 * @returns the vendor's items, not what is seen of them.
 * @throws {Problem} `invalid_arguments` for a name that no item has.
 */
export function arrange(
  items: readonly unknown[],
  seen: (item: unknown) => unknown,
  { filter = {}, sort }: Arrangement,
): readonly unknown[] {
  if (sort === undefined && Object.keys(filter).length === 0) return items;
  const rows = items.map((item) => ({ item, fields: fieldsOf(seen(item)) }));
  if (rows.length === 0) return [];
  const names = [...new Set(rows.flatMap(({ fields }) => [...fields.keys()]))];
  const wanted = Object.entries(filter).map(([name, value]) => [nameOf("filter", name, names), value] as const);
  const kept = rows.filter(({ fields }) => wanted.every(([name, value]) => fits(fields.get(name), value)));
  if (sort === undefined) return kept.map(({ item }) => item);
  const backwards = sort.startsWith("-") && !names.includes(sort);
  const by = nameOf("sort", backwards ? sort.slice(1) : sort, names);
  return kept
    .toSorted((one, other) => compare(one.fields.get(by), other.fields.get(by), backwards))
    .map(({ item }) => item);
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

/** The field that is meant: by its very name, otherwise by one that differs in capitals only. */
function nameOf(argument: string, name: string, names: readonly string[]): string {
  const found = names.includes(name) ? name : names.find((one) => one.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const listed = names.slice(0, MAX_NAMES).join(", ").slice(0, MAX_CHARACTERS);
  const rest = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  const hint = didYouMean(name, names);
  throw new Problem(
    "invalid_arguments",
    `${argument}: no item has a field "${name}"${hint === "" ? "." : hint} There are ${listed}${rest}. Write one of them as it stands.`,
    { arguments: [{ argument, message: `no item has a field "${name}"` }] },
  );
}

function fits(value: unknown, wanted: unknown): boolean {
  if (isBlank(wanted) || isBlank(value)) return isBlank(wanted) && isBlank(value);
  if (typeof wanted === "string") return textOf(value).toLowerCase().includes(wanted.toLowerCase());
  return value === wanted || textOf(value) === textOf(wanted);
}

/** Texts as people order them; a fixed language, so that every machine gives the same order. */
const byText = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(one: unknown, other: unknown, backwards: boolean): number {
  if (isBlank(one) || isBlank(other)) return Number(isBlank(one)) - Number(isBlank(other));
  const order =
    typeof one === "number" && typeof other === "number" ? one - other : byText.compare(textOf(one), textOf(other));
  return backwards ? -order : order;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
