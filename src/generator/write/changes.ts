import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { fileNameClash, foreignFile, linkedOutput } from "../../diagnostics/messages.ts";
import { complainAboutEnvExample, whoseEnvExample } from "./env-example-file.ts";
import { filesOf } from "./manifest.ts";
import { isMarked } from "./mark.ts";
import { ENV_EXAMPLE, folderOf, isOutput, linkIn } from "./output-path.ts";

/** One file that is not as it should be. */
export interface Change {
  readonly file: string;
  /** What is there; undefined: nothing. */
  readonly before: string | undefined;
  /** What is to be there; undefined: nothing. */
  readonly after: string | undefined;
}

/** What writing would do. */
export interface Changes {
  /** Sorted by file. */
  readonly changes: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares what is to be there with what is there.
 *
 * @param files Path below `generated/<api>/`, or `.env.example` → text.
 * @param complete `files` holds every API: folders of others that were generated go.
 * @throws {TypeError} when a path is neither: the emitter's fault, never the user's.
 */
export function findChanges(projectDir: string, files: ReadonlyMap<string, string>, complete: boolean): Changes {
  for (const file of files.keys())
    if (!isOutput(file)) throw new TypeError(`${JSON.stringify(file)} is not generated output`);
  const diagnostics = [...clashes([...files.keys()]), ...links(projectDir, files)];
  if (diagnostics.length > 0) return { changes: [], diagnostics };

  const changes: Change[] = [];
  for (const [file, after] of files) {
    if (file === ENV_EXAMPLE && whoseEnvExample(projectDir) === "somebody's") {
      diagnostics.push(...complainAboutEnvExample(projectDir, after));
      continue;
    }
    const place = lstatSync(join(projectDir, file), { throwIfNoEntry: false });
    if (place && !place.isFile()) diagnostics.push(foreignFile({ file }));
    if (place && !place.isFile()) continue;
    const before = place ? readFileSync(join(projectDir, file), "utf8") : undefined;
    if (before === after) continue;
    if (before !== undefined && !isOwned(projectDir, file, before)) diagnostics.push(foreignFile({ file }));
    changes.push({ file, before, after });
  }
  for (const file of leftOvers(projectDir, files, complete)) {
    changes.push({ file, before: readFileSync(join(projectDir, file), "utf8"), after: undefined });
  }
  return { changes: changes.sort((a, b) => (a.file < b.file ? -1 : 1)), diagnostics };
}

/** Two files whose names differ in capitals only are one file on some systems. */
function clashes(files: readonly string[]): Diagnostic[] {
  const seen = new Map<string, string>();
  return files.flatMap((file) => {
    const other = seen.get(file.toLowerCase());
    seen.set(file.toLowerCase(), file);
    return other === undefined ? [] : [fileNameClash({ file, other })];
  });
}

function links(projectDir: string, files: ReadonlyMap<string, string>): Diagnostic[] {
  const generated = [...files.keys()].filter((file) => file !== ENV_EXAMPLE); // a link there is somebody's own
  const looked = new Map<string, boolean | undefined>();
  const found = new Set(generated.flatMap((file) => linkIn(projectDir, file, looked) ?? []));
  return [...found].sort().map((file) => linkedOutput({ file }));
}

/** Ours: listed by the manifest, or marked as generated. The mark counts too, since a manifest can be lost in a merge. */
function isOwned(projectDir: string, file: string, text: string): boolean {
  const folder = folderOf(file);
  if (owned(projectDir, folder).includes(file) || isMarked(text)) return true;
  const index = join(projectDir, folder, "index.ts");
  const isData = file === `${folder}/catalog.json` || file === `${folder}/manifest.json`; // JSON holds no remark
  return isData && existsSync(index) && isMarked(readFileSync(index, "utf8"));
}

/** The files that the manifest of a folder lists, as project-relative paths; what lies elsewhere is not ours, whatever it says. */
function owned(projectDir: string, folder: string): readonly string[] {
  const manifest = join(projectDir, folder, "manifest.json");
  if (!existsSync(manifest)) return [];
  const listed = filesOf(readFileSync(manifest, "utf8")).map((file) => `${folder}/${file}`);
  return [...listed, `${folder}/manifest.json`].filter((file) => isOutput(file) && folderOf(file) === folder);
}

/** Files that we own and that are no longer generated. */
function leftOvers(projectDir: string, files: ReadonlyMap<string, string>, complete: boolean): string[] {
  const folders = new Set([...files.keys()].map(folderOf));
  const root = join(projectDir, "generated");
  if (complete && existsSync(root)) {
    for (const entry of readdirSync(root, { withFileTypes: true }))
      if (entry.isDirectory()) folders.add(`generated/${entry.name}`);
  }
  const noVariables = complete && !files.has(ENV_EXAMPLE) && whoseEnvExample(projectDir) === "ours";
  const generated = [...folders].flatMap((folder) =>
    owned(projectDir, folder).filter((file) => {
      const place = lstatSync(join(projectDir, file), { throwIfNoEntry: false });
      return !files.has(file) && place?.isFile() === true && linkIn(projectDir, file) === undefined;
    }),
  );
  return noVariables ? [ENV_EXAMPLE, ...generated] : generated;
}
