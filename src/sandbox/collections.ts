import { randomUUID } from "node:crypto";
import { writeMoment } from "./moment.ts";
import { plainText } from "./plain-text.ts";
import { isRow, type Row } from "./row.ts";
import type { CollectionRule } from "./grammar/collection.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import { seedRows } from "./seeds.ts";

/** The vendor's memory: everything that was there at the start, and everything that callers did since. */
export interface Collections {
  /** Rows of a collection, in the order they came in. */
  all(collection: string): readonly Row[];
  find(collection: string, field: string, value: unknown): Row | undefined;
  /** Adds an object: blank fields are null, as vendors answer them, and what counts upwards gets its next number. */
  add(collection: string, fields: Row): Row;
  /** Changes a row where it is. */
  change(collection: string, row: Row, changes: Row): Row;
  remove(collection: string, row: Row): void;
  rule(collection: string): CollectionRule;
  /** Whether the objects of a collection have such a field; what they are seeded with decides. Without seeds they have any. */
  has(collection: string, field: string): boolean;
}

/**
 * Seeds the collections from the examples of the description, as if they had been written just now.
 *
 * @param exampleOf the example of an operation's successful answer.
 */
export function createCollections(
  file: SandboxFile,
  exampleOf: (operationId: string) => unknown,
  clock: () => number,
): Collections {
  const shift = clock() - Date.parse(file.written);
  const rows = new Map<string, Row[]>();
  for (const [name, rule] of Object.entries(file.collections)) rows.set(name, seedRows(name, rule, exampleOf, shift));
  const blanks = new Map([...rows].map(([name, seeds]) => [name, blankOf(seeds)]));

  const all = (collection: string): Row[] => rows.get(collection) ?? none(collection);
  const rule = (collection: string): CollectionRule => file.collections[collection] ?? none(collection);
  const blank = (collection: string): Row => blanks.get(collection) ?? none(collection);
  const stamp = (row: Row, fields: readonly (string | undefined)[]) => {
    const now = writeMoment(clock(), file.stamps?.zone);
    for (const field of fields) if (field !== undefined && Object.hasOwn(row, field)) row[field] = now;
  };

  return {
    all,
    rule,
    find: (collection, field, value) =>
      value === undefined ? undefined : all(collection).find((row) => String(row[field]) === String(value)),
    has(collection, field) {
      const fields = blank(collection);
      return Object.hasOwn(fields, field) || Object.keys(fields).length === 0;
    },
    add(collection, fields) {
      const { key, unique, ids } = rule(collection);
      const row = { ...structuredClone(blank(collection)), ...written(fields, rule(collection)) };
      Object.assign(row, counted(ids === "uuid" ? unique : [key, ...unique], all(collection)));
      if (ids === "uuid") row[key] = randomUUID();
      stamp(row, [file.stamps?.created, file.stamps?.updated]);
      all(collection).push(row);
      return row;
    },
    change(collection, row, changes) {
      Object.assign(row, written(changes, rule(collection)));
      stamp(row, [file.stamps?.updated]);
      return row;
    },
    remove(collection, row) {
      const rows = all(collection);
      rows.splice(rows.indexOf(row), 1);
    },
  };
}

function none(collection: string): never {
  throw new Error(`the sandbox has no collection ${collection}`); // readSandboxFile() looks at every name
}

/** What was written, as the vendor keeps it: texts beside HTML, dates in its own order. */
function written(fields: Row, { text, dates }: CollectionRule): Row {
  const out = { ...fields };
  for (const [to, from] of Object.entries(text ?? {}))
    if (typeof fields[from] === "string") out[to] = plainText(fields[from]);
  for (const [field, order] of Object.entries(dates ?? {}))
    if (Object.hasOwn(fields, field)) out[field] = reordered(fields[field], order);
  return out;
}

/** Dates within a value, in another order: `2027-01-04` → `04-01-2027`. */
function reordered(value: unknown, order: string): unknown {
  if (isRow(value))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, reordered(entry, order)]));
  const [, year = "", month = "", day = ""] =
    (typeof value === "string" && /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)) || [];
  return year === "" ? value : order.replace("YYYY", year).replace("MM", month).replace("DD", day);
}

/** An object of the collection's kind with nothing in it: lists are empty, everything else is null. */
function blankOf(rows: readonly Row[]): Row {
  const blank: Row = {};
  for (const [field, value] of rows.flatMap((row) => Object.entries(row)))
    blank[field] = Array.isArray(value) ? [] : (blank[field] ?? null);
  return blank;
}

/** The next number of each counting field: one more than the greatest so far. */
function counted(fields: readonly string[], rows: readonly Row[]): Row {
  const next = (field: string) => rows.reduce((most, row) => Math.max(most, Number(row[field]) || 0), 0) + 1;
  return Object.fromEntries(fields.map((field) => [field, next(field)]));
}
