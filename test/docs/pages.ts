import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** Every page that people read, relative to the repository. Those under `generated/` are held by the generator's own tests too. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((file) => file.endsWith(".md")),
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
  ...["specs", "generated"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((api) => join(folder, api, "README.md")),
  ),
];

/** The text of a file of the repository. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** A page without its blocks of code, in which nothing is a link or a heading. */
export function proseOf(page: string): string {
  return textOf(page).replaceAll(/^( *)(```+|~~~+)[^]*?^\1\2 *$/gm, "");
}

/** What stands under a heading, up to the next one of the same level: `sectionOf("README.md", "## Commands")`. */
export function sectionOf(page: string, heading: string): string {
  const text = textOf(page);
  const begin = text.indexOf(`\n${heading}\n`);
  if (begin < 0) throw new Error(`${page} has no heading "${heading}"`);
  const [level = ""] = heading.split(" ");
  const end = text.indexOf(`\n${level} `, begin + 1);
  return text.slice(begin, end < 0 ? undefined : end);
}
