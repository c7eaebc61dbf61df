import type { RateLimiterMemory } from "rate-limiter-flexible";
import { SECONDS, type Window } from "./window.ts";

/** How much of a window is used, and when it starts again. */
export interface Reading {
  readonly used: number;
  /** Milliseconds since the epoch; undefined while nothing has been counted. */
  readonly resetsAt: number | undefined;
}

/** Counts what one limit allows. */
export interface Counter {
  /** Takes one, if one is left. */
  take(): Promise<{ readonly taken: boolean; readonly resetsAt: number }>;
  /** Adds to what is used, whatever is left; a negative number gives back. */
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
  return {
    async take() {
      const memory = await open();
      const result = await memory.penalty(key, 1); // counts without refusing, so that a refusal can be taken back exactly
      const taken = result.consumedPoints <= window.limit;
      if (!taken) await memory.reward(key, 1);
      return { taken, resetsAt: Date.now() + result.msBeforeNext };
    },
    async add(points) {
      const memory = await open();
      // Given back after its window has ended, it would be one too many for the next.
      if (points < 0 && ((await memory.get(key))?.consumedPoints ?? 0) <= 0) return;
      await memory.penalty(key, points);
    },
    async read() {
      const result = await (await open()).get(key);
      if (!result || result.msBeforeNext <= 0) return { used: 0, resetsAt: undefined };
      return { used: Math.max(0, result.consumedPoints), resetsAt: Date.now() + result.msBeforeNext };
    },
  };
}
