import { Problem } from "../problem.ts";
import type { FilledRequest } from "../request/types.ts";
import { failureOf } from "./failure.ts";
import { AnswerTooLargeError } from "./read-bytes.ts";
import type { Received } from "./exchange.ts";
import { retryAfterSeconds } from "./retry-after.ts";

const BASE_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 4_000;

/** Retries of one request, at most. */
export const MAX_RETRIES = 2;

/**
 * How long to wait before the same request is sent again; `undefined` when it must not be, or would not help.
 *
 * A write is repeated only when the vendor cannot have carried it out: no connection, or a 429.
 *
 * @param received The vendor's answer when there was one; otherwise `error` says what happened.
 * @param retry Counted from 1.
 */
export function retryDelayMs(
  request: FilledRequest,
  received: Received | undefined,
  error: unknown,
  retry: number,
): number | undefined {
  const repeatable = request.idempotent || request.effect === "read";
  if (received) {
    if (received.status === 429 || (repeatable && passes(received.status))) {
      const waitSeconds = retryAfterSeconds(received.headers);
      return waitSeconds === undefined ? backoffMs(retry) : waitSeconds * 1_000;
    }
    return undefined;
  }
  if (error instanceof Problem || error instanceof AnswerTooLargeError) return undefined;
  switch (failureOf(error)) {
    case "unsent":
      return backoffMs(retry);
    case "broken":
    case "stalled":
      return repeatable ? backoffMs(retry) : undefined;
    case "silent": // it had its time; asking again would take it twice
    case "no-host":
    case "tls":
    case "headers-too-large":
    case "undecodable":
      return undefined;
  }
}

/** Statuses that pass. 500 is none: most often it is our request that the vendor stumbles over, every time. */
function passes(status: number): boolean {
  return status === 408 || (status >= 502 && status <= 504) || (status >= 520 && status <= 530); // 52x: a proxy's 502 and 504
}

/** Full jitter: those who failed together do not come back together. */
function backoffMs(retry: number): number {
  return Math.random() * Math.min(MAX_BACKOFF_MS, BASE_BACKOFF_MS * 2 ** (retry - 1));
}
