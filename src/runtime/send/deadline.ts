import { isOver, now } from "../clock.ts";
import type { CallContext } from "../deployment.ts";

/** The end of a call, whoever brings it about. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
  /** Whether time ran out, as opposed to a client that cancelled. */
  readonly passed: () => boolean;
  /** Lets go of the timer and of the client's signal. */
  readonly stop: () => void;
}

/** One signal for all attempts, pauses and reading of a request. */
export function startDeadline(context: CallContext): Deadline {
  const controller = new AbortController();
  const remainingMs = () => context.deadlineAt - now();
  let passed = false;
  const expire = () => {
    passed = true;
    controller.abort(new DOMException("The deadline of the call has passed.", "TimeoutError"));
  };
  const cancel = () => {
    passed ||= isOver(context.deadlineAt);
    controller.abort(context.signal.reason);
  };
  const timer = remainingMs() > 0 ? setTimeout(expire, Math.min(remainingMs(), 2 ** 31 - 1)) : undefined;
  if (timer === undefined) expire();
  if (context.signal.aborted) cancel();
  else context.signal.addEventListener("abort", cancel, { once: true });
  return {
    signal: controller.signal,
    remainingMs,
    passed: () => passed,
    stop: () => {
      clearTimeout(timer);
      context.signal.removeEventListener("abort", cancel);
    },
  };
}
