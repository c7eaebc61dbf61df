import { own } from "./node.ts";

/** Members that hold whatever the vendor liked, unless they are names of a map. */
export const LITERALS = new Set(["example", "examples", "default", "enum", "const"]);

/** Members whose own members are names: a property called `default` is a schema. */
export const MAPS = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "$defs",
  "definitions",
  "responses",
  "schemas",
]);

const IDENTIFIERS = new Set(["$id", "$anchor", "$dynamicAnchor"]);

/** What a walk over a document finds, at the places where references count. */
export interface Outgoing {
  /** The references to other files, as they are written. */
  readonly refs: ReadonlySet<string>;
  /** Whether something has a name of its own, by which a reference may mean it. */
  readonly identified: boolean;
}

/** A `$ref` to another place than this file, a name of a schema or of the document. */
const TELLING = /\$(?:ref["']?\s*:\s*(?:[^"'\s#{[]|["'][^#])|(?:id|anchor|dynamicAnchor|self)\b)/y;
/** A character that may spell one of them. */
const ESCAPED = /\\(?:u00|x)[2-7]/iy;

/**
 * Whether a walk over the document of a text may find something: nearly always it does not, and takes as long as parsing.
 * A text is taken to lead elsewhere when in doubt.
 */
export function mayLeadElsewhere(text: string): boolean {
  return someAt(text, "$", TELLING) || someAt(text, "\\", ESCAPED);
}

/** Whether a pattern that begins with a character is met anywhere: going from one such character to the next is three times as fast as the pattern alone. */
function someAt(text: string, first: string, pattern: RegExp): boolean {
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + 1)) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return true;
  }
  return false;
}

/** Finds what in a document leads elsewhere. */
export function externalRefs(document: unknown): Outgoing {
  let identified = typeof own(document, "$self") === "string";
  const found = new Set<string>();
  const seen = new Set<object>(); // YAML aliases make one object stand in several places
  const waiting: { value: object; names: boolean }[] = [];
  const later = (value: unknown, names: boolean): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    waiting.push({ value, names });
  };
  later(document, false);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [key, value] of Object.entries(next.value)) {
      identified ||= IDENTIFIERS.has(key) && typeof value === "string" && !next.names;
      if (key === "$ref" && typeof value === "string" && !value.startsWith("#")) found.add(value);
      if (next.names || !LITERALS.has(key)) later(value, !next.names && MAPS.has(key));
    }
  }
  return { refs: found, identified };
}
