import type { Criterion } from "../../definition/call.ts";
import { parseExpression } from "../../definition/template.ts";
import { valueOf } from "./template.ts";
import type { Scope } from "./types.ts";

/** `!$inputs.a` or `$inputs.a == 1`: operators stand between spaces, so that a pointer may hold their characters. */
const FORM = /^(!?)(\$.+?)(?:\s+(==|!=|<=|>=|<|>)\s+(.+))?$/s;

/** Whether all conditions hold; no condition holds always. */
export function holds(when: Criterion | readonly Criterion[] | undefined, scope: Scope): boolean {
  if (when === undefined) return true;
  return [when].flat().every((criterion) => criterion.split(" || ").some((choice) => one(choice, scope)));
}

function one(criterion: Criterion, scope: Scope): boolean {
  const match = FORM.exec(criterion.trim());
  if (!match?.[2]) throw new Error(`"${criterion}" is not a condition`);
  const [, not, expression, operator, literal] = match;
  const value = valueOf(parseExpression(expression), scope);
  if (operator === undefined || literal === undefined) return (value !== undefined) === (not === "");
  return compare(value, operator, JSON.parse(literal)) === (not === "");
}

function compare(value: unknown, operator: string, literal: unknown): boolean {
  if (operator === "==") return value === literal;
  if (operator === "!=") return value !== literal;
  if (
    !(
      (typeof value === "number" && typeof literal === "number") ||
      (typeof value === "string" && typeof literal === "string")
    )
  ) {
    return false; // things of two kinds have no order
  }
  if (operator === "<") return value < literal;
  if (operator === "<=") return value <= literal;
  return operator === ">" ? value > literal : value >= literal;
}
