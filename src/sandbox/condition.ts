import type { ConditionRule, ConditionsRule } from "./grammar/values.ts";
import { fillPattern, type PatternScope } from "./pattern.ts";

/** Whether all of some conditions hold; none at all hold. */
export function holds(rules: ConditionsRule | undefined, scope: PatternScope): boolean {
  if (rules === undefined) return true;
  return (Array.isArray(rules) ? rules : [rules]).every((rule) => judge(rule, scope));
}

function judge({ value: pattern, given, equals, oneOf }: ConditionRule, scope: PatternScope): boolean {
  const value = fillPattern(pattern, scope);
  if (given !== undefined && given !== isGiven(value)) return false;
  if (equals !== undefined && !same(value, fillPattern(equals, scope))) return false;
  return oneOf === undefined || oneOf.some((one) => same(value, one));
}

/**
 * Whether two values of a vendor are the same, a number and its text too. What holds nothing is the same as null.
 *
 *     same(7, "7") → true     same(undefined, null) → true     same(null, "null") → false
 */
export function same(a: unknown, b: unknown): boolean {
  if (!isThere(a) || !isThere(b)) return isThere(a) === isThere(b);
  return a === b || text(a) === text(b);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Something other than nothing: null, "" and [] are nothing. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}
