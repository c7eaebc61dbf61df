import type { Criterion, PatternCriterion } from "../../definition/call.ts";
import { judgePattern } from "../../definition/pattern.ts";
import { type Expression, parseExpression } from "../../definition/template.ts";
import { valueOf } from "./template.ts";
import type { Scope } from "./types.ts";

/** `!$inputs.a` or `$inputs.a == 1`: operators stand between spaces, so that a pointer may hold their characters. */
const FORM = /^(!?)(\$.+?)(?:\s+(==|!=|<=|>=|<|>)\s+(.+))?$/s;
/** Characters of a text that a regular expression looks at; a vendor's message is far shorter. */
const MOST_LOOKED_AT = 10_000;

/** Whether all conditions hold; no condition holds always. */
export function holds(when: Criterion | readonly Criterion[] | undefined, scope: Scope): boolean {
  return when === undefined || [when].flat().every((criterion) => holdsOne(criterion, scope));
}

function holdsOne(criterion: Criterion, scope: Scope): boolean {
  if (typeof criterion !== "string") return matches(criterion, scope);
  return criterion.split(" || ").some((choice) => choiceHolds(choice.trim(), scope));
}

function choiceHolds(choice: string, scope: Scope): boolean {
  const match = FORM.exec(choice);
  if (!match?.[2]) throw new Error(`"${choice}" is not a condition`);
  const [, not, text, operator, literal] = match;
  const expression = parseExpression(text);
  const value = valueOf(expression, scope);
  if (operator === undefined || literal === undefined) return isGiven(expression, value) === (not === "");
  return compare(value, operator, JSON.parse(literal)) === (not === "");
}

/** A vendor writes `null` for what is not there; a caller who writes it means it. */
function isGiven({ from }: Expression, value: unknown): boolean {
  return value !== undefined && (value !== null || from === "inputs");
}

const compiled = new Map<string, RegExp>();

function matches({ context, condition }: PatternCriterion, scope: Scope): boolean {
  const value = valueOf(parseExpression(context), scope);
  if (typeof value !== "string" && typeof value !== "number") return false;
  const pattern = compiled.get(condition) ?? compile(condition);
  compiled.set(condition, pattern);
  return pattern.test(String(value).slice(0, MOST_LOOKED_AT));
}

/** The generator lets only patterns through that are quick on every text. */
function compile(condition: string): RegExp {
  const bare = condition.replace(/^\(\?i\)/, "");
  const verdict = judgePattern(bare);
  if (!verdict.enforced) throw new Error(`${condition} is not used as a condition: ${verdict.reason}`);
  return new RegExp(bare, verdict.flags + (bare === condition ? "" : "i"));
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
