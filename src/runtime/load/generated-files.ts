import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The files of a generated API: in a folder, or in the one file of a packed server. */
export interface GeneratedFiles {
  /** How messages name a file: its path. */
  nameOf(file: string): string;
  /** Text of a file, by its path with `/`; undefined: it is not there. */
  read(file: string): string | undefined;
  /** URL of the folder, with a slash at its end. */
  url(): string;
  /** Texts of the modules by URL, where Node cannot read them from the disk. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** The files of `generated/<api>`. */
export function filesInFolder(folder: string): GeneratedFiles {
  return {
    nameOf: (file) => join(folder, file),
    read: (file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : undefined),
    url: () => `${pathToFileURL(realpathSync(folder)).href}/`, // Node names a module by its real path, so links are followed first
  };
}

/**
 * The files that a packed server carries in itself, as if its file were a folder: `file:///srv/acme.mjs` → `file:///srv/acme.mjs/index.ts`.
 *
 * @param packedUrl URL of the packed server's own file.
 */
export function filesWithin(
  packedUrl: string,
  files: readonly (readonly [file: string, text: string])[],
): GeneratedFiles {
  const texts = new Map(files);
  const base = `${packedUrl.replaceAll("'", "%27")}/`; // as `importIndex` writes it, or what is imported would not be found here
  return {
    nameOf: (file) => `${fileURLToPath(packedUrl)}: ${file}`,
    read: (file) => texts.get(file),
    url: () => base,
    texts: Object.fromEntries(files.map(([file, text]) => [new URL(file, base).href, text])),
  };
}
