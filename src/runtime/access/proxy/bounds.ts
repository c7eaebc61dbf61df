import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

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
} as const;

/** Name of a bound. */
export type Bound = keyof typeof BOUNDS;

/** Counts what strangers do (T42), in memory, for each process by itself. */
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

/** Bounds that nothing has been counted against yet. */
export function openBounds(): Bounds {
  const limiters = new Map(Object.entries(BOUNDS).map(([name, options]) => [name, new RateLimiterMemory(options)]));
  const limiterOf = (bound: Bound) => {
    const limiter = limiters.get(bound);
    if (!limiter) throw new Error(`${bound} is no bound`);
    return limiter;
  };
  return {
    async take(bound, who) {
      try {
        await limiterOf(bound).consume(who);
        return undefined;
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw error;
      }
    },
    async giveBack(bound, who) {
      await limiterOf(bound).reward(who);
    },
  };
}
