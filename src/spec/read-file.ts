import { isUtf8 } from "node:buffer";
import { open, readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { nearest } from "../definition/nearest.ts";

/** 64 MiB: five times the largest description known to us. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Why a file was not read. Nothing of the file is in it. */
export type FileProblem =
  | { readonly kind: "outside" | "ending" }
  | { readonly kind: "missing"; /** Files of the project with much the same name. */ readonly near: readonly string[] }
  | { readonly kind: "too large"; readonly bytes: number }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What reading a file came to. */
export type FileText = { readonly text: string } | { readonly problem: FileProblem };

const YAML_OR_JSON = /\.(?:json|ya?ml)$/i;

/**
 * Reads a YAML or JSON file of the project, or one of another kind that its name tells. A path that leaves the project folder is
 * refused before anything is touched, one that leaves it by a symbolic link before anything is read.
 *
 * @param file Path relative to the project folder.
 */
export async function readProjectFile(projectDir: string, file: string, kind = YAML_OR_JSON): Promise<FileText> {
  const path = resolve(projectDir, file);
  if (!isInside(resolve(projectDir), path)) return { problem: { kind: "outside" } };
  if (!kind.test(file)) return { problem: { kind: "ending" } };
  try {
    const real = await realpath(path);
    // Without a link on the way it is where the path says, and that was looked at.
    if (real !== path && !isInside(await realpath(projectDir), real)) return { problem: { kind: "outside" } };
    return await readRegularFile(real);
  } catch (error) {
    const problem = failure(error);
    return { problem: problem === "missing" ? { kind: "missing", near: await nearFiles(projectDir, file) } : problem };
  }
}

const MOST_FILES = 2000; // entries that are looked at for a name that is near; a project has a few dozen

/** Files beside the missing one, and below `specs/`, whose names come near. Links that lead out of the project are not followed. */
async function nearFiles(projectDir: string, file: string): Promise<readonly string[]> {
  const root = await realpath(projectDir).catch(() => undefined);
  const isOurs = async (folder: string): Promise<boolean> => {
    const real = await realpath(folder).catch(() => undefined);
    return real !== undefined && root !== undefined && (real === root || isInside(root, real));
  };
  const list = async (folder: string, recursive: boolean): Promise<string[]> => {
    const path = resolve(projectDir, folder);
    if (!(await isOurs(path))) return []; // T03
    const all = await readdir(path, { recursive, withFileTypes: true }).catch(() => []);
    const entries = all.slice(0, MOST_FILES);
    const folders = [...new Set(entries.map(({ parentPath }) => parentPath))];
    const ours = await Promise.all(folders.map(isOurs)); // Node 26 lists what is behind links to folders as well
    return entries
      .filter(({ parentPath }) => ours[folders.indexOf(parentPath)])
      .filter((entry) => entry.isFile() && /\.(?:json|ya?ml)$/i.test(entry.name))
      .map((entry) => relative(resolve(projectDir), join(entry.parentPath, entry.name)).split(sep).join("/"));
  };
  const found = [...new Set([...(await list(dirname(file), false)), ...(await list("specs", true))])];
  // By the name first: the folders and the ending of two files are often alike.
  const stems = new Set(nearest(stemOf(file), found.map(stemOf)));
  const alike = found.filter((one) => stems.has(stemOf(one)));
  const ranked = nearest(file, alike);
  return ranked.length > 0 ? ranked : alike.slice(0, 3);
}

/** `specs/acme/openapi.yaml` → `openapi` */
function stemOf(file: string): string {
  return basename(file).replace(/\.[^.]*$/, "");
}

async function readRegularFile(path: string): Promise<FileText> {
  const handle = await open(path, "r");
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { problem: { kind: "unreadable", reason: "it is not a regular file" } };
    if (stats.size > MAX_FILE_BYTES) return { problem: { kind: "too large", bytes: stats.size } };
    const bytes = await handle.readFile();
    if (!isUtf8(bytes)) return { problem: { kind: "unreadable", reason: "it is not UTF-8" } };
    return { text: bytes.toString("utf8").replace(/^\uFEFF/, "") }; // TextDecoder takes four times as long
  } finally {
    await handle.close();
  }
}

function isInside(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return steps !== "" && steps !== ".." && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
}

function failure(error: unknown): FileProblem | "missing" {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return "missing";
  if (code === "EACCES" || code === "EPERM") return { kind: "unreadable", reason: "permission denied" };
  if (code === "EISDIR") return { kind: "unreadable", reason: "it is not a regular file" };
  return { kind: "unreadable", reason: typeof code === "string" ? code : "reading failed" };
}
