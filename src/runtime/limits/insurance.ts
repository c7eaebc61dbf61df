import { RETRY_MS } from "../shared-state/link.ts";

/** After Redis has come back, other replicas may take so long to notice, and to tell it what they took meanwhile. */
const HOLD_MS = 3 * RETRY_MS;

/** What one process allows itself of a window while Redis is away, or does not answer in time. */
export interface Insurance {
  /** What is used, as far as Redis could tell this process. */
  readonly base: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly endsAt: number;
  /** When this process may take more: milliseconds since the epoch. */
  readonly resetsAt: number;
  /** What was taken or added, and is not in `base`. */
  readonly taken: number;
  /** What happened without Redis, and it was not told of yet. */
  readonly untold: number;
  /** Whether it still says something: not once the window is over, nor a while after Redis was told. */
  holds(): boolean;
  /** Whether Redis's word alone is not enough: it was not told of everything, or others may not have told it. */
  counts(): boolean;
  /** Whether others hardly have taken the rest while Redis did not answer: a tenth of the limit is left. */
  hasPlenty(): boolean;
  /** Takes one of the process's part, if one is left. */
  take(): boolean;
  /** Adds to what was taken; a negative number gives back. */
  add(points: number): void;
  /** Redis counted so many after all, and says what is used with them. */
  confirm(points: number, used: number): void;
  /** Redis will never hear of so many by itself. */
  owe(points: number): void;
  /** Redis was told of so many. */
  settle(points: number): void;
}

/**
 * The part of a window that one of so many replicas may take by itself: of what is left as far as this process has heard of the window,
 * otherwise of the whole limit. Together they stay within the limit; a part below one is none.
 *
 *     100 a minute, 60 used, 4 replicas  →  10 for each until the minute is over
 */
export function insure({
  used,
  endsAt,
  limit,
  replicas,
}: {
  readonly used: number;
  readonly endsAt: number;
  readonly limit: number;
  readonly replicas: number;
}): Insurance {
  let [base, taken, untold, holdsUntil] = [used, 0, 0, Infinity];
  const add = (points: number) => void (taken = Math.max(0, taken + points));
  return {
    get base() {
      return base;
    },
    endsAt,
    get resetsAt() {
      return Math.min(endsAt, holdsUntil);
    },
    get taken() {
      return taken;
    },
    get untold() {
      return untold;
    },
    holds: () => Date.now() < Math.min(endsAt, holdsUntil),
    counts: () => untold !== 0 || holdsUntil !== Infinity,
    hasPlenty: () => limit - base - taken * replicas > limit / 10,
    take() {
      if (taken >= Math.floor(Math.max(0, limit - base) / replicas)) return false;
      taken += 1;
      return true;
    },
    add,
    confirm(points, counted) {
      base = Math.max(base, counted);
      add(-points);
    },
    owe(points) {
      untold += points;
      holdsUntil = Infinity;
    },
    settle(points) {
      untold -= points;
      holdsUntil = Date.now() + HOLD_MS;
    },
  };
}
