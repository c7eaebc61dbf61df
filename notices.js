// The licences of what a bundle is made of: whoever hands a copy on hands these on with it.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A text with the notice of Toolwright and of every package of which something is in the bundle, sorted by name; the same text stands once. */
export function noticesOf(output) {
  const folders = new Set(["."]);
  for (const { moduleIds = [] } of output) for (const id of moduleIds) folders.add(folderOf(id) ?? ".");
  const byText = new Map();
  for (const folder of [...folders].sort()) {
    const {
      name,
      version,
      licenses,
      license = licenses?.[0]?.type,
      author,
      repository,
    } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    // Some packages name their licence and leave out its text.
    const text = licenceText(folder) ?? `Licence: ${license}${author ? `; author: ${author.name ?? author}` : ""}`;
    // Where its source is: the one under MPL-2.0 asks for that, and it hurts none of the others.
    const source = [repository?.url ?? repository, `npm: ${name}`].find(Boolean);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license}), ${source}`]);
  }
  const notices = [...byText].map(([text, names]) => `${[...new Set(names)].join("\n")}\n\n${text}`);
  return `This file contains code of these packages.\n\n${notices.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** A text as comment lines; a line separator would end such a line early. */
export function asComment(text) {
  return text
    .trimEnd()
    .replaceAll(/^/gm, "// ")
    .replaceAll(/[\u2028\u2029]/g, " ")
    .replaceAll(/ +$/gm, "");
}

/** `…/node_modules/@a/b/dist/c.js` → `…/node_modules/@a/b`; undefined: it is our own. */
function folderOf(id) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id.replace(/^\0/, "").split("?")[0])?.[0];
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[sc]e|copying)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}
