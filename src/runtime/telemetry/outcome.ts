import { Problem } from "../problem.ts";
import { type Failure, failureOf } from "../send/failure.ts";
import { AnswerTooLargeError } from "../send/read-bytes.ts";

/** What one attempt at the vendor came to: the twelve words that `toolwright_upstream_attempts_total` and retries are counted by. */
export type Outcome =
  | "ok"
  | "rejected" // any 4xx that has no word of its own
  | "unauthorized"
  | "rate_limited"
  | "server_error"
  | "redirected" // to where it is not followed
  | "unreachable"
  | "tls_error"
  | "broken"
  | "timeout"
  | "unreadable" // too large, or not to be decoded
  | "cancelled";

/** The word for an answer of the vendor, by its HTTP status. */
export function outcomeOfStatus(status: number): Outcome {
  if (status === 401) return "unauthorized";
  if (status === 429) return "rate_limited";
  if (status >= 500) return "server_error";
  if (status >= 400) return "rejected";
  return status >= 300 ? "redirected" : "ok";
}

/**
 * The word for an attempt that ended without a usable answer.
 *
 * @param ended Who ended it, if it was ended from our side.
 */
export function outcomeOfError(error: unknown, ended: "deadline" | "client" | undefined): Outcome {
  if (ended) return ended === "deadline" ? "timeout" : "cancelled";
  if (error instanceof AnswerTooLargeError) return "unreadable";
  if (error instanceof Problem) return error.code === "unexpected_redirect" ? "redirected" : "broken";
  return BY_FAILURE[failureOf(error)];
}

const BY_FAILURE: Readonly<Record<Failure, Outcome>> = {
  unsent: "unreachable",
  "no-host": "unreachable",
  tls: "tls_error",
  broken: "broken",
  silent: "timeout",
  stalled: "timeout",
  "headers-too-large": "unreadable",
  undecodable: "unreadable",
};
