import { type Collections, isRow, type Row } from "./collections.ts";
import { fillPattern, type PatternScope, read } from "./pattern.ts";
import type { CreateOperation, UpdateOperation } from "./sandbox-file.ts";
import type { Violation } from "./violations.ts";

/** The fields of a form that the body lacks, as the vendor would complain about them. */
export function missingFields(operation: CreateOperation, scope: PatternScope): readonly Violation[] {
  const { required } = operation;
  if (!required) return [];
  const form = read(required.of, scope);
  const given = read(required.in, scope);
  return (Array.isArray(form) ? form : [])
    .filter((field) => isRow(field) && field[required.flag] === true)
    .map((field) => String((field as Row)[required.name]))
    .filter((name) => !isRow(given) || given[name] === undefined || given[name] === "")
    .map((field) => ({ field, keyword: "required", message: "It should be filled in" }));
}

/** Creates what the body describes; blank fields are null, as the vendor answers them. */
export function create(
  operation: CreateOperation,
  scope: PatternScope & { readonly body: Row },
  collections: Collections,
): Row {
  const looked: Row = {};
  for (const [field, rule] of Object.entries(operation.lookup ?? {})) {
    const value = fillPattern(rule.value, scope);
    if (value === undefined) continue;
    looked[field] = collections.find(rule.collection, rule.match, value)?.[rule.give] ?? null;
  }
  const blank = collections.blank(operation.create);
  const body = Object.fromEntries(Object.entries(scope.body).filter(([field]) => Object.hasOwn(blank, field)));
  const set = fillPattern(operation.set ?? {}, { ...scope, body: { ...scope.body, ...looked } });
  return collections.add(operation.create, { ...blank, ...looked, ...body, ...(isRow(set) ? set : {}) });
}

/** Changes the fields that the body names, in place; maps named in `merge` keep their other entries. */
export function update(operation: UpdateOperation, row: Row, body: Row, now: string): Row {
  for (const [field, value] of Object.entries(body)) {
    if (!Object.hasOwn(row, field)) continue;
    row[field] =
      operation.merge.includes(field) && isRow(row[field]) && isRow(value) ? { ...row[field], ...value } : value;
  }
  if (Object.hasOwn(row, "updated_at")) row["updated_at"] = now;
  return row;
}
