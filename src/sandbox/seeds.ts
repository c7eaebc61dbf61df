import { isRow, type Row } from "./row.ts";
import { fillPattern } from "./pattern.ts";
import { type CollectionRule, SandboxFileError } from "./sandbox-file.ts";

/**
 * The objects that a collection starts with: the example of a list, and what the example of a single object knows beyond it.
 *
 * @param shiftMs every date-time moves by so much.
 */
export function seedRows(
  name: string,
  { key, seed, at, also, set }: CollectionRule,
  exampleOf: (operationId: string) => unknown,
  shiftMs: number,
): Row[] {
  const example = exampleOf(seed);
  const list = isRow(example) ? example[at] : undefined;
  if (!Array.isArray(list))
    throw new SandboxFileError(`collections.${name}: the example of ${seed} holds no list "${at}"`);
  const single = also && exampleOf(also.seed);
  const detailed = isRow(single) ? single[also?.at ?? ""] : undefined;
  const details = Object.entries(isRow(detailed) ? detailed : {}).filter(([field]) => also?.fields.includes(field));
  return list.filter(isRow).map((row) => {
    const more = isRow(detailed) && detailed[key] === row[key] ? Object.fromEntries(details) : {};
    const fixed = fillPattern(set ?? {}, row) as Row; // an object stays an object
    return moveDates({ ...row, ...fixed, ...more }, shiftMs);
  });
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** A copy with every RFC 3339 date-time moved; each keeps its offset from UTC. */
function moveDates<T>(value: T, byMs: number): T {
  if (typeof value === "string") {
    const [found, sign = "+", hours = "0", minutes = "0"] = DATE_TIME.exec(value) ?? [];
    if (found === undefined) return value;
    const offsetMs = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    const zone = found.endsWith("Z") ? "Z" : found.slice(-6);
    const local = new Date(Date.parse(found) + byMs + offsetMs).toISOString();
    return local.replace(/(\.\d+)?Z$/, zone) as T; // a string stays a string
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => moveDates(entry, byMs)) as T; // an array stays an array
  if (!isRow(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, moveDates(entry, byMs)])) as T; // same keys
}
