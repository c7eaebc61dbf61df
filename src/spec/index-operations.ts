import type { OpenAPIV3 } from "openapi-types";
import type { Method } from "../definition/request.ts";
import type { Origin } from "../diagnostics/diagnostic.ts";
import { duplicateOperationId, malformedSpec, unsupportedMethod } from "../diagnostics/messages.ts";
import { follow, refOf, type Report } from "./follow.ts";
import { child, children, isObject, textOf, wordsOf, type Node } from "./node.ts";
import type { OperationEntry, SpecFormat } from "./operation.ts";
import type { Documents } from "./spec.ts";

/** Members of a path item that are operations; the type makes sure that none is forgotten. `query` is one since 3.2. */
const METHODS: Readonly<Record<`${OpenAPIV3.HttpMethods}` | "query", Method>> = {
  get: "GET",
  put: "PUT",
  post: "POST",
  delete: "DELETE",
  options: "OPTIONS",
  head: "HEAD",
  patch: "PATCH",
  trace: "TRACE",
  query: "QUERY",
};

/** The operations of a description, and the path item that each was found in. */
export interface OperationIndex {
  readonly entries: readonly OperationEntry[];
  readonly pathItems: ReadonlyMap<OperationEntry, Origin>;
}

/** Lists the operations in the order of the description. Follows references to path items and operations, and no others. */
export function indexOperations(documents: Documents, format: SpecFormat, report: Report): OperationIndex {
  const pathItems = new Map<OperationEntry, Origin>();
  const root: Node = { value: documents.values.get(documents.main), origin: { file: documents.main, pointer: "" } };
  for (const [path, pathItem] of children(child(root, "paths"))) {
    if (!path.startsWith("x-")) indexPath(path, pathItem, { documents, format, report, pathItems });
  }
  const entries = [...pathItems.keys()];
  reportSharedIds(entries, report);
  return { entries, pathItems };
}

interface Context {
  readonly documents: Documents;
  readonly format: SpecFormat;
  readonly report: Report;
  readonly pathItems: Map<OperationEntry, Origin>;
}

/** A path item may be elsewhere and have operations beside its `$ref` as well; the ones here count. */
function indexPath(path: string, pathItem: Node, context: Context): void {
  const elsewhere =
    refOf(pathItem.value) === undefined ? undefined : follow(pathItem, context.documents, context.report);
  const found = new Set<Method>();
  for (const item of elsewhere ? [pathItem, elsewhere] : [pathItem]) {
    if (!isObject(item.value)) {
      context.report(
        malformedSpec({ at: item.origin, what: `the path "${path}"`, expected: "an object with methods" }),
      );
      continue;
    }
    for (const [method, operation] of operationsOf(item, context)) {
      if (found.has(method)) continue;
      found.add(method);
      indexOperation({ method, path }, operation, item, context);
    }
  }
}

/** The operations of a path item by method, those of the vendor's own methods last; what nobody can send is told, not read. */
function operationsOf(item: Node, { format, report }: Context): [Method, Node][] {
  const current = format === "openapi-3.2";
  const own = children(item).flatMap(([key, operation]): [Method, Node][] =>
    isMethod(key) && (key !== "query" || current) ? [[METHODS[key], operation]] : [],
  );
  const additional = current ? children(child(item, "additionalOperations")) : [];
  return [...own, ...additional].filter(([method, { origin }]) => {
    const reason = whyUnsendable(method, own);
    if (reason !== undefined) report(unsupportedMethod({ at: { ...origin, key: true }, method, reason }));
    return reason === undefined;
  });
}

/** A token (RFC 9110 §5.6.2), which is all that a method has to be. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Methods that `fetch` never sends: they are about the connection, or echo what proves who we are (Fetch §2.2.1). */
const FORBIDDEN = /^(?:CONNECT|TRACE|TRACK)$/i;

function whyUnsendable(method: string, own: readonly [Method, Node][]): string | undefined {
  if (FORBIDDEN.test(method)) return "no client sends it";
  if (!TOKEN.test(method)) return "it is no token of HTTP";
  const isOwn = own.some(([one]) => one === method);
  // OAS 3.2.0 §4.9.1: a method that has a member of its own must not stand here; `fetch` would write it in capitals.
  if (!isOwn && Object.values(METHODS).includes(method.toUpperCase())) return "it has a member of its own in a path";
  return undefined;
}

function isMethod(key: string): key is keyof typeof METHODS {
  return Object.hasOwn(METHODS, key);
}

function indexOperation(address: { method: Method; path: string }, node: Node, item: Node, context: Context): void {
  const operation = follow(node, context.documents, context.report);
  if (!operation) return;
  if (!isObject(operation.value)) {
    const what = `${address.method} ${address.path}`;
    context.report(malformedSpec({ at: operation.origin, what, expected: "an operation" }));
    return;
  }
  const entry: OperationEntry = {
    ...address,
    origin: operation.origin,
    operationId: textOf(operation, "operationId") || undefined,
    summary: textOf(operation, "summary"),
    tags: wordsOf(operation, "tags"),
  };
  context.pathItems.set(entry, item.origin);
}

function reportSharedIds(entries: readonly OperationEntry[], report: Report): void {
  const byId = new Map<string, OperationEntry>();
  for (const entry of entries) {
    if (entry.operationId === undefined) continue;
    const first = byId.get(entry.operationId);
    if (!first) {
      byId.set(entry.operationId, entry);
      continue;
    }
    report(
      duplicateOperationId({
        at: child({ value: undefined, origin: entry.origin }, "operationId").origin,
        operationId: entry.operationId,
        operation: `${entry.method} ${entry.path}`,
        first: child({ value: undefined, origin: first.origin }, "operationId").origin,
      }),
    );
  }
}
