import { type Answer, refuse } from "./answer.ts";
import { answerWritten } from "./act/answer-written.ts";
import { download, get, list } from "./act/read.ts";
import { sessionStep } from "./act/session-step.ts";
import { complete, presign } from "./act/upload.ts";
import { change, make, remove } from "./act/write.ts";
import { upsert } from "./act/upsert.ts";
import { needed, refused } from "./rules.ts";
import type { Row } from "./row.ts";
import type { Operation } from "./sandbox-file.ts";
import { type Element, errorOf, ok, type Situation } from "./situation.ts";

/**
 * Does what an operation does, to every element of the body if it takes an array.
 *
 * @throws {ParameterError} when the vendor would refuse a value that the description allows.
 */
export function perform(operation: Operation | undefined, at: Situation): Answer {
  if (!operation) return ok(at, at.referee.example(at.operationId));
  const elements: Element[] = [];
  for (const body of at.items ?? [at.scope.body]) {
    const own: Element = { ...at.scope, body };
    const objects: Record<string, Row> | undefined = needed(operation.needs, own, at.collections);
    if (!objects) return refuse(errorOf(at.file, at.operationId, "notFound"));
    const scope = { ...own, ...objects };
    const refusal = refused(operation.refuse, scope, at.file);
    if (refusal) return refusal;
    elements.push(scope);
  }
  return act(operation, elements, at);
}

function act(operation: Operation, elements: readonly Element[], at: Situation): Answer {
  const scope = elements[0] ?? at.scope;
  if ("list" in operation) return list(operation, scope, at);
  if ("get" in operation) return get(operation, scope, at);
  if ("file" in operation) return download(operation, scope, at);
  if ("create" in operation) return make(operation, scope, at);
  if ("update" in operation) return change(operation, scope, at);
  if ("delete" in operation) return remove(operation, scope, at);
  if ("upsert" in operation) return upsert(operation, elements, at);
  if ("presign" in operation) return presign(operation, elements, at);
  if ("complete" in operation) return complete(operation, elements, at);
  if ("session" in operation) return sessionStep(operation, at);
  return answerWritten(operation, scope, at);
}
