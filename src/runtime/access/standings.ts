import { LRUCache } from "lru-cache";
import type { CallerStanding, Judgement, Trial } from "../deployment.ts";
import { Problem } from "../problem.ts";
import type { Bounds } from "./bounds.ts";

/** How the keys stand that people bring: which of them the vendor has taken. */
export interface Standings {
  /**
   * @param key What the caller is known by, never the key itself.
   * @param address Where he comes from, as strangers are counted by.
   */
  of(key: string, address: string): CallerStanding;
}

/** Keys that are remembered; the one that was not used for longest is forgotten first, and is a stranger's until the vendor takes it again. */
const MOST_KEYS = 10_000;
/** How often the vendor is asked with one key that it refuses, and in which time: a person mends it, a program tries again. */
const MOST_REFUSALS = 10;
const REFUSALS_MS = 60_000;

/**
 * Keeps strangers, whoever they say they are, within what one address may do (T42): nobody but the vendor can tell an invented key from a
 * good one. A key that it took counts for nothing here any longer, from whatever address; one that it refuses leaves nothing for longer
 * than its bound lasts.
 */
export function openStandings(title: string, bounds: Bounds): Standings {
  const taken = new LRUCache<string, true>({ max: MOST_KEYS });
  const refusals = new LRUCache<string, number>({ max: MOST_KEYS, ttl: REFUSALS_MS, noUpdateTTL: true });

  function hear(key: string, judgement: Judgement): void {
    if (judgement === "taken") {
      taken.set(key, true);
      refusals.delete(key);
    } else if (judgement === "refused" || (judgement === "forbidden" && !taken.has(key))) {
      if (judgement === "refused") taken.delete(key);
      refusals.set(key, (refusals.get(key) ?? 0) + 1);
    }
  }

  async function count(key: string, address: string): Promise<void> {
    if ((refusals.get(key) ?? 0) >= MOST_REFUSALS) {
      const seconds = Math.max(1, Math.ceil(refusals.getRemainingTTL(key) / 1000));
      const why = `${title} has just refused this key ${MOST_REFUSALS} times, and was not asked again.`;
      throw tooOften(`${why} Whoever asks must check the key in the settings of their client.`, seconds);
    }
    const seconds = await bounds.take("stranger", address);
    if (seconds === undefined) return;
    const why = `Too many calls came from your network with keys that ${title} does not know, and it was not asked with another.`;
    throw tooOften(why, seconds);
  }

  return {
    of: (key, address) => ({
      address,
      isStranger: () => taken.get(key) === undefined,
      async begin(): Promise<Trial> {
        const ofStranger = taken.get(key) === undefined;
        if (ofStranger) await count(key, address);
        let first: Judgement | undefined;
        return {
          ofStranger,
          get judgement() {
            return first;
          },
          heard(judgement) {
            first ??= judgement;
            hear(key, judgement);
          },
          async end() {
            if (ofStranger && (first === undefined || first === "taken")) await bounds.giveBack("stranger", address);
          },
        };
      },
    }),
  };
}

function tooOften(why: string, seconds: number): Problem {
  const message = `${why} Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
  return new Problem("rate_limited", message, { retryable: true, retryAfterSeconds: seconds });
}
