import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { errorCode, whyUnusable } from "../../runtime/load/file-fault.ts";
import { UserError } from "../command.ts";

/** A file that was written. */
export interface Written {
  /** From the current folder. */
  readonly path: string;
  readonly bytes: number;
  /** What a person does with it. */
  readonly use: string;
}

const REGISTRY_ENTRY = "server.json";

/**
 * Writes the files of a packed server into a folder, which is made if need be.
 *
 * @throws {UserError} when the folder cannot be written, or holds the registry entry of another server.
 */
export function writePacked(
  folder: string,
  files: readonly (readonly [file: string, content: string | Uint8Array, use: string])[],
): readonly Written[] {
  for (const [file, content] of files) if (file === REGISTRY_ENTRY) refuseAnother(join(folder, file), String(content));
  try {
    mkdirSync(folder, { recursive: true });
    return files.map(([file, content, use]) => {
      const path = join(folder, file);
      writeFileSync(path, content, { mode: file.endsWith(".mjs") ? 0o755 : 0o644 }); // it begins with #!
      return { path: relative("", path), bytes: Buffer.byteLength(content), use };
    });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new UserError(`${folder} ${whyUnusable(error)}`, "name another folder that you may write: --out DIR");
  }
}

/** Another server's entry, perhaps written by hand, is nothing to lose by packing this one. */
function refuseAnother(path: string, ours: string): void {
  const there = nameIn(textOf(path));
  if (there === undefined || there === nameIn(ours)) return;
  throw new UserError(`${path} is the entry of another server, ${there}`, "name another folder: --out DIR");
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // there is none; or writing it will say what is wrong
  }
}

function nameIn(text: string | undefined): string | undefined {
  try {
    const { name } = JSON.parse(text ?? "") as { readonly name?: unknown }; // looked at before it is used
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
