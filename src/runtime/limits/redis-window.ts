import type { RateLimiterRedis } from "rate-limiter-flexible";
import type { Client } from "../shared-state/client.ts";
import type { SharedState } from "../shared-state/shared-state.ts";

/** A window as it is at a moment. */
export interface Place {
  readonly key: string;
  /** Whole seconds that a window lasts which begins now. */
  readonly seconds: number;
  /** When it ends, in milliseconds since the epoch, if the calendar says so; otherwise Redis knows. */
  readonly endsAt?: number;
}

/** What Redis says of a window. */
export interface Heard {
  readonly used: number;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** What was sent, and will be counted even if nobody waits for it any more. */
export interface Sent {
  /** Undefined: Redis is away, or did not answer within 50 ms. */
  readonly soon: Heard | undefined;
  /** The same whenever it comes; undefined: it was lost, or never sent. */
  readonly late: Promise<Heard | undefined>;
}

/** What is done with a window over all replicas. */
export interface RedisWindow {
  /** Takes one if one is left; then `used` is within the limit, otherwise above it. */
  take(place: Place): Promise<Sent>;
  /** Gives back one that was taken. */
  giveBack(place: Place): Promise<Sent>;
  /** Adds, whatever is left. */
  add(place: Place, points: number): Promise<Sent>;
  /** Null: nothing has been counted; undefined: as `soon`. */
  read(place: Place): Promise<Heard | null | undefined>;
  /**
   * Tells Redis what was taken without it. It may have lost what it knew of the window: then what is known here holds.
   *
   * @param known What was used when it went.
   */
  catchUp(place: Place, known: number, untold: number, endsAt: number): Promise<Heard | undefined>;
}

/**
 * Takes all points or none, and counts nothing of what is refused; gives back no more than was taken, and nothing once the window is over.
 * The library's own script counts first: a refusal that is taken back while the window ends would leave one too many in the next.
 * Arguments: points, seconds of a new window, the limit.
 */
const TAKE = `
local used = tonumber(redis.call('get', KEYS[1]) or '0')
local points = tonumber(ARGV[1])
if points > 0 and used + points > tonumber(ARGV[3]) then return {used + points, redis.call('pttl', KEYS[1])} end
if points < 0 then points = -math.min(used, -points) end
if points == 0 then return {used, 0} end
used = redis.call('incrby', KEYS[1], points)
if redis.call('pttl', KEYS[1]) < 0 then redis.call('expire', KEYS[1], ARGV[2]) end
return {used, redis.call('pttl', KEYS[1])}`;

/** Arguments: what was known to be used, what is untold, milliseconds that are left of the window. */
const CATCH_UP = `
local used = math.max(0, math.max(tonumber(redis.call('get', KEYS[1]) or '0'), tonumber(ARGV[1])) + tonumber(ARGV[2]))
local left = redis.call('pttl', KEYS[1])
if left < 0 then left = tonumber(ARGV[3]) end
redis.call('set', KEYS[1], string.format('%d', used), 'PX', left)
return {used, left}`;

/** Windows of one limit in Redis, by way of `rate-limiter-flexible`, which is read with the first of them. */
export function redisWindow(shared: SharedState, limit: number): RedisWindow {
  const known = new WeakMap<Client, Limiters>();
  const heard = ({ endsAt }: Place, { consumedPoints, msBeforeNext }: Said): Heard => ({
    used: consumedPoints,
    endsAt: endsAt ?? Date.now() + Math.max(0, msBeforeNext),
  });
  /** The library is read before the time of an answer begins to run. */
  const opening = async () => {
    const library = await import("rate-limiter-flexible");
    return (client: Client): Limiters => {
      const limiters = known.get(client) ?? limitersOn(client, limit, library);
      known.set(client, limiters);
      return limiters;
    };
  };
  const send = async (place: Place, work: (limiters: Limiters) => Promise<Said>): Promise<Sent> => {
    const on = await opening();
    const { soon, late } = await shared.attempt(async (client) => await work(on(client)));
    return { soon: soon && heard(place, soon.value), late: late.then((said) => said && heard(place, said.value)) };
  };
  return {
    take: async (place) => await send(place, async ({ take }) => await take.penalty(place.key, 1, lasting(place))),
    giveBack: async (place) => await send(place, async ({ take }) => await take.reward(place.key, 1, lasting(place))),
    add: async (place, points) =>
      await send(place, async ({ add }) => await add.penalty(place.key, points, lasting(place))),
    async read(place) {
      const on = await opening();
      const said = await shared.quickly(async (client) => await on(client).take.get(place.key));
      if (!said) return undefined;
      return said.value && said.value.msBeforeNext > 0 ? heard(place, said.value) : null;
    },
    async catchUp(place, used, untold, endsAt) {
      const numbers = [used, untold, Math.max(1, Math.ceil(endsAt - Date.now()))].map(String);
      const said = await shared.quickly(
        async (client) => await client.eval(CATCH_UP, { keys: [place.key], arguments: numbers }),
      );
      if (!said) return undefined;
      const [consumedPoints, msBeforeNext] = said.value as unknown as readonly [number, number]; // what the script returns
      return heard(place, { consumedPoints, msBeforeNext });
    },
  };
}

/** What the library says of a window. */
interface Said {
  readonly consumedPoints: number;
  readonly msBeforeNext: number;
}

/** What is read of the library when it is needed. */
interface Library {
  readonly RateLimiterRedis: typeof RateLimiterRedis;
}

interface Limiters {
  /** Takes what is left, and gives back. */
  readonly take: RateLimiterRedis;
  /** Adds whatever is left. */
  readonly add: RateLimiterRedis;
}

function limitersOn(client: Client, limit: number, library: Library): Limiters {
  const common = { storeClient: client, useRedisPackage: true, keyPrefix: "", points: limit, duration: 1 };
  return {
    take: new library.RateLimiterRedis({ ...common, customIncrTtlLuaScript: TAKE }),
    add: new library.RateLimiterRedis(common),
  };
}

function lasting({ seconds }: Place): { readonly customDuration: number } {
  return { customDuration: seconds };
}
