import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, parseDocument, type Document, type Node } from "yaml";
import { jsonPlaces } from "./json-place.ts";
import { perText } from "./per-text.ts";
import { sectionOf } from "./yaml-section.ts";

/** A place in a text, for people: line and column count from 1, `length` is what to underline of the line. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly lineText: string;
}

/**
 * Works out where a JSON Pointer stands in a YAML or JSON text.
 *
 *     locate("a:\n  b: [1, 2]\n", "x.yaml", "/a/b/1") → { line: 2, column: 10, length: 1, lineText: "  b: [1, 2]" }
 *
 * Objects and arrays are shown by their key, which is one word, not by all their lines. A pointer that leads nowhere
 * is shown by the last part of it that exists: that is where something is missing.
 *
 * @param key Points at the key instead of the value.
 * @returns undefined when the text cannot be read that far.
 */
export function locate(text: string, file: string, pointer: string, key = false): Place | undefined {
  const tokens = pointerTokens(pointer);
  const span = /\.json$/i.test(file) ? spanInJson(text, tokens, key) : spanInYaml(text, tokens, key);
  return span && placeAt(text, span.start, span.end - span.start);
}

/** Line and column of a character offset, with the line's text; never underlines beyond the line. */
export function placeAt(text: string, offset: number, length: number): Place {
  const starts = lineStartsOf(text);
  const index = lineIndex(starts, offset);
  const start = starts[index] ?? 0;
  const lineText = text.slice(start, (starts[index + 1] ?? text.length + 1) - 1).replace(/\r$/, "");
  const column = offset - start + 1;
  const visible = Math.max(1, Math.min(length, lineText.length - column + 1));
  return { line: index + 1, column, length: visible, lineText };
}

/** `/paths/~1tickets/get` → `["paths", "/tickets", "get"]`. */
function pointerTokens(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function spanInJson(text: string, tokens: readonly string[], key: boolean): Span | undefined {
  const place = jsonPlacesOf(text)(tokens);
  if (!place) return undefined;
  const collection = text[place.start] === "{" || text[place.start] === "[";
  if (place.key && (key || collection)) return place.key;
  return collection ? { start: place.start, end: place.start + 1 } : place;
}

function spanInYaml(text: string, tokens: readonly string[], key: boolean): Span | undefined {
  const section = sectionOf(text, tokens);
  if (!section) return spanInDocument(documentOf(text), tokens, key);
  const document = parseDocument(section.text, PARSING); // a few lines, and seldom the same again
  const span = spanInDocument(document, tokens.slice(section.depth), key);
  return span && { start: span.start + section.start, end: span.end + section.start };
}

function spanInDocument(document: Document, tokens: readonly string[], key: boolean): Span | undefined {
  let node: unknown = document.contents;
  let name: Span | undefined;
  for (const token of tokens) {
    const next = step(isAlias(node) ? node.resolve(document) : node, token);
    if (!next) break;
    node = next.value;
    name = next.name;
  }
  if (name && (key || !isScalar(node))) return name;
  return isNode(node) ? spanOf(node) : name;
}

/** The value of a key or the element of an index, and where its key stands. */
function step(parent: unknown, token: string): { value: unknown; name: Span | undefined } | undefined {
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === token);
    return pair && { value: pair.value, name: isNode(pair.key) ? spanOf(pair.key) : undefined };
  }
  if (!isSeq(parent)) return undefined;
  const value = parent.items[Number(token)];
  return value === undefined ? undefined : { value, name: undefined };
}

/** A scalar as a whole; of an object its first key, of an array its bracket or first element. */
function spanOf(node: Node): Span | undefined {
  if (isCollection(node) && !node.flow) {
    const [first] = node.items;
    const inner = isMap(node) ? node.items[0]?.key : first;
    if (isNode(inner)) return spanOf(inner);
  }
  if (!node.range) return undefined;
  const [start, end] = node.range;
  return { start, end: isCollection(node) ? start + 1 : end };
}

const jsonPlacesOf = perText(jsonPlaces);
const PARSING = { keepSourceTokens: false, logLevel: "silent", uniqueKeys: false } as const;
const documentOf = perText((text) => parseDocument(text, PARSING));
const lineStartsOf = perText((text) => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
});

/** The index of the last line that starts at or before an offset. */
function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
