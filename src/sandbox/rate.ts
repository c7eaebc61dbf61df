import { fillPattern } from "./pattern.ts";
import type { SandboxFile } from "./sandbox-file.ts";

/** A request, as far as it is counted. */
export interface Costing {
  readonly cost: number;
  /** Undefined for what is no request of an operation. */
  readonly operationId: string | undefined;
}

/** What is left after a request was counted. */
export interface Counted {
  readonly allowed: boolean;
  /** Seconds until the window starts again. */
  readonly retryAfter: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Counts requests by calendar minute, as the vendor's limit does; every request counts, refused ones too.
 *
 * @param perMinute takes the place of all limits of the file, those of single operations too.
 */
export function createRate(
  rule: SandboxFile["rate"],
  perMinute?: number,
): (request: Costing, nowMs: number) => Counted {
  const limit = perMinute ?? rule.perMinute;
  const limits = new Map(perMinute === undefined ? Object.entries(rule.operations) : []);
  let minute = 0;
  let used = 0;
  let requests = new Map<string, number>();
  return ({ cost, operationId = "" }, nowMs) => {
    const current = Math.floor(nowMs / 60_000);
    if (current !== minute) {
      used = 0;
      requests = new Map();
    }
    minute = current;
    used += cost;
    const made = (requests.get(operationId) ?? 0) + 1;
    requests.set(operationId, made);
    const remaining = Math.max(0, limit - used);
    const headers = Object.entries(rule.headers).map(
      ([name, value]) => [name, String(fillPattern(value, { limit, remaining, cost }))] as const,
    );
    return {
      allowed: used <= limit && made <= (limits.get(operationId) ?? Infinity),
      retryAfter: 60 - (Math.floor(nowMs / 1000) % 60),
      headers: Object.fromEntries(headers),
    };
  };
}
