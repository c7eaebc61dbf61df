import type { Operation } from "../../spec/operation.ts";

/** How messages call an operation. */
export function nameOf({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}
