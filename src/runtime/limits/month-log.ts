import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../load/file-fault.ts";
import { Problem } from "../problem.ts";

/** What one limit counted, month by month. */
export interface MonthLog {
  /** Takes one, unless as many as the limit are used. */
  take(month: string, limit: number): boolean;
  /** Adds to what is used; a negative number gives back. */
  add(month: string, points: number): void;
  used(month: string): number;
}

/** How far a log has been read, and what that came to. */
interface Replayed {
  /** Tells the month's file from another month's, and from one that was put in its place. */
  readonly file: string;
  bytes: number;
  used: number;
}

/** A power of two: it divides every page and every block, so that a record is on the disk as a whole or not at all. */
const RECORD_BYTES = 32;
const RECORD = /^([+-]\d{10}) [0-9a-f]{19}\n$/;

/**
 * Opens the count of one limit in `<directory>/quota/<name>-<month>.log`, mode 0600 in a folder of mode 0700, for as many processes of
 * this machine as there are.
 *
 * The file is only ever appended to, and what it says is worked out by reading it from its beginning: `+0000000001 <whose>` takes one,
 * `-0000000001 <whose>` gives one back. Whoever wants one of the last appends his record and looks where it came to stand; the system
 * puts records that are appended at the same time one after another, and everybody reads the same order. So there is no lock to wait
 * for and none to be left behind: a process that is killed costs one call at most. A call takes some ten microseconds.
 *
 * A file that cannot be understood is left alone and every call is refused: a guess could spend what is not there.
 */
export function openMonthLog(directory: string, name: string): MonthLog {
  const folder = join(directory, "quota");
  let replayed: Replayed | undefined;

  /** Opens the month's file for as long as the work takes; `undefined` when there is none and none is to be made. */
  function within<T>(month: string, make: boolean, work: (fd: number) => T): T | undefined {
    const path = join(folder, `${name}-${month}.log`);
    try {
      const fd = make ? openOrMake(folder, path) : openIfThere(path, constants.O_RDONLY);
      if (fd === undefined) return undefined;
      try {
        return work(fd);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      throw error instanceof Problem ? error : unusable(path, reasonOf(error), error);
    }
  }

  /** Reads what was appended since the last look, and says how much was used before the own record, or is used now. */
  function replay(fd: number, month: string, own?: string): number {
    const { size, ino, birthtimeMs } = fstatSync(fd);
    const file = `${month} ${ino} ${birthtimeMs}`;
    const state = replayed?.file === file && replayed.bytes <= size ? replayed : { file, bytes: 0, used: 0 };
    replayed = state;
    let before: number | undefined;
    for (const record of recordsOf(fd, state.bytes, size)) {
      const [, points] = RECORD.exec(record) ?? [];
      if (points === undefined) throw new LogError(NO_COUNT);
      if (record === own) before = state.used;
      state.used = Math.max(0, state.used + Number(points));
      state.bytes += RECORD_BYTES;
    }
    if (own !== undefined && before === undefined) throw new LogError("what is appended to it gets lost");
    return before ?? state.used;
  }

  return {
    take: (month, limit) =>
      within(month, true, (fd) => {
        if (replay(fd, month) >= limit) return false;
        const own = append(fd, 1);
        if (replay(fd, month, own) < limit) return true;
        append(fd, -1); // others were quicker
        return false;
      }) ?? false,
    add(month, points) {
      within(month, true, (fd) => {
        replay(fd, month); // nothing is appended to what is no log
        append(fd, points);
      });
    },
    used: (month) => within(month, false, (fd) => replay(fd, month)) ?? 0,
  };
}

/** Why a log is of no use, in words for the operator. */
class LogError extends Error {
  override readonly name = "LogError";
}

const NO_COUNT = "it does not hold counts; delete it to start this month's count from nothing";

function openOrMake(folder: string, path: string): number {
  const flags = constants.O_RDWR | constants.O_APPEND;
  const there = openIfThere(path, flags);
  if (there !== undefined) return there;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700); // it may have been there before, with another mode
  return openSync(path, flags | constants.O_CREAT, 0o600);
}

function openIfThere(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function* recordsOf(fd: number, from: number, to: number): Generator<string> {
  const bytes = Buffer.alloc(to - from);
  const complete = bytes.length === 0 || readSync(fd, bytes, 0, bytes.length, from) === bytes.length;
  if (!complete || to % RECORD_BYTES !== 0) throw new LogError(NO_COUNT);
  const text = bytes.toString("latin1");
  for (let at = 0; at < text.length; at += RECORD_BYTES) yield text.slice(at, at + RECORD_BYTES);
}

/** Appends a record, and returns it: no other is the same. */
function append(fd: number, points: number): string {
  const figure = `${points < 0 ? "-" : "+"}${String(Math.abs(points)).padStart(10, "0")}`;
  const record = `${figure} ${randomBytes(10).toString("hex").slice(1)}\n`;
  if (writeSync(fd, record) !== RECORD_BYTES) throw new LogError("there is no room to write it");
  return record;
}

function reasonOf(error: unknown): string {
  return error instanceof LogError ? error.message : "it cannot be read and written";
}

/** The model can do nothing about it, so the words are for the operator: the file's name, not where it lies. */
function unusable(path: string, why: string, cause: unknown): Problem {
  const name = path.slice(path.lastIndexOf("quota"));
  return new Problem(
    "internal",
    `This server cannot count its calls of the month, so it makes none. The file ${name} in its state directory: ${why}. Tell the operator.`,
    { cause },
  );
}
