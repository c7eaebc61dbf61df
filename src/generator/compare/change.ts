import type { Origin } from "../../diagnostics/diagnostic.ts";

/** How much a change of a description matters to those who call a tool. */
export type Weight = "breaking" | "additive" | "wording";

/** One thing that a newer description changes. */
export interface Change {
  readonly weight: Weight;
  /** The tool; undefined when it is about the API as a whole. */
  readonly tool: string | undefined;
  readonly message: string;
  /** Where it stands in the description that is in use, or in tools.yaml. */
  readonly before: Origin | undefined;
  /** Where it stands in the newer description. */
  readonly after: Origin | undefined;
  /** What to do, as an imperative sentence. */
  readonly fix: string;
}
