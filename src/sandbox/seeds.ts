import { generateRows } from "./generate.ts";
import type { CollectionRule } from "./grammar/collection.ts";
import { fillPattern } from "./pattern.ts";
import { isRow, type Row } from "./row.ts";
import { SandboxFileError } from "./sandbox-file.ts";

/**
 * The objects that a collection starts with: the example of a list, with what the example of a single object knows beyond it;
 * those that are written in the file, and those that it makes by a rule.
 *
 * @param shiftMs every date-time moves by so much.
 */
export function seedRows(
  name: string,
  rule: CollectionRule,
  exampleOf: (operationId: string) => unknown,
  shiftMs: number,
): Row[] {
  const { key, also, set, rows = [], generate } = rule;
  const single = also && exampleOf(also.seed);
  const detailed = also?.at === undefined ? single : isRow(single) ? single[also.at] : undefined;
  const details = Object.entries(isRow(detailed) ? detailed : {}).filter(([field]) => also?.fields.includes(field));
  const first = [...exampleRows(name, rule, exampleOf), ...rows, ...(generate ? generateRows(name, generate) : [])];
  return first.map((row) => {
    const more = isRow(detailed) && detailed[key] === row[key] ? Object.fromEntries(details) : {};
    const fixed = fillPattern(set ?? {}, row) as Row; // an object stays an object
    return moveDates({ ...row, ...fixed, ...more }, shiftMs);
  });
}

function exampleRows(
  name: string,
  { seed, at }: CollectionRule,
  exampleOf: (operationId: string) => unknown,
): readonly Row[] {
  if (seed === undefined) return [];
  const example = exampleOf(seed);
  const list = at === undefined ? example : isRow(example) ? example[at] : undefined;
  if (Array.isArray(list)) return list.filter(isRow);
  throw new SandboxFileError(
    `collections.${name}: the example of ${seed} ${at === undefined ? "is no list" : `holds no list "${at}"`}`,
  );
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))?$/;

/** A copy with every RFC 3339 date-time moved, and every one without a zone; each keeps its offset from UTC. */
function moveDates<T>(value: T, byMs: number): T {
  if (typeof value === "string") {
    const [found, sign = "+", hours = "0", minutes = "0"] = DATE_TIME.exec(value) ?? [];
    if (found === undefined) return value;
    const zone = /(?:Z|[+-]\d{2}:\d{2})$/.exec(found)?.[0] ?? "";
    const offsetMs = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    const local = new Date(Date.parse(zone === "" ? `${found}Z` : found) + byMs + offsetMs).toISOString();
    return local.replace(/(\.\d+)?Z$/, zone) as T; // a string stays a string
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => moveDates(entry, byMs)) as T; // an array stays an array
  if (!isRow(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, moveDates(entry, byMs)])) as T; // same keys
}
