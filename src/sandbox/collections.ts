import { fillPattern } from "./pattern.ts";
import type { SandboxFile } from "./sandbox-file.ts";

/** One object of the vendor. */
export type Row = Record<string, unknown>;

/** The vendor's memory: everything that was there at the start, and everything that callers did since. */
export interface Collections {
  /** Rows of a collection, in the order they came in. */
  all(collection: string): readonly Row[];
  find(collection: string, field: string, value: unknown): Row | undefined;
  /** Adds a row under the next key, and fills the other counting fields. */
  add(collection: string, row: Row): Row;
  keyOf(collection: string): string;
  /** Every field that some row of the collection has. */
  fields(collection: string): ReadonlySet<string>;
  /** A row of the collection's kind with nothing in it: the vendor answers `null` for blank fields. */
  blank(collection: string): Row;
}

/**
 * Seeds the collections from the examples of the description, as if they had been written just now.
 *
 * @param exampleOf the example of an operation's successful answer.
 * @param now milliseconds since the epoch; every date-time of the seeds moves by `now - written`.
 */
export function createCollections(
  file: SandboxFile,
  exampleOf: (operationId: string) => unknown,
  now: number,
): Collections {
  const shift = now - Date.parse(file.written);
  const rows = new Map<string, Row[]>();
  for (const [name, { seed, at, set }] of Object.entries(file.collections)) {
    const example = exampleOf(seed);
    const found = isRow(example) ? example[at] : undefined;
    if (!Array.isArray(found))
      throw new Error(`the example of ${seed} holds no list "${at}" for the collection ${name}`);
    const seeds = found
      .filter(isRow)
      .map((row) => ({ ...moveDates(row, shift), ...(fillPattern(set ?? {}, row) as Row) }));
    rows.set(name, seeds);
  }
  const all = (collection: string): Row[] => {
    const found = rows.get(collection);
    if (!found) throw new Error(`the sandbox has no collection ${collection}`);
    return found;
  };
  const settings = (collection: string) => {
    const found = file.collections[collection];
    if (!found) throw new Error(`the sandbox has no collection ${collection}`);
    return found;
  };
  return {
    all,
    find: (collection, field, value) =>
      all(collection).find(
        (row) => row[field] === value || (value !== undefined && String(row[field]) === String(value)),
      ),
    add(collection, row) {
      const { key, unique } = settings(collection);
      const added = { ...row, ...counted([key, ...unique], all(collection)) };
      all(collection).push(added);
      return added;
    },
    keyOf: (collection) => settings(collection).key,
    fields: (collection) => new Set(all(collection).flatMap((row) => Object.keys(row))),
    blank(collection) {
      const row: Row = {};
      for (const [field, value] of Object.entries(all(collection)[0] ?? {}))
        row[field] = Array.isArray(value) ? [] : null;
      return row;
    },
  };
}

/** The next number of each counting field: one more than the greatest so far. */
function counted(fields: readonly string[], rows: readonly Row[]): Row {
  const next = (field: string) => rows.reduce((most, row) => Math.max(most, Number(row[field]) || 0), 0) + 1;
  return Object.fromEntries(fields.map((field) => [field, next(field)]));
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** A copy with every RFC 3339 date-time moved, whole seconds, in UTC. */
function moveDates<T>(value: T, byMs: number): T {
  if (typeof value === "string" && DATE_TIME.test(value)) {
    return new Date(Date.parse(value) + byMs).toISOString().replace(/\.\d+Z$/, "Z") as T; // a string stays a string
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => moveDates(entry, byMs)) as T; // an array stays an array
  if (!isRow(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, moveDates(entry, byMs)])) as T; // same keys
}

/** Tells an object from everything else that JSON can hold. */
export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
