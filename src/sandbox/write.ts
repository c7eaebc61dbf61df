import type { Collections } from "./collections.ts";
import { isRow, type Row } from "./row.ts";
import { fillPattern, type PatternScope, read } from "./pattern.ts";
import type { CreateOperation, UpdateOperation } from "./grammar/write.ts";
import type { Violation } from "./violations.ts";

/** What patterns of a write may speak of. */
export interface WriteScope extends PatternScope {
  readonly body: Row;
}

/** How the fields of a new object are found. */
export type Filling = Pick<CreateOperation, "required" | "lookup" | "set" | "defaults">;

/** The fields of a form that the body lacks, as the vendor would complain about them. */
export function missingFields({ required }: Filling, scope: WriteScope): readonly Violation[] {
  if (!required) return [];
  const form = read(required.of, scope);
  const given = read(required.in, scope);
  const filled = (name: string) => isRow(given) && Object.hasOwn(given, name) && given[name] !== "";
  return (Array.isArray(form) ? form : [])
    .filter(isRow)
    .filter((field) => field[required.flag] === true)
    .map((field) => String(field[required.name]))
    .filter((name) => !filled(name))
    .map((field) => ({ field, keyword: "required", message: "must be filled in" }));
}

/** Creates what the body describes: what the vendor sets goes before what was sent, that before what was looked up, that before defaults. */
export function create(operation: Filling, name: string, scope: WriteScope, collections: Collections): Row {
  const defaults = fillPattern(operation.defaults ?? {}, scope);
  const known = { ...(isRow(defaults) ? defaults : {}), ...looked(operation, scope, collections), ...scope.body };
  const fields = Object.entries(known).filter(([field]) => collections.has(name, field));
  const set = fillPattern(operation.set ?? {}, { ...scope, defaults });
  return collections.add(name, { ...Object.fromEntries(fields), ...(isRow(set) ? set : {}) });
}

/** Fields that name something else of the vendor, found by what was sent: an id by an address. */
export function looked(operation: Filling, scope: WriteScope, collections: Collections): Row {
  const out: Row = {};
  const within = { ...scope, defaults: operation.defaults };
  for (const { field, value, collection, match, give, add } of operation.lookup ?? []) {
    const wanted = fillPattern(value, within);
    if (wanted === undefined || Object.hasOwn(out, field)) continue;
    const found = collections.find(collection, match, wanted);
    const added = found ?? (add && collections.add(collection, fillPattern(add, within) as Row)); // an object stays one
    out[field] = added?.[give] ?? null;
  }
  return out;
}

/** Changes the fields that the body names, in place; maps named in `merge` keep their other entries. */
export function update(
  { merge }: Pick<UpdateOperation, "merge">,
  name: string,
  row: Row,
  body: Row,
  collections: Collections,
): Row {
  const changes = Object.entries(body)
    .filter(([field]) => collections.has(name, field))
    .map(([field, value]) => [
      field,
      merge.includes(field) && isRow(row[field]) && isRow(value) ? { ...row[field], ...value } : value,
    ]);
  return collections.change(name, row, Object.fromEntries(changes) as Row);
}
