/**
 * Where a value of a JSON text stands, as character offsets; `key` is the name before it, when it has one. Of an object or a list only the
 * opening bracket: where it closes nobody asks, and to find out means to read all of it.
 */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
  readonly key: { readonly start: number; readonly end: number } | undefined;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const SCALAR = /[^\s,:[\]{}"]+/y;

/**
 * Finds values in a JSON text without building anything, and reads no further than the last one that was asked for.
 *
 *     jsonPlaces('{"a": [1, 2]}')(["a", "1"]) → { start: 10, end: 11, key: undefined }
 *
 * Stops at the deepest value on the way when the rest is not there; undefined when the text is not JSON on the way.
 */
export function jsonPlaces(text: string): (tokens: readonly string[]) => JsonPlace | undefined {
  const root = valueAt(text, space(text, 0), undefined);
  const opened = new Map<number, Opened>(); // by where it begins
  return (tokens) => {
    let place = root;
    for (const token of tokens) {
      if (!place) return undefined;
      const inside = opened.get(place.start) ?? open(text, place);
      opened.set(place.start, inside);
      const next = memberOf(text, inside, token);
      if (!next) return place;
      place = next;
    }
    return place;
  };
}

/** An object or a list that has been read as far as it was asked for. */
interface Opened {
  readonly keyed: boolean;
  readonly found: Map<string, JsonPlace>;
  /** Where the next member begins, or the closing bracket is. */
  next: number;
}

function open(text: string, { start }: JsonPlace): Opened {
  const next = "{[".includes(text.charAt(start)) ? space(text, start + 1) : text.length; // a scalar has no members
  return { keyed: text[start] === "{", found: new Map(), next };
}

/** The member of an object, the first one of a name, or the element of a list. */
function memberOf(text: string, inside: Opened, token: string): JsonPlace | undefined {
  const { found, keyed } = inside;
  while (!found.has(token) && inside.next < text.length && !"]}".includes(text.charAt(inside.next))) {
    const key = keyed ? stringAt(text, inside.next) : undefined;
    const value = valueAt(text, key ? space(text, space(text, key.end) + 1) : inside.next, key);
    const end = value && (isContainer(text, value) ? endOfContainer(text, value.start) : value.end);
    if (!value || end === undefined || (keyed && !key)) return undefined;
    const name = key ? unquote(text.slice(key.start, key.end)) : String(found.size);
    if (!found.has(name)) found.set(name, value);
    inside.next = space(text, space(text, end) + 1); // past the comma, or the closing bracket
  }
  return found.get(token);
}

function valueAt(text: string, start: number, key: JsonPlace["key"]): JsonPlace | undefined {
  const first = text[start];
  if (first === '"') return placed(stringAt(text, start), key);
  if (first === "{" || first === "[") return { start, end: start + 1, key };
  return placed(match(SCALAR, text, start), key);
}

function isContainer(text: string, { start }: JsonPlace): boolean {
  return "{[".includes(text.charAt(start));
}

const STRING_OR_BRACKET = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g;

/** The place behind the bracket that closes the one at `start`. Megabytes are skipped here: one pattern that finds everything that counts is fastest. */
function endOfContainer(text: string, start: number): number | undefined {
  STRING_OR_BRACKET.lastIndex = start;
  for (let depth = 0; STRING_OR_BRACKET.test(text);) {
    const last = text[STRING_OR_BRACKET.lastIndex - 1]; // of a string its quote
    if (last === "{" || last === "[") depth++;
    else if (last === "}" || last === "]") depth--;
    if (depth === 0) return STRING_OR_BRACKET.lastIndex;
  }
  return undefined;
}

function placed(span: JsonPlace["key"], key: JsonPlace["key"]): JsonPlace | undefined {
  return span && { ...span, key };
}

function stringAt(text: string, start: number): JsonPlace["key"] {
  return match(STRING, text, start);
}

function match(pattern: RegExp, text: string, start: number): JsonPlace["key"] {
  pattern.lastIndex = start;
  return pattern.test(text) ? { start, end: pattern.lastIndex } : undefined;
}

function space(text: string, start: number): number {
  SPACE.lastIndex = start;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function unquote(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}
