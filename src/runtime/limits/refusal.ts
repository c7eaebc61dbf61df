import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { type Limit, type LimitReading, readLimits } from "./limits.ts";

/** The limit that said no, and when it starts again (milliseconds since the epoch). */
export interface Refused {
  readonly limit: Limit;
  readonly resetsAt: number;
}

/**
 * Says that a limit of ours is used up: whose it is, how to change it, when to come back and what is left of the others.
 *
 *     The local limit of 5,000 calls a month to Acme is used up (the vendor guide's figure; override with ACME_CALLS_PER_MONTH). …
 */
export async function refusal(deployment: Deployment, { limit, resetsAt }: Refused): Promise<Problem> {
  const { window, subject } = limit;
  const { title, limits } = deployment.api.definition;
  const seconds = Math.max(1, Math.ceil((resetsAt - Date.now()) / 1000));
  const what = `${subject === "calls" ? "call" : "request"}${window.limit === 1 ? "" : "s"}`;
  const operation = subject === "calls" || subject === "requests" ? "" : `${subject} of `;
  const origin = [
    window.isDefault ? limits?.source : undefined,
    window.variable === undefined ? undefined : `override with ${window.variable}`,
  ].filter((part) => part !== undefined);
  const others = (await readLimits(deployment)).filter(
    (reading) =>
      reading.name.startsWith("calls ") && !(subject === "calls" && reading.name === `calls per ${window.unit}`),
  );
  return new Problem(
    "rate_limited",
    [
      `The local limit of ${grouped(window.limit)} ${what} a ${window.unit} to ${operation}${title} is used up`,
      origin.length > 0 ? ` (${origin.join("; ")})` : "",
      `; the request was not sent. Come back in ${grouped(seconds)} ${seconds === 1 ? "second" : "seconds"}, at ${utc(resetsAt)}.`,
      ...others.map((reading) => ` ${left(reading)}`),
    ].join(""),
    {
      retryable: true,
      retryAfterSeconds: seconds,
      limit: subject === "calls" || subject === "requests" ? subject : "operation",
    },
  );
}

function left({ name, limit, used }: LimitReading): string {
  return `Left: ${grouped(Math.max(0, limit - used))} of ${grouped(limit)} ${name}.`;
}

/** `5000` → `5,000` */
function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** `2026-12-01T00:00:00Z`, rounded up to the second. */
function utc(time: number): string {
  return new Date(Math.ceil(time / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
