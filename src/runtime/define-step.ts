import type { Step } from "../definition/call.ts";

/** Declares a step that several tools share; what it sends is checked with each of them. */
export function defineStep<const S extends Step>(step: S): S {
  return step;
}
