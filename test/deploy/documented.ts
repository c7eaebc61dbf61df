import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** The snippet of docs/deploy.md in a language, which holds a text when there are several; what is tested is what people copy. */
export function documented(language: string, holding = ""): string {
  const text = readFileSync(join(ROOT, "docs/deploy.md"), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(
    ([, name, code = ""]) => name === language && code.includes(holding),
  );
  const [only, ...others] = blocks;
  if (!only || others.length > 0) throw new Error(`docs/deploy.md has ${blocks.length} snippets in ${language}`);
  return only[2] ?? "";
}

/** A text with a part replaced that stands in it once. */
export function replaced(text: string, before: string | RegExp, after: string): string {
  const parts = text.split(before);
  if (parts.length !== 2) throw new Error(`${String(before)} stands ${parts.length - 1} times in the snippet`);
  return parts.join(after);
}
