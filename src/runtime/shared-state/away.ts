import { Problem } from "../problem.ts";

/** What replicas share cannot be reached, and what was asked cannot be done without. Nothing was sent to the vendor. */
export function awayProblem(cause: unknown): Problem {
  return new Problem(
    "internal",
    "This server cannot reach the store that its replicas share just now, so the call was not made. Try again in a few seconds.",
    { retryable: true, retryAfterSeconds: 5, cause },
  );
}

/**
 * Why Redis is of no use, in a word: `ECONNREFUSED`, `WRONGPASS`, `no answer in time`. Never the words of an error, which may hold what was
 * sent.
 */
export function whyAway(error: unknown): string {
  if (error instanceof SlowError) return "no answer in time";
  if (error instanceof ForeignError) return error.message;
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return replyCode(error) ?? "connection lost";
}

/** Whether Redis is there, and said no: to try again at once is of no use, unless it only reads what it has on its disk. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && !("code" in error) ? replyCode(error) : undefined;
  return error instanceof ForeignError || (code !== undefined && code !== "LOADING");
}

/** How Redis itself begins an error: `WRONGPASS`, `NOAUTH`, `OOM`, `READONLY`. */
function replyCode({ message }: Error): string | undefined {
  return /^([A-Z]{3,})\b/.exec(message)?.[1];
}

/** An answer took too long. */
export class SlowError extends Error {
  override readonly name = "SlowError";
}

/** The keys belong to servers with another secret. */
export class ForeignError extends Error {
  override readonly name = "ForeignError";
}

/** The time of an answer is counted in so many parts. */
const PARTS = 5;

/**
 * Waits for an answer, for so long of this process's own time: on a machine that is too busy to run it, or to read what has come in, the
 * time goes slower, and Redis is not blamed for that.
 *
 * @throws {SlowError} when there is none in time; the work goes on, and how it ends is told to nobody.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = (parts: number) => {
      timer = setTimeout(() => {
        if (parts > 1) return wait(parts - 1);
        // Two turns of the loop more: what lies in the socket is read in the first, and its promises are kept before the second.
        setImmediate(() => setImmediate(() => reject(new SlowError("no answer in time"))));
      }, ms / PARTS);
    };
    wait(PARTS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    late.catch(() => undefined);
    work.catch(() => undefined);
  }
}
