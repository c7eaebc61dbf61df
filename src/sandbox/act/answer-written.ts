import { type Answer, bare } from "../answer.ts";
import { holds } from "../condition.ts";
import type { ReplyRule, WrittenOperation } from "../grammar/answer.ts";
import { fillPattern, type PatternScope } from "../pattern.ts";
import { affect } from "../rules.ts";
import { ok, type Situation } from "../situation.ts";

/** Answers what the file says: the example, or the first answer whose conditions hold. */
export function answerWritten(operation: WrittenOperation, scope: PatternScope, at: Situation): Answer {
  const { answer, effects } = operation;
  affect(effects, scope, at.collections);
  if (answer === "example") return ok(at, at.referee.example(at.operationId));
  const reply = [answer].flat().find(({ when }) => holds(when, scope));
  return reply ? written(reply, scope, at) : bare(404);
}

function written({ status, body, headers = {}, contentType }: ReplyRule, scope: PatternScope, at: Situation): Answer {
  const filled = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), String(fillPattern(value, scope))] as const,
  );
  const type = contentType === undefined ? {} : { "content-type": contentType };
  return {
    status: status ?? at.referee.success(at.operationId),
    headers: { ...type, ...Object.fromEntries(filled) },
    body: fillPattern(body, scope),
  };
}
