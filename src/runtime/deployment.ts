import type { ApiDefinition } from "../definition/api.ts";
import type { Catalog } from "../definition/catalog.ts";
import type { AccessSettings } from "./access/settings.ts";
import type { SharedState } from "./shared-state/shared-state.ts";
import type { RequestDescription } from "./request/describe-request.ts";
import type { CallObserver } from "./telemetry/telemetry.ts";

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
  /** What replicas share, which then takes the place of the state directory. Undefined: there is one machine. */
  readonly shared?: SharedState | undefined;
  readonly readOnly: boolean;
  /** What a person types to sign in. Default: `toolwright login <api>`. */
  readonly loginCommand?: string | undefined;
  /** Who may call over HTTP. Undefined: whoever started this process, who needs no door. */
  readonly access?: AccessSettings | undefined;
}

/** Whoever calls over HTTP, as the door knows him. */
export interface Caller {
  /** Half a SHA-256 of who it is: keys caches, limiters and the vault, and says nothing of the person. */
  readonly key: string;
  /** For the audit line; undefined for a bare key. */
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly scopes: readonly string[];
  /** What he brings for the vendor; `shared`: the server's own credentials, by an operator's explicit word. */
  readonly credentials: "shared" | CallerCredentials;
  /** Whether he may be anybody; undefined: whoever let him in knows him. */
  readonly standing?: CallerStanding | undefined;
}

/** How a caller stands whom only the vendor can tell from a stranger, by taking the key that he brings. */
export interface CallerStanding {
  /** Where he comes from, as strangers are counted by. */
  readonly address: string;
  /** The vendor has not taken his key yet, as far as this process remembers. */
  isStranger(): boolean;
  /**
   * Begins a call; one of a stranger is counted.
   *
   * @throws {Problem} `rate_limited` when too many were made with his key, or with keys from his address, that the vendor did not take.
   */
  begin(): Promise<Trial>;
}

/** What the vendor thinks of the key of one call. */
export interface Trial {
  /** Whether he was one when the call began: then what the vendor refuses costs the account nothing. */
  readonly ofStranger: boolean;
  /** What the vendor thought of it first; undefined: it was not asked, or could not tell. */
  readonly judgement: Judgement | undefined;
  /** The vendor was asked with the key. */
  heard(judgement: Judgement): void;
  /** Must be called once the call is over: what did no harm is not counted any longer. */
  end(): Promise<void>;
}

/** `forbidden`: it may be a good key with which this may not be done; `undecided`: the answer was about something else. */
export type Judgement = "taken" | "refused" | "forbidden" | "undecided";

/** What a caller brings for the vendor. The environment never takes the place of what is missing here. */
export interface CallerCredentials {
  /**
   * The secret of a credential for this request: an API key, or an access token.
   *
   * @param rejected The vendor refused what the last call of this answered: ask for a newer one.
   * @throws {Problem} `credential_rejected` when there is none, saying how the person gets one.
   */
  readonly secret: (credential: string, rejected: boolean) => Promise<string>;
}

/** One call of a tool, from its start to its answer. */
export interface CallContext {
  /** Undefined: whoever started the server. */
  readonly caller?: Caller | undefined;
  /** Of the key that the caller brings. Undefined: whoever let him in knows him. */
  readonly trial?: Trial | undefined;
  /** Fires when the client cancels, the deadline passes or the server shuts down. */
  readonly signal: AbortSignal;
  /** When nothing may be started any more, by the clock of `now()`. */
  readonly deadlineAt: number;
  /** Tells the client how far a long call is; does nothing when it did not ask. */
  readonly progress: (done: number, total: number | undefined, message: string) => void;
  /** Is told of every attempt at the vendor. Absent: nobody looks. */
  readonly observer?: CallObserver | undefined;
  /** Told of every request to the vendor once it was answered, secrets masked. */
  readonly sent?: ((request: SentRequest) => void) | undefined;
  /** Asks the person behind the client before something that cannot be taken back. Absent: nobody can be asked. */
  readonly confirm?: (question: Question) => Promise<Decision>;
}

/** A request that the vendor answered, as a person may see it. */
export interface SentRequest {
  readonly request: RequestDescription;
  readonly status: number;
  /** From the attempt to the headers of its answer. */
  readonly ms: number;
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
