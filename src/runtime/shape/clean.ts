import { Problem } from "../problem.ts";
import { stripHidden } from "./hidden-characters.ts";

/** Deeper answers are not data that anybody means; they would also overflow `JSON.stringify`. */
const MAX_DEPTH = 200;

/**
 * Copies a vendor's value into plain JSON that is safe to hand on: hidden characters out of every text and name, `null` members,
 * `__proto__` and what JSON cannot say dropped.
 *
 * @param keepNulls Keeps members that are `null`. In arrays they always stay: dropping one would move the others.
 * @throws {Problem} `invalid_response` when the value is nested deeper than 200 levels.
 */
export function cleanValue(value: unknown, keepNulls: boolean, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new Problem("invalid_response", "The answer is nested too deeply to be read.");
  if (typeof value === "string") return stripHidden(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, keepNulls, depth + 1) ?? null);
  if (typeof value !== "object") return undefined; // a function can only come from looking up an inherited name
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const name = stripHidden(key);
    const cleaned = cleanValue(member, keepNulls, depth + 1);
    if (cleaned === undefined || (cleaned === null && !keepNulls) || name === "__proto__") continue;
    members.push([name, cleaned]);
  }
  return Object.fromEntries(members);
}
