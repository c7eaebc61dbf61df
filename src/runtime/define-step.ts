import type { WrittenStep } from "../definition/tool.ts";

/** Declares a step that several tools share; what it sends is checked with each of them. */
export function defineStep<const S extends WrittenStep>(step: S): S {
  return step;
}
