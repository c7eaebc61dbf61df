import type { Counter, Taken } from "./counter.ts";
import { endOfMonth } from "./month-counter.ts";
import { SECONDS, type Window } from "./window.ts";

/** Counts for an account of which nobody knows yet whether there is one. */
export interface TrialCounter extends Counter {
  /** There is one: what was taken is counted where it belongs, and so is everything after it. */
  keep(): Promise<void>;
}

/**
 * Counts in memory until an account is kept, so that one that was invented leaves nothing behind, in no file and in no Redis (T42). One that
 * has been counted before, by whichever process, is held to that from its first call on.
 */
export function onTrial(counter: Counter, window: Window): TrialCounter {
  let kept = false;
  let [here, endsAt] = [0, 0];

  function open(): void {
    if (Date.now() < endsAt) return;
    [here, endsAt] = [0, endOf(window)];
  }

  function takeHere(): Taken {
    open();
    if (here >= window.limit) return { taken: false, resetsAt: endsAt };
    here++;
    return { taken: true, resetsAt: endsAt };
  }

  return {
    async take() {
      const isNew = !kept && (await counter.read()).used === 0;
      return isNew && !kept ? takeHere() : await counter.take(); // it may have been kept meanwhile
    },
    async giveBack(resetsAt) {
      if (here > 0 && resetsAt === endsAt) here--;
      else await counter.giveBack(resetsAt);
    },
    async add(points) {
      if (kept) return await counter.add(points);
      open();
      here += points;
    },
    async read() {
      const { used, resetsAt } = await counter.read();
      open();
      return { used: used + here, resetsAt: resetsAt ?? (here > 0 ? endsAt : undefined) };
    },
    async keep() {
      if (kept) return;
      kept = true;
      open();
      const taken = here;
      here = 0;
      if (taken > 0) await counter.add(taken);
    },
  };
}

/** End of a window that begins now, in milliseconds since the epoch. */
function endOf({ unit }: Window): number {
  return unit === "month" ? endOfMonth(new Date()) : Date.now() + SECONDS[unit] * 1000;
}
