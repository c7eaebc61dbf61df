import { StartError } from "./start-error.ts";

/** What a file system says, in words; a bind mount of a single file says EBUSY when the file is replaced. */
const WHY: Readonly<Record<string, string>> = {
  EBUSY: "is in use by something that does not let it be replaced",
  EROFS: "is on a file system that is read-only",
  EACCES: "may not be used by this user",
  EPERM: "may not be used by this user",
  ENOSPC: "does not fit: the disk is full",
  EDQUOT: "does not fit: the quota of this user is used up",
  EISDIR: "is a folder, and ought to be a file",
  ENOTDIR: "is below something that is no folder",
  EEXIST: "is below something that is no folder",
  EMFILE: "cannot be opened: too many files are open",
};

/** What mends it. */
const HELP: Readonly<Record<string, string>> = {
  EBUSY: "mount the folder that it is in, not the single file",
  EROFS: "mount it so that it can be written, or set TOOLWRIGHT_STATE_DIR to a folder that can",
  ENOSPC: "make room there, or set TOOLWRIGHT_STATE_DIR to a folder elsewhere",
  EDQUOT: "make room there, or set TOOLWRIGHT_STATE_DIR to a folder elsewhere",
  EISDIR: "move the folder away",
  EMFILE: "raise the limit of open files (ulimit -n)",
};

/** Code of an error of the system: `ENOENT`; undefined: it is another. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** Why a file of the state directory cannot be used: `is on a file system that is read-only (EROFS)`. */
export function whyUnusable(error: unknown): string {
  const code = errorCode(error) ?? "unknown";
  return `${WHY[code] ?? "cannot be used"} (${code})`;
}

/** What to do about it, as an imperative sentence. */
export function helpForFile(error: unknown): string {
  return (
    HELP[errorCode(error) ?? ""] ??
    "give this user a folder that it may write, for itself alone, or set TOOLWRIGHT_STATE_DIR to one"
  );
}

/**
 * Does something with a file of the state directory, whose path no caller of the server is shown.
 *
 * @throws {StartError} naming the file, and what to do about it.
 */
export function onFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new StartError(`${path} ${whyUnusable(error)}`, helpForFile(error));
  }
}

/** Does something with a file of the state directory that may not be there: `undefined` when it is not. */
export function unlessAbsent<T>(path: string, work: () => T): T | undefined {
  return onFile(path, () => {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}
