/** Why a text is not taken as JSON. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

const MAX_DEPTH = 200; // real answers stay below 20; a walk of this many calls fits any stack
const QUOTE = 0x22;

/**
 * Parses what a vendor sent as JSON.
 *
 * - Integers beyond 2^53 become texts of their digits: as numbers they would be silently rounded, and an id that is one off is
 *   another record.
 * - `__proto__` members are dropped.
 *
 *     {"id":9007199254740993} → { id: "9007199254740993" }
 *
 * @throws {JsonError} when it is none, or is nested deeper than 200.
 */
export function parseJson(text: string): unknown {
  const { deep, longDigits, proto } = scan(text);
  if (deep) throw new JsonError(`nested deeper than ${MAX_DEPTH}`);
  let value: unknown;
  try {
    value = JSON.parse(longDigits ? quoteLongIntegers(text) : text);
  } catch {
    throw new JsonError("not JSON"); // V8's message quotes the text
  }
  if (proto) dropProto(value);
  return value;
}

/** One look at the text for what needs more care than `JSON.parse` takes. */
function scan(text: string): { readonly deep: boolean; readonly longDigits: boolean; readonly proto: boolean } {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x5d || char === 0x7d) depth--;
  }
  // An escape may hide the name: `__proto__`.
  return { deep: deepest > MAX_DEPTH, longDigits: /\d{16}/.test(text), proto: /__proto__|\\u00/i.test(text) };
}

/** Position of the quote that ends the string which begins at `start`; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** Node 20 hands a reviver no source text, so long integers are put in quotes before parsing. */
function quoteLongIntegers(text: string): string {
  let quoted = "";
  let at = 0;
  while (at < text.length) {
    const string = text.indexOf('"', at);
    const end = string === -1 ? text.length : string;
    quoted += text.slice(at, end).replace(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, quoteIfLong);
    if (string === -1) break;
    at = endOfString(text, string) + 1;
    quoted += text.slice(string, at);
  }
  return quoted;
}

function quoteIfLong(number: string): string {
  return /^-?[1-9]\d*$/.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number;
}

function dropProto(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) delete (value as Record<string, unknown>)["__proto__"]; // an own member of parsed JSON
  for (const entry of Object.values(value)) dropProto(entry);
}
