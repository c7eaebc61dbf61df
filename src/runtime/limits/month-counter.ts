import type { Counter, Reading } from "./counter.ts";
import type { Change, Counts, MonthFile } from "./month-file.ts";

/** Counts over the calendar month in UTC, in a file that several processes share. */
export function monthCounter(file: MonthFile, name: string, limit: number): Counter {
  const used = (counts: Counts) => counts[name] ?? 0;
  return {
    take() {
      const now = new Date();
      return file.update(monthOf(now), (counts) => {
        const taken = used(counts) < limit;
        return {
          counts: taken ? { ...counts, [name]: used(counts) + 1 } : counts,
          result: { taken, resetsAt: endOfMonth(now) },
        };
      });
    },
    async add(points) {
      await file.update(monthOf(new Date()), (counts) => ({
        counts: { ...counts, [name]: Math.max(0, used(counts) + points) },
        result: undefined,
      }));
    },
    async read(): Promise<Reading> {
      const now = new Date();
      return { used: used(await file.read(monthOf(now))), resetsAt: endOfMonth(now) };
    },
  };
}

/** Counts of the month that end with the process: for the sandbox, and where there is no state directory. */
export function monthInMemory(): MonthFile {
  let current: { readonly month: string; readonly counts: Counts } = { month: "", counts: {} };
  const countsOf = (month: string) => (current.month === month ? current.counts : {});
  return {
    read: (month) => Promise.resolve(countsOf(month)),
    update<T>(month: string, change: Change<T>) {
      const { counts, result } = change(countsOf(month));
      current = { month, counts };
      return Promise.resolve(result);
    },
  };
}

/** `2026-11` */
function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

function endOfMonth(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}
