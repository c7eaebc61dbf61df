import type { Deployment } from "../deployment.ts";
import type { FilledRequest } from "../request/types.ts";
import type { Received } from "./exchange.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A request that was answered, with what the answer means. */
export interface Answered {
  /** As it was sent last. */
  readonly request: FilledRequest;
  readonly received: Received;
  readonly verdict: Verdict;
}

/**
 * Sends a request, and when the vendor refuses its credential, once more with a newer one: writes too, since whoever is refused at the
 * door has done nothing. Many calls that are refused at once cause one renewal; a call that comes late finds the newer credential
 * there.
 *
 * @throws {Problem} `reauthorize` when only a person can get a newer one.
 */
export async function sendSignedIn(
  request: FilledRequest,
  deployment: Deployment,
  send: (request: FilledRequest) => Promise<Received>,
): Promise<Answered> {
  const first = await answered(request);
  if (first.verdict !== "unauthorized") return first;
  const renewed = await request.credential?.renewed();
  if (!renewed) return first;
  const second = await answered(renewed);
  if (second.verdict === "unauthorized") await renewed.credential?.refused?.();
  return second;

  async function answered(filled: FilledRequest): Promise<Answered> {
    const received = await send(filled);
    const verdict = verdictOf(received, filled, deployment);
    if (verdict !== "unauthorized") filled.credential?.accepted();
    return { request: filled, received, verdict };
  }
}
