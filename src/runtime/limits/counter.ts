import type { RateLimiterMemory } from "rate-limiter-flexible";
import { SECONDS, type Window } from "./window.ts";

/** How much of a window is used, and when it starts again. */
export interface Reading {
  readonly used: number;
  /** Milliseconds since the epoch; undefined while nothing has been counted. */
  readonly resetsAt: number | undefined;
}

/** What came of asking for one. */
export interface Taken {
  readonly taken: boolean;
  /** When the window that was asked starts again, in milliseconds since the epoch. */
  readonly resetsAt: number;
}

/** Counts what one limit allows. */
export interface Counter {
  /** Takes one, if one is left. */
  take(): Promise<Taken>;
  /**
   * Gives back one that was taken. Once its window has ended there is nothing to give back: it would be one too many for the next.
   *
   * @param resetsAt End of the window that it was taken from.
   */
  giveBack(resetsAt: number): Promise<void>;
  /** Adds to what is used, whatever is left. */
  add(points: number): Promise<void>;
  read(): Promise<Reading>;
}

/** Counts in memory over a short window, which starts with the first take. */
export function memoryCounter(window: Window & { readonly unit: keyof typeof SECONDS }): Counter {
  let limiter: Promise<RateLimiterMemory> | undefined;
  // The package brings a store for every database there is: it is read when the first call is made, not at start.
  const open = () =>
    (limiter ??= import("rate-limiter-flexible").then(
      ({ RateLimiterMemory }) => new RateLimiterMemory({ points: window.limit, duration: SECONDS[window.unit] }),
    ));
  const key = "all";
  const windowMs = SECONDS[window.unit] * 1_000;
  // The library tells the end by the wall clock, and ends the window by a timer: a clock that was put back makes nobody wait longer.
  const endOf = (msBeforeNext: number) => Date.now() + Math.min(msBeforeNext, windowMs);
  return {
    async take() {
      const memory = await open();
      const result = await memory.penalty(key, 1); // counts without refusing, so that a refusal can be taken back exactly
      const taken = result.consumedPoints <= window.limit;
      if (!taken) await memory.reward(key, 1);
      return { taken, resetsAt: endOf(result.msBeforeNext) };
    },
    async giveBack(resetsAt) {
      const memory = await open();
      if (Date.now() < resetsAt - 1) await memory.reward(key, 1); // two clock readings are up to a millisecond apart
    },
    async add(points) {
      await (await open()).penalty(key, points);
    },
    async read() {
      const result = await (await open()).get(key);
      if (!result || result.msBeforeNext <= 0) return { used: 0, resetsAt: undefined };
      return { used: Math.max(0, result.consumedPoints), resetsAt: endOf(result.msBeforeNext) };
    },
  };
}
