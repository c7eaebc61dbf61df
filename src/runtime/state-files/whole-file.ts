import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { errorCode, unlessAbsent } from "../load/file-fault.ts";
import { warnOnce } from "../warn.ts";

/** What nobody but the owner may do with a file. */
const OTHERS = 0o077;
/** A file that was left half-way by a process that was killed goes with the next that is written, once it is so old. */
const LEFT_MS = 60_000;

/**
 * Writes a file as a whole, mode 0600 in a folder of mode 0700: whoever reads it, and whenever this process is killed, there is the old
 * file or the new one.
 *
 * @throws when the folder is not writable, or full.
 */
export function writeWhole(path: string, text: string): void {
  prepareFolder(path);
  const folder = dirname(path);
  const prefix = `.${basename(path)}.`;
  removeLeft(folder, prefix);
  const temporary = join(folder, `${prefix}${randomBytes(6).toString("hex")}.tmp`);
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
    tighten(fd, path); // the file system may have no modes, which is told of once
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  } finally {
    closeSync(fd);
  }
  syncFolder(folder);
}

/**
 * @returns whether there was one, and this was the one that removed it.
 * @throws {StartError} when it cannot be removed: whoever signed out must know that it is still there.
 */
export function removeWhole(path: string): boolean {
  const remove = () => {
    unlinkSync(path);
    return true;
  };
  return unlessAbsent(path, remove) ?? false;
}

/** Makes the folder of a file, for its owner alone. */
export function prepareFolder(path: string): void {
  const folder = dirname(path);
  makeFolder(folder);
  if (process.platform !== "win32") chmodSync(folder, 0o700); // it may have been there before, with another mode
}

/** One folder at a time: Node's own way of making several says ENOENT on a read-only file system, and not what is the matter. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error; // another process was quicker
  }
}

/** Takes away what others may do with an open file; one warning where that does nothing. */
export function tighten(fd: number, path: string): void {
  if (process.platform === "win32" || (fstatSync(fd).mode & OTHERS) === 0) return;
  fchmodSync(fd, 0o600);
  if ((fstatSync(fd).mode & OTHERS) === 0) return;
  warnOnce(
    `${dirname(path)} is on a file system without modes: others on this machine may be able to read credentials`,
  );
}

function removeLeft(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const left = join(folder, name);
    const stats = statSync(left, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > LEFT_MS) unlinkSync(left);
  }
}

/** A rename lasts only once its folder was written; not every system can open one. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, constants.O_RDONLY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Windows
  }
}
