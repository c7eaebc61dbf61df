/** Source text. Nothing but this file can turn a string into it; `text` is there to be measured and, in the end, to be written. */
export type Code = CodeText;

/** Not exported: that is what keeps a vendor's text out of code. */
class CodeText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a hole of {@link ts} may hold: code goes in as it is, anything else as a literal. */
type Hole = Code | string | number | boolean | null;

/**
 * Source text with holes.
 *
 *     ts`method: ${"GET"},`                       → method: "GET",
 *     ts`export const ${id("a")} = ${ts`b`};`     → export const a = b;
 */
export function ts(parts: TemplateStringsArray, ...holes: readonly Hole[]): Code {
  let text = parts[0] ?? "";
  for (let i = 0; i < holes.length; i++) {
    const hole = holes[i] ?? null;
    text += (hole instanceof CodeText ? hole.text : literal(hole)) + (parts[i + 1] ?? "");
  }
  return new CodeText(text);
}

/** Codes one after another, with something between them. */
export function join(codes: readonly Code[], separator: Code): Code {
  return new CodeText(codes.map((code) => code.text).join(separator.text));
}

/**
 * An identifier.
 *
 * @throws {TypeError} when the text is none, or is a word that JavaScript keeps for itself.
 */
export function id(name: string): Code {
  if (!isIdentifier(name)) throw new TypeError(`${JSON.stringify(name)} is no identifier`);
  return new CodeText(name);
}

/** Whether a text can be the name of a constant. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED.has(name);
}

/** The key of a property: bare where that is allowed, quoted elsewhere; `__proto__` in brackets, since it is no key otherwise. */
export function key(name: string): Code {
  if (name === "__proto__") return new CodeText('["__proto__"]');
  return new CodeText(IDENTIFIER.test(name) ? name : literal(name));
}

/**
 * A text of several lines as a template literal, so that it reads as it is. It says that text and nothing else: what would end the
 * literal or open a hole in it is escaped.
 */
export function lines(text: string): Code {
  if (/\b(?:from|import)\s*\(?\s*["']/.test(text)) return ts`${text}`; // as in `quoted`: it must not be taken for an import
  const inner = JSON.stringify(text) // escapes backslashes, controls and halves of characters
    .slice(1, -1)
    .replaceAll(/\\(.)/g, (escape, character: string) => (character === "n" ? "\n" : character === '"' ? '"' : escape))
    .replaceAll(/`|\$\{/g, "\\$&");
  return new CodeText(
    `\`${inner.replace(HIDDEN, (character) => (character === "\n" ? character : escaped(character)))}\``,
  );
}

/** Whether a value is source text already. */
export function isCode(value: unknown): value is Code {
  return value instanceof CodeText;
}

/** Text within a comment: one line, in which nothing ends the comment or hides from a reader. */
export function comment(text: string): Code {
  const line = text.replace(HIDDEN, " ").replace(/\s+/g, " ").trim();
  return new CodeText(line.replaceAll("*/", "* /"));
}

/**
 * A string, number, boolean or null as JavaScript writes it. Characters that end a line, hide, or turn the direction of
 * reading are written as escapes, so that what a reviewer sees is what is there.
 */
function literal(value: string | number | boolean | null): string {
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${value} has no literal`);
  return quoted(JSON.stringify(value)).replace(HIDDEN, escaped);
}

function escaped(character: string): string {
  return [...Array(character.length).keys()].map((i) => `\\u${hex(character.charCodeAt(i))}`).join("");
}

/**
 * Single quotes for a text that has double ones and no single one, so that it reads as it is. Not for one that speaks of `from "…"`:
 * whoever looks for imports in the module's text would take it for one.
 */
function quoted(json: string): string {
  if (!json.includes('\\"') || json.includes("'") || /\b(?:from|import)\b/.test(json)) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"')}'`; // JSON writes every inner quote with one backslash before it
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, "0");
}

/** Controls, line separators, zero-width and bidirectional characters, the tag block, the byte order mark. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** Printable ASCII without quotes and backslashes: nine texts of ten, in which there is nothing to escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** ECMAScript's reserved words, those of strict mode and of modules, and globals that cannot be declared. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static super switch " +
    "this throw true try typeof undefined var void while with yield NaN Infinity"
  ).split(" "),
);
