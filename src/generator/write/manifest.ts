import { createHash } from "node:crypto";

/** `manifest.json`: what may change without a change of meaning, and which files of the folder are ours. */
export interface Manifest {
  /** Version of the generator. */
  readonly generator: string;
  /** SHA-256 of every file that went in, by project-relative path. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Files that came out, relative to the manifest's folder, sorted; the manifest itself is not listed. */
  readonly files: readonly string[];
}

/** The manifest of an API's folder. `inputs` are the files that went in; `files` the paths that came out, below `folder`. */
export function emitManifest(
  generator: string,
  folder: string,
  { inputs, files }: { readonly inputs: ReadonlyMap<string, string | Uint8Array>; readonly files: Iterable<string> },
): string {
  const hashes = [...inputs].map(([file, text]) => [file, createHash("sha256").update(text).digest("hex")] as const);
  const manifest: Manifest = {
    generator,
    inputs: Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1))),
    files: [...files].map((file) => file.slice(folder.length + 1)).sort(),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The files that a manifest lists; none when it cannot be read, as after a merge that went wrong. */
export function filesOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const { files } = JSON.parse(text) as { readonly files?: unknown }; // looked at before it is used
    return Array.isArray(files) ? files.filter((file) => typeof file === "string") : [];
  } catch {
    return [];
  }
}
