/** What one upstream was asked lately. */
interface Usage {
  /** Requests and retries of each second of the window, the newest last. */
  readonly seconds: { readonly at: number; requests: number; retries: number }[];
  /** Retries that are waiting or under way. */
  underway: number;
}

const WINDOW_SECONDS = 60;
const SHARE = 0.2; // of the window's requests: a vendor that is down gets a fifth more load from us, not three times as much
const ALWAYS = 3; // retries at a time that need no share: with few requests a fifth is nothing

/** By origin; the operator's servers are all there are. */
const usages = new Map<string, Usage>();

/** Counts a request to an upstream. */
export function countRequest(origin: string): void {
  thisSecond(usageOf(origin)).requests++;
}

/**
 * Takes a retry out of the upstream's budget.
 *
 * @returns `undefined` when the budget is used up; otherwise what to call when the retry has ended.
 */
export function takeRetry(origin: string): (() => void) | undefined {
  const usage = usageOf(origin);
  const second = thisSecond(usage);
  const total = usage.seconds.reduce(
    (sum, { requests, retries }) => ({ requests: sum.requests + requests, retries: sum.retries + retries }),
    {
      requests: 0,
      retries: 0,
    },
  );
  if (usage.underway >= ALWAYS && total.retries >= SHARE * total.requests) return undefined;
  second.retries++;
  usage.underway++;
  return () => {
    usage.underway--;
  };
}

function usageOf(origin: string): Usage {
  let usage = usages.get(origin);
  if (!usage) usages.set(origin, (usage = { seconds: [], underway: 0 }));
  return usage;
}

function thisSecond({ seconds }: Usage) {
  const now = Math.floor(performance.now() / 1_000); // monotonic: the wall clock may jump
  while (seconds[0] && seconds[0].at <= now - WINDOW_SECONDS) seconds.shift();
  let last = seconds.at(-1);
  if (last?.at !== now) seconds.push((last = { at: now, requests: 0, retries: 0 }));
  return last;
}
