import type { OperationEntry } from "./operation.ts";
import type { Spec } from "./spec.ts";

/**
 * Finds the operations that a reference of tools.yaml means: none, one, or several that share an operationId.
 *
 *     "listTickets"        an operationId
 *     "GET /tickets/{id}"  method and path; `{id}` and `{ticket_id}` are the same when only one operation fits
 */
export function findOperation(spec: Spec, reference: string): OperationEntry[] {
  const wanted = reference.trim();
  const byId = spec.entries.filter(({ operationId }) => operationId === wanted);
  if (byId.length > 0) return byId;
  const [, method = "", path = ""] = /^([A-Za-z]+)\s+(\S.*)$/.exec(wanted) ?? [];
  const sameMethod = spec.entries.filter((entry) => entry.method === method.toUpperCase());
  const exact = sameMethod.filter((entry) => entry.path === path);
  return exact.length > 0 ? exact : sameMethod.filter((entry) => shape(entry.path) === shape(path));
}

/** `/tickets/{id}` → `/tickets/{}`. */
function shape(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, "{}");
}
