import { Problem, type ProblemCode } from "../problem.ts";
import type { FilledRequest } from "../request/types.ts";
import { type Failure, failureOf } from "./failure.ts";
import { AnswerTooLargeError, MAX_ANSWER_BYTES } from "./read-bytes.ts";

/** What was known when an exchange ended without a usable answer. */
export interface Circumstances {
  readonly request: FilledRequest;
  readonly title: string;
  /** Status of the answer that broke off, when there was one. */
  readonly status: number | undefined;
}

/** Turns what ended an exchange into a problem; a write that may have been carried out says so. */
export function transportProblem(error: unknown, circumstances: Circumstances): Problem {
  const { request, title, status } = circumstances;
  if (error instanceof AnswerTooLargeError) return tooLarge(error, circumstances);
  const failure = failureOf(error);
  const { code, words } = WORDS[failure];
  const facts = { retryable: RETRYABLE.has(failure), ...(status !== undefined && { status }), cause: error };
  if (BEFORE_SENDING.has(failure) || request.idempotent || request.effect === "read") {
    return new Problem(code, `${title} ${words(request.operation)}`, facts);
  }
  return outcomeUnknown(circumstances, `${title} ${words(request.operation)}`, error);
}

/** A write that may or may not have happened. */
export function outcomeUnknown({ title, status, request }: Circumstances, because: string, cause?: unknown): Problem {
  const said = because.replace(/ (?:Try again later|Ask for less)\.$/, "");
  return new Problem(
    "outcome_unknown",
    `${said} It is not known whether ${title} carried out ${request.operation}: check before you repeat it.`,
    {
      retryable: false,
      ...(status !== undefined && { status }),
      cause,
    },
  );
}

/** The call ended from our side: the client went away, or time ran out. */
export function endedProblem(
  circumstances: Circumstances,
  passed: boolean,
  underway: boolean,
  cause: unknown,
): Problem {
  const { request, title } = circumstances;
  const unknown = underway && !request.idempotent && request.effect !== "read";
  if (!passed) {
    const doubt = unknown ? ` It is not known whether ${title} carried it out.` : "";
    return new Problem("cancelled", `The call of ${request.operation} was cancelled.${doubt}`, { cause });
  }
  const words = `${title} did not answer ${request.operation} within the time for one call.`;
  if (unknown) return outcomeUnknown(circumstances, words, cause);
  return new Problem("timeout", `${words} Try again later, or ask for less.`, { retryable: true, cause });
}

interface Words {
  readonly code: ProblemCode;
  readonly words: (operation: string) => string;
}

const WORDS: Readonly<Record<Failure, Words>> = {
  unsent: {
    code: "upstream_unreachable",
    words: (operation) => `cannot be reached for ${operation}. Try again later.`,
  },
  "no-host": {
    code: "upstream_unreachable",
    words: () => "cannot be reached: its host name does not exist. Whoever runs this server must check its address.",
  },
  tls: {
    code: "tls_error",
    words: () =>
      "cannot be trusted: its certificate is not valid for its host. Whoever runs this server must check its address.",
  },
  broken: {
    code: "upstream_unreachable",
    words: (operation) => `broke off the connection during ${operation}. Try again later.`,
  },
  silent: { code: "timeout", words: (operation) => `did not answer ${operation} in time. Try again later.` },
  stalled: {
    code: "timeout",
    words: (operation) => `stopped in the middle of its answer to ${operation}. Try again later.`,
  },
  "headers-too-large": {
    code: "invalid_response",
    words: (operation) => `answered ${operation} with headers that are too large.`,
  },
  undecodable: {
    code: "decode_error",
    words: (operation) => `answered ${operation} with a body that cannot be decompressed.`,
  },
};

const BEFORE_SENDING: ReadonlySet<Failure> = new Set(["unsent", "no-host", "tls"]);
const RETRYABLE: ReadonlySet<Failure> = new Set(["unsent", "broken", "silent", "stalled"]);

function tooLarge(cause: unknown, { request, title, status }: Circumstances): Problem {
  const words = `${title} answered ${request.operation} with more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB.`;
  const done = request.effect !== "read" && status !== undefined && status < 300;
  return new Problem(
    "response_too_large",
    `${words} ${done ? "It was carried out: do not repeat it." : "Ask for less."}`,
    {
      ...(status !== undefined && { status }),
      cause,
    },
  );
}
