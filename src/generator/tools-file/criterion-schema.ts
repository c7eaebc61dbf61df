import { z } from "zod";
import { type Expression, ExpressionError, parseExpression } from "../../definition/template.ts";
import { patternCondition } from "./condition-schema.ts";
import { fail } from "./text-schema.ts";

const EXAMPLE = '"$response.body#/status == \\"done\\""';
/** As the runtime reads it: operators stand between spaces. */
const CONDITION = /^!?(\$.+?)(?:\s+(?:==|!=|<=|>=|<|>)\s+(.+))?$/s;

/** A condition over an answer: `"$statusCode == 401"`, `"!$response.body#/errors"`, or a regular expression (Arazzo Criterion Object). */
export const answerCriterion = z
  .union([
    z.string().superRefine((text, context) => {
      const wrong = text.split(" || ").find((choice) => !isCondition(choice.trim()));
      if (wrong === undefined) return;
      fail(context, { expected: "a condition over the answer", got: `"${wrong}"`, example: EXAMPLE });
    }),
    patternCondition.superRefine(({ context: looked }, context) => {
      if (isAnswer(looked)) return;
      fail(context, { expected: "an expression over the answer", got: `"${looked}"`, example: EXAMPLE });
    }),
  ])
  .meta({ title: "condition over the answer", examples: ["$statusCode == 401"] });

function isCondition(choice: string): boolean {
  const [, expression, literal] = CONDITION.exec(choice) ?? [];
  return expression !== undefined && isAnswer(expression) && (literal === undefined || isJson(literal));
}

/** Whether a text is an expression over an answer, and over nothing else. */
function isAnswer(text: string): boolean {
  const ways: readonly Expression["from"][] = ["statusCode", "response.body", "response.header"];
  try {
    return ways.includes(parseExpression(text).from);
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

/** Whether a text is a JSON value, as the right side of a condition has to be. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
