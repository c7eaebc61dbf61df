import { type Answer, refuse } from "../answer.ts";
import type { CreateOperation, DeleteOperation, UpdateOperation } from "../grammar/write.ts";
import { fillPattern } from "../pattern.ts";
import type { Row } from "../row.ts";
import { affect } from "../rules.ts";
import { enveloped, showing } from "../shown.ts";
import { type Element, errorOf, ok, type Situation } from "../situation.ts";
import { create, missingFields, update } from "../write.ts";
import { rowBy } from "./read.ts";

/** Writes a new object. */
export function make(operation: CreateOperation, element: Element, at: Situation): Answer {
  const form = operation.form === undefined ? undefined : at.referee.example(operation.form);
  const scope = { ...element, form, defaults: operation.defaults };
  const missing = missingFields(operation, scope);
  if (missing.length > 0) return refuse(errorOf(at.file, at.operationId, "invalid"), {}, missing);
  const row = create(operation, operation.create, scope, at.collections);
  affect(operation.effects, { ...scope, row }, at.collections);
  const body = enveloped(operation, showing(operation, operation.create, { ...at, asked: [] })(row));
  const { location } = operation;
  if (location === undefined) return ok(at, body);
  return ok(at, body, { location: encodeURI(`${at.origin}${String(fillPattern(location, row))}`) });
}

/** Changes one object. */
export function change(operation: UpdateOperation, scope: Element, at: Situation): Answer {
  const row = rowBy(operation.update, operation.by, scope, at);
  if (!row) return refuse(errorOf(at.file, at.operationId, "notFound"));
  const set = fillPattern(operation.set ?? {}, { ...scope, row }) as Row; // an object stays an object
  const changed = update(operation, operation.update, row, { ...scope.body, ...set }, at.collections);
  affect(operation.effects, { ...scope, row }, at.collections);
  return ok(at, enveloped(operation, showing(operation, operation.update, at)(changed)));
}

/** Removes one object, or marks it as removed. */
export function remove(operation: DeleteOperation, scope: Element, at: Situation): Answer {
  const { delete: name, soft } = operation;
  const row = rowBy(name, operation.by, scope, at);
  if (!row) return refuse(errorOf(at.file, at.operationId, "notFound"));
  if (soft) at.collections.change(name, row, fillPattern(soft, { ...scope, row }) as Row); // an object stays an object
  else at.collections.remove(name, row);
  affect(operation.effects, { ...scope, row }, at.collections);
  const described = at.referee.hasBody(at.operationId);
  return ok(at, described ? enveloped(operation, showing(operation, name, at)(row)) : undefined);
}
