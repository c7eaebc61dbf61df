import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { within } from "../shared-state/away.ts";
import type { Client } from "../shared-state/client.ts";
import type { SharedState } from "../shared-state/shared-state.ts";

/**
 * What anybody may do here without being known, and how often from one address. An office, or the cloud of a client, is one address to
 * us, so the figures are for some hundred people who connect on the same morning.
 */
const BOUNDS = {
  /** Registrations of clients (RFC 7591). */
  register: { points: 60, duration: 600 },
  /** Sign-ins that are begun: each is kept for ten minutes. */
  authorize: { points: 300, duration: 600 },
  /** Client ID metadata documents that this server is made to fetch. */
  fetch: { points: 30, duration: 600 },
  /** Wrong secrets, for one client. */
  secret: { points: 10, duration: 60 },
  /** Calls with keys that the vendor does not take, and tokens of which the issuer, when it is asked, knows nothing. */
  stranger: { points: 600, duration: 600 },
} as const;

/** Name of a bound. */
export type Bound = keyof typeof BOUNDS;

/** Counts what strangers do (T42): over all replicas where they share Redis, otherwise in memory, for each process by itself. */
export interface Bounds {
  /**
   * Counts one.
   *
   * @returns undefined: it may be; otherwise the seconds until the next may.
   */
  take(bound: Bound, who: string): Promise<number | undefined>;
  /** Takes back one that did no harm. */
  giveBack(bound: Bound, who: string): Promise<void>;
}

/** Nobody signs in so quickly that this is felt, and one address is not to have the part of each replica. */
const PATIENCE_MS = 1_000;

/** A limiter of the library's. */
type Limiter = Pick<RateLimiterMemory, "consume" | "reward">;

/** Bounds that nothing has been counted against here yet. */
export function openBounds(shared?: SharedState): Bounds {
  const replicas = shared?.settings.replicas ?? 1;
  const here = limiters(({ points, ...options }) => {
    const part = Math.max(1, Math.floor(points / replicas));
    return new RateLimiterMemory({ ...options, points: part });
  });
  const there = new WeakMap<Client, (bound: Bound) => Limiter>();
  const on = (client: Client) => {
    const store = { storeClient: client, useRedisPackage: true };
    const made =
      there.get(client) ??
      limiters(
        (options, name) =>
          new RateLimiterRedis({ ...store, ...options, keyPrefix: shared?.key("bound", name) ?? name }),
      );
    there.set(client, made);
    return made;
  };
  /** In Redis, or, while that is away, this process's part of it. */
  const counted = async <T>(bound: Bound, work: (limiter: Limiter) => Promise<T>): Promise<T | RateLimiterRes> => {
    const sent = await shared?.attempt(async (client) => await settled(work(on(client)(bound))));
    const said = sent && (await within(PATIENCE_MS, sent.late).catch(() => undefined));
    return said ? said.value : await settled(work(here(bound)));
  };
  const keyOf = (who: string) => shared?.nameOf(who) ?? who;
  return {
    async take(bound, who) {
      const refused = await counted(bound, async (limiter) => void (await limiter.consume(keyOf(who))));
      return refused && Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    },
    async giveBack(bound, who) {
      await counted(bound, async (limiter) => void (await limiter.reward(keyOf(who))));
    },
  };
}

function limiters(make: (options: (typeof BOUNDS)[Bound], name: string) => Limiter): (bound: Bound) => Limiter {
  const made = new Map(Object.entries(BOUNDS).map(([name, options]) => [name, make(options, name)]));
  return (bound) => {
    const limiter = made.get(bound);
    if (!limiter) throw new Error(`${bound} is no bound`);
    return limiter;
  };
}

/** The library throws what is no error: that it was too often. */
async function settled<T>(work: Promise<T>): Promise<T | RateLimiterRes> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error;
  }
}
