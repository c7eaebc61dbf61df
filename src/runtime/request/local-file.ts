import { constants, type Stats } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { Problem } from "../problem.ts";
import { invalidArgument } from "./invalid-argument.ts";

/** A file of this machine that was looked at: it may be read, and how large it is. */
export interface LocalFile {
  /** In bytes. */
  readonly size: number;
  /**
   * The content in pieces, from the disk.
   *
   * @throws {Problem} `invalid_arguments` when the file is no longer the one that was looked at.
   */
  readonly read: () => AsyncIterable<Uint8Array>;
}

const PIECE_BYTES = 64 * 1024; // what a stream of Node's reads at once
const NOT_HERE = "is no readable file in a folder that is open to uploads";
const NO_FOLDER =
  "paths are not allowed here: no folder is open to uploads. Give base64 with name, or let whoever runs this server open one (--files DIR, or TOOLWRIGHT_FILES)";

/**
 * Looks at a file under one of the roots.
 *
 * The path must lead to a regular file within a root once every link is followed; a link that is put there between the look and the opening
 * is noticed. Where it does not, nothing is told of what is there.
 *
 * @throws {Problem} `invalid_arguments` naming the argument.
 */
export async function lookAt(path: string, roots: readonly string[], argument: string): Promise<LocalFile> {
  if (roots.length === 0) throw invalidArgument(argument, NO_FOLDER);
  const real = await within(path, roots);
  if (real === undefined) throw invalidArgument(argument, NOT_HERE);
  const { handle, stats } = await openFile(real, argument);
  await handle.close();
  return { size: stats.size, read: () => pieces(real, stats, argument) };
}

async function* pieces(real: string, looked: Stats, argument: string): AsyncGenerator<Uint8Array> {
  const { handle, stats } = await openFile(real, argument);
  try {
    const same = stats.ino === looked.ino && stats.dev === looked.dev && stats.mtimeMs === looked.mtimeMs;
    if (!same || stats.size !== looked.size) throw changed(argument);
    for (let at = 0; at < looked.size;) {
      // A buffer of its own for each piece: the one before may still be on its way.
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(PIECE_BYTES), position: at });
      if (bytesRead === 0) throw changed(argument);
      const piece = buffer.subarray(0, Math.min(bytesRead, looked.size - at));
      at += piece.length;
      yield piece;
    }
  } finally {
    await handle.close();
  }
}

/** Opens a real path without following a link, and makes sure that the path still leads to what was opened. */
async function openFile(real: string, argument: string) {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(real, flags).catch(() => undefined);
  if (!handle) throw invalidArgument(argument, NOT_HERE);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw invalidArgument(argument, "is not a regular file");
    if (!(await isStill(real, stats))) throw invalidArgument(argument, NOT_HERE);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error instanceof Problem ? error : invalidArgument(argument, NOT_HERE);
  }
}

/** The real path of a file within a root; `undefined` when it is nowhere in them. */
async function within(path: string, roots: readonly string[]): Promise<string | undefined> {
  if (path.includes("\0")) return undefined;
  for (const root of roots) {
    try {
      const realRoot = await realpath(root);
      const real = await realpath(isAbsolute(path) ? path : join(realRoot, path));
      const inside = relative(realRoot, real);
      if (inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return real;
    } catch {
      // Not there, or not for us: the next root may have it. Which of the two is nobody's business.
    }
  }
  return undefined;
}

/** Whether a path still leads, without any link, to the file that was opened: a folder on the way may have become a link. */
async function isStill(real: string, opened: Stats): Promise<boolean> {
  try {
    const now = await lstat(real);
    return (await realpath(real)) === real && now.ino === opened.ino && now.dev === opened.dev;
  } catch {
    return false;
  }
}

function changed(argument: string): Problem {
  return invalidArgument(argument, "the file was changed while it was being sent; call again");
}
