import type { Counter } from "./counter.ts";
import type { MonthLog } from "./month-log.ts";

/** Counts over the calendar month in UTC. */
export function monthCounter(log: MonthLog, limit: number): Counter {
  return {
    async take() {
      const now = new Date();
      return { taken: log.take(monthOf(now), limit), resetsAt: endOfMonth(now) };
    },
    async giveBack(resetsAt) {
      const now = new Date();
      if (endOfMonth(now) === resetsAt) log.add(monthOf(now), -1);
    },
    async add(points) {
      log.add(monthOf(new Date()), points);
    },
    async read() {
      const now = new Date();
      return { used: log.used(monthOf(now)), resetsAt: endOfMonth(now) };
    },
  };
}

/** Counts of the month that end with the process: for the sandbox, and where there is no state directory. */
export function monthInMemory(): MonthLog {
  const used = { month: "", points: 0 };
  const of = (month: string) => (used.month === month ? used : Object.assign(used, { month, points: 0 }));
  return {
    take(month, limit) {
      if (of(month).points >= limit) return false;
      used.points++;
      return true;
    },
    add(month, points) {
      used.points = Math.max(0, of(month).points + points);
    },
    used: (month) => of(month).points,
  };
}

/** The month of a moment in UTC: `2026-11`. */
export function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

/** When the month of a moment is over, in milliseconds since the epoch. */
export function endOfMonth(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}
