import { type Answer, refuse } from "../answer.ts";
import type { CompleteOperation, PresignOperation } from "../grammar/answer.ts";
import { fillPattern } from "../pattern.ts";
import { isRow, type Row } from "../row.ts";
import { affect } from "../rules.ts";
import { type Element, chosenError, errorOf, ok, type Situation } from "../situation.ts";

/** Makes a one-time URL for each element, and an object of the collection that waits for the bytes. */
export function presign(operation: PresignOperation, elements: readonly Element[], at: Situation): Answer {
  const { collections, storage } = at;
  const answers = elements.map((scope) => {
    const bytes = textOf(operation.bytes, scope);
    const contentType = textOf(operation.contentType, scope);
    const row = collections.add(operation.presign, { ...scope.body, ...rowOf(operation.set, scope) });
    const name = textOf(operation.name, scope) ?? "file";
    const url = storage?.presign(ownerOf(operation.presign, row, at), {
      name,
      contentType,
      bytes: bytes === undefined ? undefined : Number(bytes),
    });
    affect(operation.effects, { ...scope, row }, collections);
    return fillPattern(operation.answer, { ...scope, ...row, url });
  });
  return ok(at, at.items ? answers : answers[0]);
}

/** Sees uploads completed; refuses all of them when the bytes of one never came. */
export function complete(operation: CompleteOperation, elements: readonly Element[], at: Situation): Answer {
  const { collections, storage, file } = at;
  const name = operation.complete;
  const found: { readonly scope: Element; readonly row: Row }[] = [];
  for (const scope of elements) {
    const row = collections.find(name, collections.rule(name).key, fillPattern(operation.by, scope));
    if (!row) return refuse(errorOf(file, at.operationId, "notFound"));
    const upload = storage?.arrived(ownerOf(name, row, at));
    if (!upload) return refuse(chosenError(file, operation.missing), scope);
    found.push({ scope: { ...scope, upload }, row });
  }
  const answers = found.map(({ scope, row }) => {
    collections.change(name, row, rowOf(operation.set, scope));
    affect(operation.effects, { ...scope, row }, collections);
    return fillPattern(operation.answer ?? {}, { ...scope, ...row });
  });
  if (!operation.answer) return ok(at, undefined);
  return ok(at, at.items ? answers : answers[0]);
}

/** The object that an upload is for: `resources/3f0c…`. */
function ownerOf(collection: string, row: Row, { collections }: Situation): string {
  return `${collection}/${String(row[collections.rule(collection).key])}`;
}

function rowOf(pattern: unknown, scope: Element): Row {
  const filled = fillPattern(pattern ?? {}, scope);
  return isRow(filled) ? filled : {};
}

function textOf(pattern: string | undefined, scope: Element): string | undefined {
  const filled = pattern === undefined ? undefined : fillPattern(pattern, scope);
  return filled === undefined ? undefined : String(filled);
}
