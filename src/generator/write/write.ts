import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { notWritable, outOfDate } from "../../diagnostics/messages.ts";
import { findChanges, type Change } from "./changes.ts";
import { unifiedDiff } from "./diff.ts";
import { folderOf } from "./output-path.ts";

/** How to write. */
export interface WriteOptions {
  /** Writes nothing; what would change is an error each, and shown by {@link WriteReport.diff}. */
  readonly check: boolean;
  /** `files` holds every API of the project: what was generated for others is removed. Default: false. */
  readonly complete?: boolean;
}

/** What was written, or with `check` would have been; project-relative paths, sorted. */
export interface WriteReport {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** With `check`: a unified diff from what is there to what would be generated. */
  readonly diff: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Brings `generated/` to what was emitted: writes what changed, removes what it owns and is no longer emitted, and touches nothing else.
 * With an error nothing is written at all; a file is replaced in one step, so no reader ever meets half of one.
 */
export async function write(
  projectDir: string,
  files: ReadonlyMap<string, string>,
  { check, complete = false }: WriteOptions,
): Promise<WriteReport> {
  const found = findChanges(projectDir, files, complete);
  const { diagnostics } = found;
  const changes = check && !complete ? withoutHashes(found.changes) : found.changes;
  const report = {
    written: changes.filter(({ after }) => after !== undefined).map(({ file }) => file),
    removed: changes.filter(({ after }) => after === undefined).map(({ file }) => file),
    diff: "",
    diagnostics,
  };
  const unchanged = files.size - report.written.length;
  if (check) {
    const diff = changes.map(({ file, before, after }) => unifiedDiff(file, before, after)).join("");
    return { ...report, unchanged, diff, diagnostics: [...diagnostics, ...changes.map(complaint)] };
  }
  if (diagnostics.some(({ severity }) => severity === "error"))
    return { ...report, written: [], removed: [], unchanged: 0 };
  const failure = carryOut(projectDir, changes);
  return failure
    ? { ...report, written: [], removed: [], unchanged: 0, diagnostics: [failure] }
    : { ...report, unchanged };
}

/**
 * A manifest holds the hash of tools.yaml, which other APIs share: where only some were asked for, a manifest that differs alone says
 * nothing of them.
 */
function withoutHashes(changes: readonly Change[]): readonly Change[] {
  const isManifest = ({ file }: Change): boolean => file.endsWith("/manifest.json");
  const changed = new Set(changes.filter((one) => !isManifest(one)).map(({ file }) => folderOf(file)));
  return changes.filter((one) => !isManifest(one) || one.before === undefined || changed.has(folderOf(one.file)));
}

function complaint({ file, before, after }: Change): Diagnostic {
  const change = before === undefined ? "missing" : after === undefined ? "no longer generated" : "different";
  return outOfDate({ file, change });
}

/** All texts are on the disk under other names before the first file is replaced: a full disk stops us while nothing has happened. */
function carryOut(projectDir: string, changes: readonly Change[]): Diagnostic | undefined {
  const staged: { readonly temporary: string; readonly target: string }[] = [];
  const folders = new Set<string>();
  let at = "generated";
  try {
    for (const { file, after } of changes) {
      if (after === undefined) continue;
      at = file;
      const target = join(projectDir, file);
      const temporary = `${target}.${process.pid}.tmp`;
      if (!folders.has(dirname(target))) mkdirSync(dirname(target), { recursive: true });
      folders.add(dirname(target));
      writeNew(temporary, after);
      staged.push({ temporary, target });
    }
    for (const { temporary, target } of staged) renameSync(temporary, target);
    for (const { file, after } of changes) {
      if (after === undefined) {
        at = file;
        rmSync(join(projectDir, file));
        removeIfEmpty(projectDir, file);
      }
    }
    return undefined;
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    return notWritable({
      file: at,
      reason: error instanceof Error && "code" in error ? String(error.code) : String(error),
    });
  }
}

/** Never through something that somebody put there; what cannot be written whole is not left behind. */
function writeNew(path: string, text: string): void {
  const handle = openSync(path, "wx");
  try {
    writeFileSync(handle, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

/** Removes the folders that a removed file leaves empty, up to `generated/<api>`. */
function removeIfEmpty(projectDir: string, file: string): void {
  for (let folder = dirname(file); folder.length >= folderOf(file).length; folder = dirname(folder)) {
    const path = join(projectDir, folder);
    if (readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
}
