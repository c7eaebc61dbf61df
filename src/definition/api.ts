import type { Access } from "./access.ts";
import type { ExpressionText, Template } from "./template.ts";

/** A server of the vendor: a URL, its variables filled when the server starts (OAS Server Object). */
export interface Server {
  readonly url: string;
  /** Values for `{variables}` of the URL; `$env.NAME` is read from the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What we show the vendor, and to which of its servers: to no other. */
export type Credential = { readonly servers: readonly string[] } & (
  | { readonly basic: { readonly username: string; readonly password: string } } // RFC 7617
  | { readonly bearer: string } // RFC 6750
  | { readonly headers: Readonly<Record<string, string>> }
  | { readonly query: Readonly<Record<string, string>> }
);

/** Limits kept on our side, each `"100/minute"`, `"5000/month"` (also `second`, `hour`, `day`). */
export interface Limits {
  /** Tool calls. */
  readonly calls?: readonly string[];
  /** HTTP requests to the vendor. */
  readonly upstream?: readonly string[];
  /** HTTP requests to one operation, by `METHOD /path`. */
  readonly operations?: Readonly<Record<string, readonly string[]>>;
  /** Where the figures come from, said to who is refused by one that nobody overrode: `the vendor guide's figure`. */
  readonly source?: string;
  /** Response headers that tell what is left and what the request cost, in requests. */
  readonly headers?: { readonly remaining?: string; readonly cost?: string };
}

/** A prompt that the tools solve, with the calls it should lead to. */
export interface Example {
  readonly ask: string;
  readonly calls: readonly Readonly<Record<string, Template>>[];
}

/** Everything of an API that its tools share: `generated/<api>/index.ts` says it. */
export interface ApiDefinition {
  readonly name: string;
  readonly title: string;
  readonly servers: Readonly<Record<string, Server>>;
  readonly credentials?: Readonly<Record<string, Credential>>;
  readonly access?: Access;
  readonly limits?: Limits;
  readonly instructions?: string;
  /** Who asks, told to the model as far as the environment says it: `{ agent_id: "$env.AGENT_ID" }`. */
  readonly identity?: Readonly<Record<string, ExpressionText>>;
  readonly examples?: readonly Example[];
  /** Tool name → its module, loaded on the first call. */
  readonly tools: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>>;
}
