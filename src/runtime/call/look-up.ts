import type { Lookup } from "../../definition/call.ts";
import { Problem } from "../problem.ts";
import { fillTemplate, inputsOf } from "../request/template.ts";
import type { Scope } from "../request/types.ts";
import { cleanText } from "../send/vendor-text.ts";

/** Rows that a message names; more are no choice but a list. */
const MOST_CANDIDATES = 10;
const MAX_FIELD_CHARS = 80;

/**
 * Finds the one row of a list that a caller means: one whose field equals the value, field by field in their order, else the only one that
 * contains it. Capitals do not count.
 *
 *     { equals: ["id", "code"], contains: ["name"] }, value "bio"  with  [{ id: 7, code: "BIO-1", name: "Biology" }]  →  that row
 *
 * @param cut The vendor has more rows than were read.
 * @returns `undefined` when there is no value to look for.
 * @throws {Problem} `not_found` or `ambiguous`, each with candidates.
 */
export function lookUp(lookup: Lookup, scope: Scope, cut: boolean): unknown {
  const wanted = comparable(fillTemplate(lookup.value, scope));
  if (wanted === undefined) return undefined;
  const rows = unique(rowsOf(fillTemplate(lookup.in, scope)));
  for (const field of lookup.equals) {
    const found = rows.filter((row) => textsAt(row, field).includes(wanted));
    if (found.length === 1) return found[0];
    if (found.length > 1) throw ambiguous(lookup, found, scope);
  }
  const containing = rows.filter((row) =>
    (lookup.contains ?? []).some((field) => textsAt(row, field).some((text) => text.includes(wanted))),
  );
  if (containing.length === 1) return containing[0];
  throw containing.length > 1 ? ambiguous(lookup, containing, scope) : notFound(lookup, rows, scope, cut);
}

function ambiguous(lookup: Lookup, rows: readonly unknown[], scope: Scope): Problem {
  const message = `may mean ${rows.length} things`;
  const text = `${named(lookup, scope)} ${message}. Call again with something that only one of them has:`;
  return new Problem("ambiguous", `${text}\n${candidates(lookup, rows)}`, facts(lookup, message));
}

function notFound(lookup: Lookup, rows: readonly unknown[], scope: Scope, cut: boolean): Problem {
  const fields = fieldsOf(lookup);
  const by = `${fields.slice(0, -1).join(", ")}${fields.length > 1 ? " or " : ""}${fields.at(-1) ?? ""}`;
  const message = rows.length === 0 ? "was not found: there is nothing to find" : `was not found by ${by}`;
  const more = cut ? ` Only the first ${rows.length} were looked at.` : "";
  const choice = rows.length === 0 ? "" : ` There is:\n${candidates(lookup, rows)}`;
  return new Problem("not_found", `${named(lookup, scope)} ${message}.${more}${choice}`, facts(lookup, message));
}

function fieldsOf({ equals, contains = [] }: Lookup): readonly string[] {
  return [...new Set([...equals, ...contains])];
}

/** `class_ref "bio"`: the argument by its name, as far as the value is one. */
function named({ value }: Lookup, scope: Scope): string {
  const given = cleanText(String(fillTemplate(value, scope)), MAX_FIELD_CHARS);
  return [...inputsOf(value), JSON.stringify(given)].join(" ");
}

function facts({ value }: Lookup, message: string) {
  const [argument] = inputsOf(value);
  return argument === undefined ? {} : { arguments: [{ argument, message }] };
}

/** One line a row, the fields that tell it from the others as JSON; they are the vendor's words. */
function candidates(lookup: Lookup, rows: readonly unknown[]): string {
  const fields = lookup.show ?? fieldsOf(lookup);
  const lines = rows.slice(0, MOST_CANDIDATES).map((row) => {
    const shown = fields.flatMap((field) => {
      const value = valuesAt(row, field).find((one) => comparable(one) !== undefined);
      return value === undefined
        ? []
        : [[field, typeof value === "string" ? cleanText(value, MAX_FIELD_CHARS) : value] as const];
    });
    return `- ${JSON.stringify(Object.fromEntries(shown))}`;
  });
  const more = rows.length - lines.length;
  return [...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n");
}

/** A list, or nothing: vendors write an empty one as null or leave it out. */
function rowsOf(list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list;
  if (list === undefined || list === null) return [];
  throw new Problem(
    "invalid_response",
    "The vendor answered, but without a list where one was expected. Its API may have changed; nobody can mend that by other arguments.",
  );
}

/** A list that moves while it is read page by page shows a row twice. */
function unique(rows: readonly unknown[]): readonly unknown[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function textsAt(row: unknown, path: string): readonly string[] {
  return valuesAt(row, path).flatMap((value) => comparable(value) ?? []);
}

/** What stands at a dotted path; lists on the way are entered. */
function valuesAt(row: unknown, path: string): readonly unknown[] {
  return path.split(".").reduce<readonly unknown[]>(
    (found, name) =>
      found.flatMap((value): readonly unknown[] => {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
        const member: unknown = Reflect.get(value, name);
        return Array.isArray(member) ? member : [member];
      }),
    [row],
  );
}

/** A text or a number as it is compared; undefined for anything else, and for nothing. */
function comparable(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).normalize("NFKC").trim().toLowerCase();
  return text === "" ? undefined : text;
}
