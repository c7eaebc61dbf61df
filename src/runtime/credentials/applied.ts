import type { Cookies } from "./cookies.ts";

/** What a credential adds to a request, and what must be kept out of sight. */
export interface AppliedCredential {
  readonly headers: Readonly<Record<string, string>>;
  readonly queries: readonly string[];
  /** Cookies of its session. */
  readonly cookies?: Cookies;
  readonly secrets: readonly string[];
  /** The environment variables that it was read from. */
  readonly variables: readonly string[];
  /** What it was made with, when it may change while the server runs. */
  readonly stamp?: string;
  /** What a person does when the vendor refuses it. */
  readonly remedy?: string;
}

/** No credential: nothing of ours is sent. */
export const NO_CREDENTIAL: AppliedCredential = { headers: {}, queries: [], secrets: [], variables: [] };
