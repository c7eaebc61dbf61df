import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The nearest folder at or above a place that has a `package.json`: this package's.
 *
 * @param place Default: where this code stands.
 * @throws {Error} when there is none, up to the root of the disk.
 */
export function packageDirectory(place: string = dirname(fileURLToPath(import.meta.url))): string {
  let folder = place;
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder)
      throw new Error(`no package.json at or above ${place}: install toolwright as a whole package`);
    folder = above;
  }
  return folder;
}

/** The version of this package, as `manifest.json` names it. */
export function version(): string {
  const text = readFileSync(join(packageDirectory(), "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version; // our own file
}
