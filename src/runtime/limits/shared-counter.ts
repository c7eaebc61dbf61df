import { within } from "../shared-state/away.ts";
import type { SharedState } from "../shared-state/shared-state.ts";
import type { Counter, Taken } from "./counter.ts";
import { insure, type Insurance } from "./insurance.ts";
import { endOfMonth, monthOf } from "./month-counter.ts";
import { type Heard, type Place, redisWindow } from "./redis-window.ts";
import { SECONDS, type Window } from "./window.ts";

/** Where little is left, or nothing was heard yet, a slow Redis is waited for: others may have taken it. */
const PATIENCE_MS = 1_000;

/**
 * Counts over all replicas, in Redis. While that is away, or does not answer within 50 ms, this process keeps to its part of what is left as
 * far as it knows; what Redis does not count by itself later it is told when it is back, and until the others have told it too, both have
 * to agree.
 *
 * @param name Of the limit: whose it is and what it counts.
 */
export function sharedCounter(shared: SharedState, name: readonly string[], window: Window): Counter {
  const { limit } = window;
  const { replicas } = shared.settings;
  const redis = redisWindow(shared, limit);
  const placeNow = placing(shared, name, window);
  let heard: Heard | undefined;
  let insurance: Insurance | undefined;
  /** Parts of which Redis has to hear, and where. */
  const owing = new Map<Insurance, Place>();

  function hear(said: Heard): Heard {
    heard = said;
    return said;
  }

  function holding(): Insurance | undefined {
    return insurance?.holds() ? insurance : undefined;
  }

  /** The part of this process, which begins when Redis is not heard in time. */
  function insured(place: Place): Insurance {
    const time = Date.now();
    const of = heard && time < heard.endsAt ? heard : { used: 0, endsAt: place.endsAt ?? time + place.seconds * 1000 };
    insurance = holding() ?? insure({ ...of, limit, replicas });
    return insurance;
  }

  /** What happened in this process's part: Redis counts it yet, or has to be told. */
  async function follow(
    part: Insurance,
    place: Place,
    points: number,
    late: Promise<Heard | undefined>,
  ): Promise<void> {
    const said = await late;
    if (said) return part.confirm(points, hear(said).used);
    part.owe(points);
    tellLater(part, place);
  }

  /** However many windows pass while Redis is away, one listener waits for it, and what is over is forgotten. */
  function tellLater(part: Insurance, then: Place): void {
    if (owing.size === 0) shared.whenBack(() => void tell());
    for (const one of owing.keys()) if (!one.holds()) owing.delete(one);
    owing.set(part, then);
  }

  async function tell(): Promise<void> {
    for (const [part, then] of owing) {
      const { base, untold, endsAt } = part;
      const said = part.holds() && untold !== 0 ? await redis.catchUp(then, base, untold, endsAt) : undefined;
      if (said) {
        hear(said);
        part.settle(untold);
      }
      if (!part.holds() || part.untold === 0) owing.delete(part);
    }
    if (owing.size > 0) shared.whenBack(() => void tell()); // it went again
  }

  function answer(said: Heard, agreed: Insurance | undefined): Taken {
    const { used, endsAt } = hear(said);
    if (used > limit) agreed?.add(-1);
    return { taken: used <= limit, resetsAt: endsAt };
  }

  return {
    async take() {
      const place = placeNow();
      const own = holding();
      const agreed = own?.counts() ? own : undefined;
      if (agreed && !agreed.take()) return { taken: false, resetsAt: agreed.resetsAt };
      const { soon, late } = await redis.take(place);
      if (soon) {
        if (own && !own.counts()) insurance = undefined; // it was slow for a while, and counted everything
        return answer(soon, agreed);
      }
      const part = agreed ?? insured(place);
      if (!agreed && !(heard && part.hasPlenty())) {
        const said = await within(PATIENCE_MS, late).catch(() => undefined);
        if (said) return answer(said, undefined);
      }
      if (agreed || part.take()) {
        void follow(part, place, 1, late);
        return { taken: true, resetsAt: part.endsAt };
      }
      void late.then(async (counted) => {
        if (counted && counted.used <= limit) await redis.giveBack(place); // nobody made that call
      });
      return { taken: false, resetsAt: part.resetsAt };
    },
    async giveBack(resetsAt) {
      if (Date.now() >= resetsAt - 1) return; // two clock readings are up to a millisecond apart
      const place = placeNow();
      const own = holding();
      own?.add(-1);
      const { soon, late } = await redis.giveBack(place);
      if (soon) hear(soon);
      else if (own && !(await late)) await follow(own, place, -1, late);
    },
    async add(points) {
      const place = placeNow();
      const { soon, late } = await redis.add(place, points);
      if (soon) return void hear(soon);
      const part = insured(place);
      part.add(points);
      void follow(part, place, points, late);
    },
    async read() {
      const place = placeNow();
      const said = await redis.read(place);
      const last = heard && Date.now() < heard.endsAt ? heard : undefined;
      const own = holding();
      const without = own ? { used: own.base + own.taken, endsAt: own.endsAt } : last;
      const { used, endsAt } = (said ? hear(said) : said === undefined && without) || { used: 0, endsAt: place.endsAt };
      return { used, resetsAt: endsAt };
    },
  };
}

/** A short window has one key and begins with its first take; a month has a key of its own, which goes when the month is over. */
function placing(shared: SharedState, name: readonly string[], { unit }: Window): () => Place {
  const key = shared.key("limit", ...name.map(encodeURIComponent), unit);
  if (unit !== "month") return () => ({ key, seconds: SECONDS[unit] });
  return () => {
    const now = new Date();
    const endsAt = endOfMonth(now);
    return { key: `${key}:${monthOf(now)}`, seconds: Math.max(1, Math.ceil((endsAt - now.getTime()) / 1000)), endsAt };
  };
}
