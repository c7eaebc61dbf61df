import type { OperationEntry } from "./operation.ts";
import type { Spec } from "./spec.ts";

/**
 * Finds the operations that a reference of tools.yaml means: none, one, or several that share an operationId.
 *
 *     "listTickets"        an operationId
 *     "GET /tickets/{id}"  method and path; `{id}` and `{ticket_id}` are the same when only one operation fits
 */
export function findOperation(spec: Spec, reference: string): OperationEntry[] {
  const { byId, byPath, byShape } = indexOf(spec);
  const wanted = reference.trim();
  const named = byId.get(wanted);
  if (named) return named;
  const [, word = "", path = ""] = /^(\S+)\s+(\S.*)$/.exec(wanted) ?? [];
  // Methods of OpenAPI are written in capitals; one of `additionalOperations` is what it is.
  for (const method of new Set([word, word.toUpperCase()])) {
    const found = byPath.get(`${method} ${path}`) ?? byShape.get(`${method} ${shape(path)}`);
    if (found) return found;
  }
  return [];
}

/** Ways to find the operations of a description. */
interface OperationIndex {
  readonly byId: ReadonlyMap<string, OperationEntry[]>;
  readonly byPath: ReadonlyMap<string, OperationEntry[]>;
  /** By method and path without the names of its parameters. */
  readonly byShape: ReadonlyMap<string, OperationEntry[]>;
}

/** A tools.yaml may name each of a thousand operations: going through them all for each would take longer than the rest. */
const indexes = new WeakMap<Spec, OperationIndex>();

function indexOf(spec: Spec): OperationIndex {
  const known = indexes.get(spec);
  if (known) return known;
  const byId = new Map<string, OperationEntry[]>();
  const byPath = new Map<string, OperationEntry[]>();
  const byShape = new Map<string, OperationEntry[]>();
  for (const entry of spec.entries) {
    if (entry.operationId !== undefined) add(byId, entry.operationId, entry);
    add(byPath, `${entry.method} ${entry.path}`, entry);
    add(byShape, `${entry.method} ${shape(entry.path)}`, entry);
  }
  const index = { byId, byPath, byShape };
  indexes.set(spec, index);
  return index;
}

function add(map: Map<string, OperationEntry[]>, key: string, entry: OperationEntry): void {
  const sharing = map.get(key);
  if (sharing) sharing.push(entry);
  else map.set(key, [entry]);
}

/** `/tickets/{id}` → `/tickets/{}`. */
function shape(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, "{}");
}
