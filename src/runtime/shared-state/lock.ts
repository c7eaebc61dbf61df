import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../clock.ts";
import { awayProblem } from "./away.ts";
import type { SharedState } from "./shared-state.ts";

/** A holder says this often that it is alive. */
const BEAT_MS = 2_000;
/** One that has not for so long is dead, and its lock is gone. */
const STALE_MS = 10_000;
const LOOK_MS = 25;
/** Nobody works that long. */
const MOST_WAIT_MS = 60_000;

/** Only the holder may do it: a lock that was lost meanwhile is another's. */
const EXTEND = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/**
 * Does work that only one process of those that share Redis may do at a time. The lock is a key with its holder's token, which ends by
 * itself 10 s after a holder was killed.
 *
 * @param harmless The work may be done without a lock when Redis is away.
 * @throws {Problem} `internal`, to be tried again, when there is no lock to be had.
 * @see https://redis.io/docs/latest/develop/use/patterns/distributed-locks/
 */
export async function lockedInRedis<T>(
  shared: SharedState,
  key: string,
  work: () => Promise<T>,
  harmless = false,
): Promise<T> {
  const token = randomBytes(16).toString("hex");
  try {
    await take(shared, key, token);
  } catch (error) {
    if (!harmless) throw error;
    return await work();
  }
  const beat = setInterval(() => void extend(shared, key, token), BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    void release(shared, key, token); // sent before anything else that this process asks for
  }
}

async function take(shared: SharedState, key: string, token: string): Promise<void> {
  const until = now() + MOST_WAIT_MS;
  for (;;) {
    const taken = await shared.ask(
      async (client) => await client.set(key, token, { condition: "NX", expiration: { type: "PX", value: STALE_MS } }),
    );
    if (taken !== null) return;
    if (now() >= until) throw awayProblem(new Error(`${key} is held for too long`));
    await sleep(LOOK_MS + Math.random() * LOOK_MS);
  }
}

async function extend(shared: SharedState, key: string, token: string): Promise<void> {
  await unlessAway(
    shared.ask(async (client) => await client.eval(EXTEND, { keys: [key], arguments: [token, String(STALE_MS)] })),
  );
}

async function release(shared: SharedState, key: string, token: string): Promise<void> {
  await unlessAway(shared.ask(async (client) => await client.eval(RELEASE, { keys: [key], arguments: [token] })));
}

/** A lock ends by itself; the work goes on or is done, and what comes of it is not lost over that. */
async function unlessAway(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}
