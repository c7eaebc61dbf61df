import { randomUUID } from "node:crypto";
import fs, { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../problem.ts";

/** What was used in one month, by the name of the limit. */
export type Counts = Readonly<Record<string, number>>;

/** A change of the counts, and what the one who asked for it wants to know. */
export interface Change<T> {
  (counts: Counts): { readonly counts: Counts; readonly result: T };
}

/** The counts of one account, month by month, shared by every process that uses the same state directory. */
export interface MonthFile {
  /** Reads, changes and writes the counts of the month while no other process can. */
  update<T>(month: string, change: Change<T>): Promise<T>;
  read(month: string): Promise<Counts>;
}

interface Waiting {
  readonly month: string;
  readonly apply: (counts: Counts) => Counts;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

// A writer holds the lock for about a millisecond. One that died is passed over after STALE_MS; the retries last longer than that.
const STALE_MS = 4_000;
const RETRIES = { retries: 400, factor: 1.2, minTimeout: 1, maxTimeout: 25, randomize: true };

/**
 * Opens the counts in `<directory>/quota/<name>-<month>.json`: `{ "calls": 17 }`, mode 0600 in a folder of mode 0700.
 *
 * Callers of one process are served together under one lock, so many parallel calls cost little more than one.
 * A file that cannot be understood is left alone and every call is refused: a guess could spend what is not there.
 */
export function openMonthFile(directory: string, name: string): MonthFile {
  const folder = join(directory, "quota");
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let ready: Promise<void> | undefined;

  const pathOf = (month: string) => join(folder, `${name}-${month}.json`);

  const takeAllOf = (month: string) => {
    const all = waiting.filter((one) => one.month === month);
    waiting = waiting.filter((one) => one.month !== month);
    return all;
  };

  async function run(): Promise<void> {
    for (let month = waiting[0]?.month; month !== undefined; month = waiting[0]?.month) {
      let served: readonly Waiting[] = [];
      try {
        await (ready ??= makeFolder(folder));
        const release = await lockFile(pathOf(month));
        try {
          served = takeAllOf(month); // with everybody who came while the lock was waited for
          changeCounts(pathOf(month), (counts) => served.reduce((now, one) => one.apply(now), counts));
          for (const one of served) one.done();
        } finally {
          await release();
        }
      } catch (error) {
        ready = undefined; // whatever is wrong with the folder may be mended by the next call
        const problem =
          error instanceof Problem ? error : unusable(pathOf(month), "it cannot be locked and written", error);
        for (const one of [...served, ...takeAllOf(month)]) one.failed(problem);
      }
    }
    running = undefined;
  }

  return {
    read: async (month) => readCounts(pathOf(month)),
    update: <T>(month: string, change: Change<T>) =>
      new Promise<T>((resolve, reject) => {
        let outcome: { readonly result: T } | undefined;
        waiting.push({
          month,
          apply(counts) {
            const { counts: changed, result } = change(counts);
            outcome = { result };
            return changed;
          },
          done: () => (outcome ? resolve(outcome.result) : reject(new Error("the change was not applied"))),
          failed: reject,
        });
        running ??= run();
      }),
  };
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700); // it may have been there before, with another mode
}

async function lockFile(path: string): Promise<() => Promise<void>> {
  const { lock } = await import("proper-lockfile");
  // A lock can only be lost while this process sleeps, and under it nothing is waited for: losing it before the release does no harm.
  const release = await lock(path, {
    fs,
    realpath: false,
    stale: STALE_MS,
    retries: RETRIES,
    onCompromised: () => undefined,
  });
  return () => release().catch(() => undefined);
}

/** Under the lock; synchronous, so that it is held as short as can be. */
function changeCounts(path: string, change: (counts: Counts) => Counts): void {
  const before = readCounts(path);
  const after = change(before);
  if (after !== before) replace(path, `${JSON.stringify(after)}\n`);
}

/** Writes beside the file and renames: a reader sees the old text or the new one, never half of it. */
function replace(path: string, text: string): void {
  const beside = `${path}.${randomUUID()}`;
  try {
    writeFileSync(beside, text, { mode: 0o600, flag: "wx" });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function readCounts(path: string): Counts {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw unusable(path, "it cannot be read", error);
  }
  const counts = parse(text);
  if (!counts) throw unusable(path, "it does not hold counts; delete it to start this month's count from nothing");
  return counts;
}

function parse(text: string): Counts | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const counts: [string, number][] = [];
    for (const [name, count] of Object.entries(value) as [string, unknown][]) {
      if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) return undefined;
      counts.push([name, count]);
    }
    return Object.fromEntries(counts);
  } catch {
    return undefined;
  }
}

/** The model can do nothing about it, so the words are for the operator: the file's name, not where it lies. */
function unusable(path: string, why: string, cause?: unknown): Problem {
  const name = path.slice(path.lastIndexOf("quota"));
  return new Problem(
    "internal",
    `This server cannot count its calls of the month, so it makes none. The file ${name} in its state directory: ${why}. Tell the operator.`,
    { cause },
  );
}
