/** What went wrong with a call, for programs. The words for the model are the message. */
export type ProblemCode =
  | "invalid_arguments"
  | "invalid_cursor"
  | "upstream_unreachable"
  | "tls_error"
  | "timeout"
  | "cancelled"
  | "outcome_unknown"
  | "credential_rejected"
  | "reauthorize" // a person must sign in again
  | "confirmation_needed" // a person has to agree first
  | "forbidden"
  | "not_found"
  | "conflict"
  | "rejected"
  | "contract_error"
  | "rate_limited"
  | "invalid_response"
  | "invalid_json"
  | "not_authenticated_html"
  | "decode_error"
  | "response_too_large"
  | "unexpected_redirect"
  | "ambiguous" // several are called so
  | "stopped" // the tool itself says why it went no further
  | "internal";

/** What is known of a problem besides its code and its words. */
export interface ProblemFacts {
  /** The same call may succeed later without a change. */
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  /** HTTP status of the vendor's answer. */
  readonly status?: number;
  /** Which limit of this server it was that refused: of calls, of requests to the vendor, or of one operation. */
  readonly limit?: "calls" | "requests" | "operation";
  /** Complaints about single arguments, in the model's own names. */
  readonly arguments?: readonly { readonly argument: string; readonly message: string }[];
  readonly cause?: unknown;
}

/**
 * A call that failed for a reason the model can be told. The message says who refused, which argument, and what to do next;
 * it never holds a URL, a header, a stack or a secret. Everything else that is thrown is our bug and reaches the model as `internal`.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, message: string, facts: ProblemFacts = {}) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}
