/** Lines of a text, and where in it they begin. */
interface Lines {
  readonly text: string;
  readonly start: number;
}

/** The lines of one key of a text, the key included. */
export interface Section extends Lines {
  /** How many tokens lead to the mapping that the key stands in. */
  readonly depth: number;
}

const KEY = `(?:"([^"\\\\\\n]*)"|'([^'\\n]*)'|([\\w$/][^\\s:'"#]*)):(?=[ \\t\\r\\n]|$)`;
/** A mapping in lines of its own begins below a key; what stands before it is comments. */
const BELOW = new RegExp(`^ *${KEY}[ \\t]*(?:#.*)?\\r?\\n(?:[ \\t]*(?:#.*)?\\r?\\n)*`);
const ALIAS = /(?:^|[\s[{,:?-])\*[^\s,[\]{}]/m;

/**
 * Narrows a YAML text down to the lines where a place stands, as far as mappings are written with a key a line: to place a problem within
 * one tool, nobody has to parse twelve hundred others, which takes a quarter of a second, or a description of megabytes, which takes many.
 *
 *     sectionOf("a: 1\nb:\n  c: 2\n  d: 3\n", ["b", "d"]) → { text: "  d: 3\n", start: 14, depth: 1 }
 *
 * @returns undefined where only the whole text tells, as with aliases in these lines.
 */
export function sectionOf(whole: string, tokens: readonly string[]): Section | undefined {
  let found: Section | undefined;
  let body: Lines | undefined = { text: whole, start: 0 };
  for (const [depth, token] of tokens.entries()) {
    const lines: Lines | undefined = body && linesOf(body.text, token);
    if (!body || !lines) break;
    found = { text: lines.text, start: body.start + lines.start, depth };
    const head: number | undefined = BELOW.exec(found.text)?.[0].length;
    body = head === undefined ? undefined : { text: found.text.slice(head), start: found.start + head };
  }
  return found && !ALIAS.test(found.text) ? found : undefined;
}

/** The lines of a key among those of a mapping; undefined when it is not there once, or a line at the margin holds no key. */
function linesOf(mapping: string, key: string): Lines | undefined {
  const margin = /^(?:[ \t]*(?:#.*)?\r?\n)*( *)/.exec(mapping)?.[1]?.length ?? 0;
  // Every line that is indented no further than the first one is a key, an element of the list of one, a comment, or more than can be told here.
  const line = new RegExp(`^(?: {${margin}}${KEY}| {0,${margin}}(?![ #\\r\\n]|-[ \\r\\n]|$))`, "gm");
  let start: number | undefined;
  let end: number | undefined;
  for (const match of mapping.matchAll(line)) {
    const name = match[1] ?? match[2] ?? match[3];
    if (name === undefined) return undefined;
    if (start !== undefined) end ??= match.index;
    if (name !== key) continue;
    if (start !== undefined) return undefined;
    start = match.index;
  }
  return start === undefined ? undefined : { text: mapping.slice(start, end), start };
}
