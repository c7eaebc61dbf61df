import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import type { FileInput } from "../file.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { typeOfFile } from "./media-type.ts";
import type { FilledFile } from "./types.ts";

/** Most bytes that the files of one request may have together. */
const MAX_FILE_BYTES = 40 * 1024 * 1024; // what vendors take for one record, and all of it is held in memory

/** Reads the files of one request. */
export type ReadFile = (file: FileInput, argument: string) => Promise<FilledFile>;

/**
 * Reads the files of a request, up to 40 MB together.
 *
 * A path must lead to a regular file within one of the roots once every link is followed; a link that is put there between the
 * look and the opening is noticed. Without roots no path is read at all.
 *
 * @throws {Problem} `invalid_arguments` naming the argument, never what the file holds.
 */
export function fileReader(roots: readonly string[]): ReadFile {
  let left = MAX_FILE_BYTES;
  return async (file, argument) => {
    const read =
      file.path === undefined ? fromBase64(file, argument, left) : await fromPath(file.path, roots, argument, left);
    left -= read.bytes.byteLength;
    return { ...read, contentType: typeOfFile(read.name) };
  };
}

type Read = Pick<FilledFile, "name" | "bytes">;

function fromBase64({ base64 = "", name }: FileInput, argument: string, maxBytes: number): Read {
  if ((base64.length * 3) / 4 - 2 > maxBytes) throw tooLarge(argument);
  return { name: baseName(name ?? "file"), bytes: Buffer.from(base64, "base64") };
}

async function fromPath(path: string, roots: readonly string[], argument: string, maxBytes: number): Promise<Read> {
  if (roots.length === 0) throw invalidArgument(argument, "paths are not allowed here; give base64 with name");
  const real = await within(path, roots);
  if (real === undefined) throw invalidArgument(argument, "is no readable file under an allowed root");
  let handle: FileHandle;
  try {
    // O_NONBLOCK: opening a pipe must not wait for a writer.
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw invalidArgument(argument, "is no readable file under an allowed root");
  }
  try {
    const opened = await handle.stat();
    if (!opened.isFile()) throw invalidArgument(argument, "is not a regular file");
    if (!(await isStill(real, opened))) throw invalidArgument(argument, "is no readable file under an allowed root");
    if (opened.size > maxBytes) throw tooLarge(argument);
    const bytes = await handle.readFile();
    if (bytes.byteLength > maxBytes) throw tooLarge(argument); // it grew
    return { name: baseName(path), bytes };
  } finally {
    await handle.close();
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

/** The last segment of a path of any system, without control characters. */
function baseName(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const name = path.replace(/^.*[/\\]/s, "").replace(/[\u0000-\u001F\u007F]/g, "");
  return name === "" || name === "." || name === ".." ? "file" : name;
}

function tooLarge(argument: string): Error {
  return invalidArgument(argument, `the files of one call may have ${MAX_FILE_BYTES / 1024 / 1024} MB together`);
}
