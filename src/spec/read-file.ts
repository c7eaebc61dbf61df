import { open, realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

/** 64 MiB: five times the largest description known to us. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Why a file was not read. Nothing of the file is in it. */
export type FileProblem =
  | { readonly kind: "missing" | "outside" | "ending" }
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
    return { problem: failure(error) };
  }
}

async function readRegularFile(path: string): Promise<FileText> {
  const handle = await open(path, "r");
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { problem: { kind: "unreadable", reason: "it is not a regular file" } };
    if (stats.size > MAX_FILE_BYTES) return { problem: { kind: "too large", bytes: stats.size } };
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile()) };
  } finally {
    await handle.close();
  }
}

function isInside(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return steps !== "" && steps !== ".." && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
}

function failure(error: unknown): FileProblem {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return { kind: "missing" };
  if (code === "EACCES" || code === "EPERM") return { kind: "unreadable", reason: "permission denied" };
  if (code === "EISDIR") return { kind: "unreadable", reason: "it is not a regular file" };
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return { kind: "unreadable", reason: "it is not UTF-8" };
  return { kind: "unreadable", reason: typeof code === "string" ? code : "reading failed" };
}
