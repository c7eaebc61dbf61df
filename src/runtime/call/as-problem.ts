import { isOver } from "../clock.ts";
import type { CallContext } from "../deployment.ts";
import { Problem } from "../problem.ts";

/** Any error as one that the model may be told of. */
export function asProblem(error: unknown, context?: CallContext): Problem {
  if (error instanceof Problem) return error;
  if (context?.signal.aborted) return cancelled(context, error);
  return new Problem(
    "internal",
    "This server failed to carry out the call. That is a fault of the server, not of the arguments; tell the person who runs it.",
    {
      cause: error,
    },
  );
}

/** The problem of a call that nobody waits for any more. */
export function cancelled({ deadlineAt }: Pick<CallContext, "deadlineAt">, cause: unknown): Problem {
  return isOver(deadlineAt)
    ? new Problem("timeout", "The call ran out of time. Ask for less at once, or try again.", {
        retryable: true,
        cause,
      })
    : new Problem("cancelled", "The call was cancelled.", { cause });
}
