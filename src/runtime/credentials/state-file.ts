import { closeSync, constants, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { basename } from "node:path";
import { errorCode, helpForFile, whyUnusable } from "../load/file-fault.ts";
import { parseStored, printStored, type Stored } from "./held.ts";
import { tighten, writeWhole } from "../state-files/whole-file.ts";
import { warnOnce } from "../warn.ts";

/** Tells one state of a file from the next; `undefined`: there is no file. */
export function versionOf(path: string): string | undefined {
  try {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch {
    return undefined; // whatever stands in the way, nothing can be read there
  }
}

/**
 * Reads a state file, and tightens its mode to 0600 when it is wider. One that cannot be understood is kept aside under another name,
 * with a warning that shows nothing of it, and counts as absent.
 */
export function readStateFile(path: string): Stored | undefined {
  let text: string;
  try {
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)); // Windows has no such flag
    try {
      tighten(fd, path);
      text = readFileSync(fd, "utf8");
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT")
      warnOnce(`${path} ${whyUnusable(error)}: it counts as absent; ${helpForFile(error)}`);
    return undefined;
  }
  const stored = parseStored(text);
  if (stored) return stored;
  const aside = `${path}.corrupt-${Date.now()}`;
  try {
    renameSync(path, aside);
    warnOnce(`${path} was no file of credentials: it counts as absent, and is kept as ${basename(aside)}`);
  } catch (error) {
    warnOnce(`${path} was no file of credentials: it counts as absent, and stays, since it ${whyUnusable(error)}`);
  }
  return undefined;
}

/**
 * Writes a state file. Only its lock's holder may call it.
 *
 * @throws when the folder is not writable, or full.
 */
export function writeStateFile(path: string, stored: Stored): void {
  writeWhole(path, printStored(stored));
}
