import { type Answer, refuse } from "../answer.ts";
import type { DownloadOperation } from "../grammar/answer.ts";
import type { ListOperation } from "../grammar/list.ts";
import type { GetOperation } from "../grammar/write.ts";
import { select } from "../list.ts";
import { cut } from "../page.ts";
import { fillPattern, type PatternScope } from "../pattern.ts";
import type { Row } from "../row.ts";
import { affect } from "../rules.ts";
import { enveloped, showing } from "../shown.ts";
import { errorOf, ok, type Situation } from "../situation.ts";

/** Answers a page of rows. */
export function list(operation: ListOperation, scope: PatternScope, at: Situation): Answer {
  const { collections, file, parameters } = at;
  const rows = select(operation, parameters, { collections, language: file.language, now: at.clock(), scope });
  const page = cut(rows, operation, parameters.query, file.paging);
  const items = page.rows.map(showing(operation, operation.list, at));
  const link = page.next === undefined ? undefined : `<${at.urlOfPage(page.next)}>;rel="next"`;
  affect(operation.effects, scope, collections);
  return ok(at, enveloped(operation, items, page.beside), link === undefined ? {} : { link });
}

/** Answers one object. */
export function get(operation: GetOperation, scope: PatternScope, at: Situation): Answer {
  const row = rowBy(operation.get, operation.by, scope, at);
  if (!row) return refuse(errorOf(at.file, at.operationId, "notFound"));
  affect(operation.effects, { ...scope, row }, at.collections);
  return ok(at, enveloped(operation, showing(operation, operation.get, at)(row)));
}

/** Answers the bytes of one object. */
export function download(operation: DownloadOperation, scope: PatternScope, at: Situation): Answer {
  const row = rowBy(operation.file, operation.by, scope, at);
  const data = row?.[operation.data];
  if (!row || typeof data !== "string") return refuse(errorOf(at.file, at.operationId, "notFound"));
  const name = operation.name === undefined ? undefined : row[operation.name];
  const disposition =
    name === undefined
      ? {}
      : { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(String(name))}` };
  const type = { "content-type": String(row[operation.contentType] ?? "application/octet-stream") };
  affect(operation.effects, { ...scope, row }, at.collections);
  return ok(at, Buffer.from(data, "base64"), { ...type, ...disposition });
}

/** The object that `by` names: a parameter of the path with its key, or a pattern that is the key. */
export function rowBy(collection: string, by: string, scope: PatternScope, at: Situation): Row | undefined {
  const key = by.includes("{") ? fillPattern(by, scope) : at.parameters.path[by];
  return at.collections.find(collection, at.collections.rule(collection).key, key);
}
