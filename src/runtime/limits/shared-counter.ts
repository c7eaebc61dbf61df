import { within } from "../shared-state/away.ts";
import type { SharedState } from "../shared-state/shared-state.ts";
import type { Counter, Taken } from "./counter.ts";
import type { Insurance } from "./insurance.ts";
import { endOfMonth, monthOf } from "./month-counter.ts";
import { ownPart } from "./own-part.ts";
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
  const redis = redisWindow(shared, limit);
  const own = ownPart(shared, redis, limit);
  const placeNow = placing(shared, name, window);

  /** @param agreed Our own part, which was asked as well. */
  function answer(said: Heard, agreed: Insurance | undefined): Taken {
    const { used, endsAt } = own.hear(said);
    if (used > limit) agreed?.add(-1);
    return { taken: used <= limit, resetsAt: endsAt };
  }

  /** Where nobody knows how much is left, Redis is given more time. */
  async function takeWithout(place: Place, late: Promise<Heard | undefined>): Promise<Taken> {
    const part = own.begin(place);
    if (!(own.hasHeard() && part.hasPlenty())) {
      const said = await within(PATIENCE_MS, late).catch(() => undefined);
      if (said) return answer(said, undefined);
    }
    if (part.take()) return takenOf(part, place, late);
    void late.then(async (counted) => {
      if (counted && counted.used <= limit) await redis.giveBack(place); // nobody made that call
    });
    return { taken: false, resetsAt: part.resetsAt };
  }

  function takenOf(part: Insurance, place: Place, late: Promise<Heard | undefined>): Taken {
    void own.follow(part, place, 1, late);
    return { taken: true, resetsAt: part.endsAt };
  }

  return {
    async take() {
      const place = placeNow();
      const part = own.holding();
      const agreed = part?.counts() ? part : undefined;
      if (agreed && !agreed.take()) return { taken: false, resetsAt: agreed.resetsAt };
      const { soon, late } = await redis.take(place);
      if (!soon) return agreed ? takenOf(agreed, place, late) : await takeWithout(place, late);
      if (part && !part.counts()) own.end();
      return answer(soon, agreed);
    },
    async giveBack(resetsAt) {
      if (Date.now() >= resetsAt - 1) return; // two clock readings are up to a millisecond apart
      const place = placeNow();
      const part = own.holding();
      part?.add(-1);
      const { soon, late } = await redis.giveBack(place);
      if (soon) own.hear(soon);
      else if (part && !(await late)) await own.follow(part, place, -1, late);
    },
    async add(points) {
      const place = placeNow();
      const { soon, late } = await redis.add(place, points);
      if (soon) return void own.hear(soon);
      const part = own.begin(place);
      part.add(points);
      void own.follow(part, place, points, late);
    },
    async read() {
      const place = placeNow();
      const said = await redis.read(place);
      if (said) own.hear(said);
      const { used, endsAt } = (said === undefined ? withoutRedis() : said) ?? { used: 0, endsAt: place.endsAt };
      return { used, resetsAt: endsAt };
    },
  };

  function withoutRedis(): Heard | undefined {
    const part = own.holding();
    return part ? { used: part.base + part.taken, endsAt: part.endsAt } : own.last();
  }
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
