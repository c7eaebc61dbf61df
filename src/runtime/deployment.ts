import type { ApiDefinition } from "../definition/api.ts";
import type { Catalog } from "../definition/catalog.ts";

/** An API as it is generated: what the model may see, and how it is carried out. */
export interface LoadedApi {
  readonly definition: ApiDefinition;
  readonly catalog: Catalog;
}

/** An API as it runs here: its description, with everything of this place and moment that a call needs. */
export interface Deployment {
  readonly api: LoadedApi;
  /** `sandbox`: every server is the stand-in on loopback and nothing of the real environment is used. */
  readonly mode: "live" | "sandbox";
  /** Variables the definition reads, by name. The process environment, or the sandbox's own values. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Base URL of each named server, variables filled in, without a slash at the end. */
  readonly servers: Readonly<Record<string, URL>>;
  /** Folders that a file argument may name a path in; empty: no paths. */
  readonly uploadRoots: readonly string[];
  /** Where counters live that must outlast the process. Undefined: memory only. */
  readonly stateDirectory: string | undefined;
  readonly readOnly: boolean;
}

/** One call of a tool, from its start to its answer. */
export interface CallContext {
  /** Fires when the client cancels, the deadline passes or the server shuts down. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch after which nothing may be started. */
  readonly deadlineAt: number;
  /** Tells the client how far a long call is; does nothing when it did not ask. */
  readonly progress: (done: number, total: number | undefined, message: string) => void;
  /** Who asks, as an opaque text: nothing that is kept for one is ever handed to another. Absent: all callers are one. */
  readonly caller?: string;
  /** Asks the person behind the client before something that cannot be taken back. Absent: nobody can be asked. */
  readonly confirm?: (question: Question) => Promise<Decision>;
}

/** A question to a person. */
export interface Question {
  /** What will be done, with which arguments. */
  readonly sentence: string;
  /** Digest of the tool and the arguments: an answer counts for nothing else. */
  readonly subject: string;
}

/** What came of a question; `asked`: it is on its way, and the call will come again with the answer. */
export type Decision = "accepted" | "declined" | "cancelled" | "asked";
