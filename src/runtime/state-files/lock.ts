import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync, statSync, unlinkSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../clock.ts";
import { errorCode } from "../load/file-fault.ts";
import { prepareFolder } from "./whole-file.ts";

/** A holder shows this often that it is alive. */
const BEAT_MS = 2_000;
/** One that has not for so long is dead, wherever it ran. */
const STALE_MS = 10_000;
const LOOK_MS = 25;
/** Nobody works that long: whoever waits goes on without the lock rather than never. */
const MOST_WAIT_MS = 60_000;

/**
 * Does work that only one process of those that share a folder may do at a time. The lock is a file that names its holder; one whose
 * holder was killed is taken over at once on the same machine, after 10 s otherwise.
 *
 * Should the folder not be writable, the work is done without a lock: then nothing can be shared through it either.
 */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    prepareFolder(path);
  } catch {
    // the work tells of it, should it have to write
  }
  const own = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}`;
  const taken = await take(path, own);
  const beat = setInterval(() => touch(path), BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (taken && holderOf(path) === own) remove(path);
  }
}

async function take(path: string, own: string): Promise<boolean> {
  const until = now() + MOST_WAIT_MS;
  for (;;) {
    const made = make(path, own);
    if (made !== "taken") return made === "made";
    if (isDead(path)) breakLock(path);
    else if (now() >= until) return false;
    else await sleep(LOOK_MS + Math.random() * LOOK_MS);
  }
}

/** Makes a file that must not be there yet. */
function make(path: string, text: string): "made" | "taken" | "impossible" {
  try {
    const fd = openSync(path, "wx", 0o600);
    try {
      writeSync(fd, text);
    } finally {
      closeSync(fd);
    }
    return "made";
  } catch (error) {
    return errorCode(error) === "EEXIST" ? "taken" : "impossible";
  }
}

/**
 * Removes the lock of a dead holder. Of several that see it at once only one may, and only if it is dead still: a second lock guards
 * the look and the removal, between which nothing waits.
 */
function breakLock(path: string): void {
  const guard = `${path}.break`;
  if (make(guard, "") !== "made") {
    const since = ageMs(guard);
    if (since !== undefined && since > STALE_MS) remove(guard); // killed within the next two lines
    return;
  }
  if (isDead(path)) remove(path);
  remove(guard);
}

/** Whether nobody holds it any more. A file without a name in it is being written. */
function isDead(path: string): boolean {
  const age = ageMs(path);
  if (age === undefined) return false; // it is gone already
  if (age > STALE_MS) return true;
  const [pid, host] = holderOf(path)?.split(" ") ?? [];
  return pid !== undefined && host === hostname() && /^\d+$/.test(pid) && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM"; // alive, and another user's
  }
}

function holderOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function ageMs(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && Date.now() - stats.mtimeMs;
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // it was taken over while this process was held up: what is written next is re-read by everybody anyway
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // somebody else was quicker
  }
}
