import { createHash } from "node:crypto";
import type { GenerateRule } from "./grammar/collection.ts";
import { writeMoment } from "./moment.ts";
import { fillPattern } from "./pattern.ts";
import { isRow, type Row } from "./row.ts";

/**
 * Makes the first objects of a collection by a rule: the same ones at every start, on every machine.
 *
 * @param collection its name; another collection with the same rule has other objects.
 */
export function generateRows(collection: string, { count, fields, rows }: GenerateRule): Row[] {
  return Array.from({ length: count }, (_, n) => {
    const row: Row = {};
    for (const [field, rule] of Object.entries({ ...fields, ...rows[n] }))
      row[field] = fieldOf(rule, { ...row, n }, `${collection}/${field}/${n}`);
    return row;
  });
}

function fieldOf(rule: GenerateRule["fields"][string], scope: Row & { readonly n: number }, place: string): unknown {
  if (!isRow(rule)) return fillPattern(rule, scope);
  const { from, step, date, every, zone, of }: Row = rule; // a constant may be an object, too
  if (typeof from === "number" && typeof step === "number") return from + scope.n * step;
  if (typeof date === "string" && typeof every === "number")
    return writeMoment(Date.parse(date) + scope.n * every * 60_000, zone !== false);
  if (Array.isArray(of)) return of[chance(place) % of.length];
  return fillPattern(rule, scope);
}

/** A number that is as good as drawn, and always the same for the same place. */
function chance(place: string): number {
  return createHash("sha256").update(place).digest().readUInt32BE(0);
}
