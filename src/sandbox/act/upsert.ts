import { type Answer, refuse } from "../answer.ts";
import type { UpsertOperation } from "../grammar/write.ts";
import { fillPattern } from "../pattern.ts";
import type { Row } from "../row.ts";
import { affect } from "../rules.ts";
import { enveloped, showing } from "../shown.ts";
import { type Element, errorOf, ok, type Situation } from "../situation.ts";
import { create, looked, missingFields, update } from "../write.ts";

/** An element that can be written: what is written, and what it changes. */
interface Writable {
  readonly scope: Element;
  /** Undefined for a new object. */
  readonly row: Row | undefined;
}

/** Changes the elements that have a key, creates the others; nothing at all unless all of it can be done. */
export function upsert(operation: UpsertOperation, elements: readonly Element[], at: Situation): Answer {
  const { upsert: name, defaults, form: formId } = operation;
  const { collections, file, operationId } = at;
  const { key, ids } = collections.rule(name);
  const form = formId === undefined ? undefined : at.referee.example(formId);
  const writable: Writable[] = [];
  for (const element of elements) {
    const scope = { ...element, form, defaults };
    const given = scope.body[key];
    const isNew = given === undefined || given === null || (ids === "number" && !(Number(given) > 0));
    const row = isNew ? undefined : collections.find(name, key, given);
    if (!isNew && !row) return refuse(errorOf(file, operationId, "notFound"));
    const missing = row ? [] : missingFields(operation, scope);
    if (missing.length > 0) return refuse(errorOf(file, operationId, "invalid"), {}, missing);
    writable.push({ scope, row });
  }
  const shown = writable.map(({ scope, row }) => {
    const written = row ? changed(operation, row, scope, at) : created(operation, scope, at);
    affect(operation.effects, { ...scope, row: written }, collections);
    return showing(operation, name, at)(written);
  });
  const alone = shown.length === 1 && (operation.unwrap || !at.items);
  return ok(at, enveloped(operation, alone ? shown[0] : shown));
}

function created(operation: UpsertOperation, scope: Element, at: Situation): Row {
  const { upsert: name, onCreate } = operation;
  return create({ ...operation, set: { ...operation.set, ...onCreate } }, name, scope, at.collections);
}

function changed(operation: UpsertOperation, row: Row, scope: Element, at: Situation): Row {
  const { upsert: name, onUpdate } = operation;
  const set = fillPattern({ ...operation.set, ...onUpdate }, { ...scope, row }) as Row; // an object stays an object
  const { [at.collections.rule(name).key]: _, ...body } = scope.body; // a key names, it is never written
  return update(operation, name, row, { ...looked(operation, scope, at.collections), ...body, ...set }, at.collections);
}
