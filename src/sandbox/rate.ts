import { fillPattern } from "./pattern.ts";
import type { SandboxFile } from "./sandbox-file.ts";

/** What is left after a request was counted. */
export interface Counted {
  readonly allowed: boolean;
  /** Seconds until the window starts again. */
  readonly retryAfter: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts requests by calendar minute, as the vendor's limit does; every request counts, refused ones too. */
export function createRate(rule: SandboxFile["rate"], limit: number): (cost: number, now: number) => Counted {
  let minute = 0;
  let used = 0;
  return (cost, now) => {
    const current = Math.floor(now / 60_000);
    if (current !== minute) used = 0;
    minute = current;
    used += cost;
    const remaining = Math.max(0, limit - used);
    const headers = Object.entries(rule.headers).map(([name, value]) => [
      name,
      String(fillPattern(value, { limit, remaining, cost })),
    ]);
    return {
      allowed: used <= limit,
      retryAfter: 60 - (Math.floor(now / 1000) % 60),
      headers: Object.fromEntries(headers) as Record<string, string>,
    };
  };
}
