import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer.ts";
import type { Entry } from "./ledger.ts";

/** A request as it came, its body not yet read. */
export interface Arrived {
  readonly request: IncomingMessage;
  /** Path below the server's own, as it was sent: begins with `/`. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** URL of the server, without a slash at the end. */
  readonly url: string;
  /** What is remembered of it; whoever answers writes down what it found out. */
  readonly entry: Entry;
}

/** Answers the requests of one server. */
export type Handler = (arrived: Arrived) => Promise<Answer>;
