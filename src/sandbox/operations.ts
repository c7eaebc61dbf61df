import { type Answer, bare, refuse } from "./answer.ts";
import type { Collections } from "./collections.ts";
import type { Row } from "./row.ts";
import { show } from "./include.ts";
import { select } from "./list.ts";
import { cut } from "./page.ts";
import { ParameterError, type Parameters } from "./parameters.ts";
import { fillPattern } from "./pattern.ts";
import type { Referee } from "./referee.ts";
import type {
  CreateOperation,
  GetOperation,
  ListOperation,
  NeedRule,
  Operation,
  SandboxFile,
  UpdateOperation,
} from "./sandbox-file.ts";
import type { WriteScope } from "./write.ts";
import { create, missingFields, update } from "./write.ts";

/** A request that fits the description, and all that an answer to it is made of. */
export interface Situation {
  readonly operationId: string;
  readonly parameters: Parameters;
  readonly scope: WriteScope;
  /** Includes that the request asks for. */
  readonly asked: readonly string[];
  /** Base URL of the API. */
  readonly origin: string;
  /** URL of another page of the same request. */
  readonly urlOfPage: (page: number) => string;
  readonly file: SandboxFile;
  readonly referee: Referee;
  readonly collections: Collections;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Does what an operation does.
 *
 * @throws {ParameterError} when the vendor would refuse a value that the description allows.
 */
export function perform(operation: Operation | undefined, at: Situation): Answer {
  if (!operation) return ok(at, at.referee.example(at.operationId));
  if ("get" in operation) return get(operation, at);
  if ("update" in operation) return change(operation, at);
  const needed = need(operation.needs, at);
  if (!needed) return refuse(at.file.errors.notFound);
  if ("list" in operation) return list(operation, at);
  if ("create" in operation) return make(operation, needed, at);
  return ok(at, at.referee.example(at.operationId));
}

function list(operation: ListOperation, at: Situation): Answer {
  const { collections, file, parameters, now } = at;
  const rows = select(operation, parameters, { collections, language: file.language, now });
  const page = cut(rows, operation, parameters.query, file.paging);
  const items = page.rows.map((row) => show(row, operation.list, operation, at.asked, collections));
  const link = page.next === undefined ? undefined : `<${at.urlOfPage(page.next)}>;rel="next"`;
  return ok(at, { [operation.as]: items, ...page.beside }, link === undefined ? {} : { link });
}

function get(operation: GetOperation, at: Situation): Answer {
  const row = rowOf(operation.get, operation.by, at);
  if (!row) return refuse(at.file.errors.notFound);
  return ok(at, { [operation.as]: show(row, operation.get, operation, at.asked, at.collections) });
}

function change(operation: UpdateOperation, at: Situation): Answer {
  const row = rowOf(operation.update, operation.by, at);
  if (!row) return refuse(at.file.errors.notFound);
  const changed = update(operation, row, at.scope.body, at.collections);
  return ok(at, { [operation.as]: show(changed, operation.update, operation, at.asked, at.collections) });
}

function make(operation: CreateOperation, needed: Readonly<Record<string, Row>>, at: Situation): Answer {
  const form = operation.form === undefined ? undefined : at.referee.example(operation.form);
  const scope = { ...at.scope, ...needed, form, defaults: operation.defaults };
  const missing = missingFields(operation, scope);
  if (missing.length > 0) return refuse(at.file.errors.invalid, {}, missing);
  const row = create(operation, scope, at.collections);
  const { location } = operation;
  const headers =
    location === undefined ? {} : { location: encodeURI(`${at.origin}${String(fillPattern(location, row))}`) };
  return ok(at, { [operation.as]: show(row, operation.create, operation, [], at.collections) }, headers);
}

function rowOf(collection: string, parameter: string, { collections, parameters }: Situation): Row | undefined {
  return collections.find(collection, collections.rule(collection).key, parameters.path[parameter]);
}

/** Objects that must exist for an operation to make sense; undefined when one that the address names does not. */
function need(needs: readonly NeedRule[] | undefined, at: Situation): Record<string, Row> | undefined {
  const found: Record<string, Row> = {};
  for (const { collection, key, as } of needs ?? []) {
    const row = at.collections.find(collection, at.collections.rule(collection).key, fillPattern(key, at.scope));
    const [, field] = /^\{body\.([^{}]+)\}$/.exec(String(key)) ?? [];
    if (!row && field !== undefined) throw new ParameterError(field, `There is no such ${as.replaceAll("_", " ")}`);
    if (!row) return undefined;
    found[as] = row;
  }
  return found;
}

function ok({ referee, operationId }: Situation, body: unknown, headers: Answer["headers"] = {}): Answer {
  return { ...bare(referee.success(operationId)), headers, body };
}
