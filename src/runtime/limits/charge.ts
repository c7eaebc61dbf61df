import { setTimeout as sleep } from "node:timers/promises";
import type { Request } from "../../definition/request.ts";
import { now } from "../clock.ts";
import type { Caller, CallContext, Deployment } from "../deployment.ts";
import type { Counter } from "./counter.ts";
import { type Limit, type LimitSet, limitsOf } from "./limits.ts";
import { type Refused, refusal } from "./refusal.ts";

/** Longest that a request waits for its turn before the call is refused, in milliseconds. */
const MAX_WAIT_MS = 10_000;
/** Requests of one account that may wait at a time; more would only time out together. */
const MAX_WAITING = 100;

const waiting = new WeakMap<LimitSet, number>();
const learning = new WeakMap<LimitSet, Promise<void>>();

/**
 * Charges one tool call, before anything of it is sent.
 *
 * @returns Takes the charge back, for a call that came to nothing because of our own limits.
 * @throws {Problem} `rate_limited` when a local limit is used up; then nothing was charged.
 */
export async function chargeCall(deployment: Deployment, caller?: Caller): Promise<() => Promise<void>> {
  const { refused, giveBack } = await takeAll(limitsOf(deployment, caller).calls);
  if (refused) throw await refusal(deployment, refused);
  return giveBack;
}

/** What is done around every HTTP request, retries included. */
export interface RequestMeter {
  /** Waits for its turn, or refuses; called before each attempt. */
  attempt(): Promise<void>;
  /** Learns from the vendor's own count; whoever is charged next waits until it has. */
  answered(headers: Headers): void;
  /** Takes back what the attempts were charged: the vendor counts them for nobody. */
  giveBack(): Promise<void>;
}

/**
 * Meters the requests of one call against the limits of the vendor's account and of the operation.
 *
 * A request waits when its turn comes within 10 s and before the deadline; otherwise it is refused at once, with the time to come back.
 */
export function meterRequests(deployment: Deployment, request: Request, context: CallContext): RequestMeter {
  const set = limitsOf(deployment, context.caller);
  const limits = [...set.upstream, ...(set.operations.get(`${request.method} ${request.path}`) ?? [])];
  const charges: (() => Promise<void>)[] = [];
  return {
    async attempt() {
      await learning.get(set);
      const giveUpAt = now() + Math.min(MAX_WAIT_MS, context.deadlineAt - now());
      for (;;) {
        const { refused, giveBack } = await takeAll(limits);
        if (!refused) return void charges.push(giveBack);
        const waitMs = refused.resetsAt - Date.now(); // windows end by the wall clock, patience does not
        if (waitMs > giveUpAt - now() || (waiting.get(set) ?? 0) >= MAX_WAITING)
          throw await refusal(deployment, refused);
        await wait(set, waitMs, context.signal);
      }
    },
    answered(headers) {
      const before = learning.get(set) ?? Promise.resolve();
      // A count that cannot be kept refuses the next call by itself; this answer is not to be lost over it.
      const learnt = before.then(() => learn(headers, deployment, set.upstream)).catch(() => undefined);
      learning.set(set, learnt);
    },
    async giveBack() {
      for (const giveBack of charges.splice(0)) await giveBack();
    },
  };
}

/** Charges what a request cost beyond the one it was charged, and spends the window that the vendor calls spent. */
async function learn(headers: Headers, deployment: Deployment, upstream: readonly Limit[]): Promise<void> {
  const names = deployment.api.definition.limits?.headers;
  const cost = numberIn(headers, names?.cost);
  if (cost !== undefined && cost > 1) {
    for (const { counter } of upstream) await counter.add(cost - 1);
  }
  if (numberIn(headers, names?.remaining) === 0) await spendShortest(upstream);
}

interface Charge {
  readonly refused: Refused | undefined;
  readonly giveBack: () => Promise<void>;
}

/** Takes one of every limit, or of none. */
async function takeAll(limits: readonly Limit[]): Promise<Charge> {
  const taken: { readonly counter: Counter; readonly resetsAt: number }[] = [];
  const giveBack = async () => {
    for (const { counter, resetsAt } of taken.splice(0)) await counter.giveBack(resetsAt);
  };
  let refused: Refused | undefined;
  try {
    for (const limit of limits) {
      const { taken: ok, resetsAt } = await limit.counter.take();
      if (!ok) {
        refused = { limit, resetsAt };
        break;
      }
      taken.push({ counter: limit.counter, resetsAt });
    }
  } finally {
    if (taken.length < limits.length) await giveBack(); // refused, or one could not be counted
  }
  return { refused, giveBack };
}

async function wait(set: LimitSet, ms: number, signal: AbortSignal): Promise<void> {
  waiting.set(set, (waiting.get(set) ?? 0) + 1);
  try {
    await sleep(Math.max(1, ms), undefined, { signal });
  } finally {
    waiting.set(set, (waiting.get(set) ?? 1) - 1);
  }
}

/** The vendor says that nothing is left: it can only mean the window that ends first. */
async function spendShortest(limits: readonly Limit[]): Promise<void> {
  const order = ["second", "minute", "hour", "day", "month"];
  const [shortest] = limits.toSorted((a, b) => order.indexOf(a.window.unit) - order.indexOf(b.window.unit));
  if (!shortest) return;
  const { used } = await shortest.counter.read();
  if (used < shortest.window.limit) await shortest.counter.add(shortest.window.limit - used);
}

function numberIn(headers: Headers, name: string | undefined): number | undefined {
  const text = name === undefined ? null : headers.get(name);
  return text !== null && /^[0-9]{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
