import { sectionOf } from "../docs/pages.ts";

/** The one snippet in a language under a heading of docs/deploy.md: `documented("ini", "## systemd")`. What is tested is what people copy. */
export function documented(language: string, heading: string): string {
  const text = sectionOf("docs/deploy.md", heading);
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language);
  const [only, ...others] = blocks;
  if (!only || others.length > 0) throw new Error(`"${heading}" has ${blocks.length} snippets in ${language}`);
  return only[2] ?? "";
}

/** A text with a part replaced that stands in it once. */
export function replaced(text: string, before: string | RegExp, after: string): string {
  const parts = text.split(before);
  if (parts.length !== 2) throw new Error(`${String(before)} stands ${parts.length - 1} times in the snippet`);
  return parts.join(after);
}
