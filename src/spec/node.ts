import type { Origin } from "../diagnostics/diagnostic.ts";

/** A value of a parsed file, with its place. The value comes from a vendor: every look at it goes through here. */
export interface Node {
  readonly value: unknown;
  readonly origin: Origin;
}

/** A member of an object or an element of an array; its value is undefined when there is none. */
export function child(node: Node, key: string | number): Node {
  const { file, pointer } = node.origin;
  return { value: own(node.value, String(key)), origin: { file, pointer: `${pointer}/${escapeToken(String(key))}` } };
}

/** The value at a place of the parsed files. */
export function nodeAt(files: ReadonlyMap<string, unknown>, { file, pointer }: Origin): Node {
  return pointerTokens(pointer).reduce(child, { value: files.get(file), origin: { file, pointer: "" } });
}

/** Every member of an object in the order of the file, or every element of an array; empty for anything else. */
export function children(node: Node): [string, Node][] {
  if (!isContainer(node.value)) return [];
  return Object.keys(node.value).map((key) => [key, child(node, key)]);
}

/** An object's own member: `toString` or `__proto__` of a description are names like any other. */
export function own(value: unknown, key: string): unknown {
  if (!isContainer(value) || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key]; // hasOwn says that the key is there; the value stays unknown
}

/** Whether a value is an object that is no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}

/** The text of a member; "" when it is none. Numbers, as in `version: 2`, are written out. */
export function textOf(node: Node, key: string): string {
  const value = own(node.value, key);
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : "";
}

/** The names of an array of strings, as `tags` or `required` have them; other elements are left out. */
export function wordsOf(node: Node, key: string): string[] {
  const value = own(node.value, key);
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === "string") : [];
}

/** A place as one string, to compare and to key by: `specs/acme.yaml#/paths/~1tickets/get`. */
export function placeKey({ file, pointer }: Origin): string {
  return `${file}#${pointer}`;
}

/** An object without a prototype, for names that a vendor chose. */
export function emptyRecord<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>; // Object.create returns any
}

/** `/a/b~1c` → `["a", "b/c"]`. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Escapes one token of a JSON Pointer (RFC 6901 §3). */
export function escapeToken(token: string): string {
  return /[~/]/.test(token) ? token.replaceAll("~", "~0").replaceAll("/", "~1") : token;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
