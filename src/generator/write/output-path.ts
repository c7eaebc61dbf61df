import { lstatSync } from "node:fs";
import { join } from "node:path";

/** `generated/<api>/…`: every segment begins with a letter, a digit or `_`, so `..` and hidden files are none. */
const INSIDE = /^generated\/[A-Za-z_][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/;

/** The one file outside `generated/`: the variables of all APIs, where people look for them. */
export const ENV_EXAMPLE = ".env.example";

/** Whether a path is one that the generator may write or remove. */
export function isOutput(path: string): boolean {
  return path === ENV_EXAMPLE || INSIDE.test(path);
}

/** `generated/acme/tools/x.ts` → `generated/acme`. */
export function folderOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

/**
 * The first part of a path that is a symbolic link: what is written below it would land elsewhere.
 *
 * @param looked What is known of the parts of other paths already: whether each is a link; undefined: nothing is there.
 */
export function linkIn(
  projectDir: string,
  path: string,
  looked = new Map<string, boolean | undefined>(),
): string | undefined {
  const parts = path.split("/");
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join("/");
    if (!looked.has(part))
      looked.set(part, lstatSync(join(projectDir, part), { throwIfNoEntry: false })?.isSymbolicLink());
    const isLink = looked.get(part);
    if (isLink === undefined) return undefined;
    if (isLink) return part;
  }
  return undefined;
}
