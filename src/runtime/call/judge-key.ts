import type { CallContext, Deployment, Judgement, Trial } from "../deployment.ts";
import { keepLimits } from "../limits/limits.ts";
import type { RequestMeter } from "../limits/charge.ts";
import { Problem } from "../problem.ts";

/** The last answer to a request, as far as it says something of whoever asked. */
export interface Heard {
  readonly headers: Headers;
  readonly status: number;
}

/** Whether a stranger's key was refused at the door, so that nothing was done for it. */
export function isRefused(trial: Trial | undefined): boolean {
  return trial?.ofStranger === true && (trial.judgement === "refused" || trial.judgement === "forbidden");
}

/**
 * Sends a request with the key of a caller whom only the vendor can tell from a stranger, and hears what it says of that.
 *
 * An invented key is told of the vendor's count for strangers, if of any, and costs the account nothing; of a good one it is learnt when it was
 * taken.
 *
 * @param heard The last answer; undefined: there was none.
 */
export async function judged<T>(
  { deployment, context, trial }: { deployment: Deployment; context: CallContext; trial: Trial },
  { meter, heard }: { readonly meter: RequestMeter; readonly heard: () => Heard | undefined },
  send: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await send();
    trial.heard("taken");
    await keepLimits(deployment, context.caller);
    const last = heard();
    if (last && trial.ofStranger) meter.answered(last.headers);
    return answer;
  } catch (error) {
    const judgement = judgementOf(error, heard()?.status, context);
    if (judgement) trial.heard(judgement);
    if (isRefused(trial)) await meter.giveBack();
    throw error;
  }
}

/** What a failure says of the key; undefined: nothing, since the vendor was not asked, or was in no state to tell. */
function judgementOf(error: unknown, status: number | undefined, { signal }: CallContext): Judgement | undefined {
  if (status === undefined) {
    // Whoever leaves before the vendor has answered is not to be asked for nothing by it.
    return error instanceof Problem && error.code === "cancelled" && signal.aborted ? "undecided" : undefined;
  }
  if (error instanceof Problem && error.code === "credential_rejected") return "refused";
  if (error instanceof Problem && error.code === "forbidden") return "forbidden";
  return status === 429 || status >= 500 ? undefined : "undecided";
}
