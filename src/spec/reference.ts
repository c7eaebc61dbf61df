import { posix } from "node:path";

/** Where a `$ref` points: a file of the project and a JSON Pointer in it, or why it may not. */
export type Target =
  | { readonly kind: "place"; readonly file: string; readonly pointer: string }
  | { readonly kind: "remote" | "outside" | "malformed" };

/**
 * Reads a `$ref` that stands in a file.
 *
 *     readReference("#/components/schemas/Pet", "specs/a.yaml") → specs/a.yaml, /components/schemas/Pet
 *     readReference("../shared/pet.yaml#/Pet", "specs/a.yaml")  → shared/pet.yaml, /Pet
 *     readReference("https://example.com/pet.yaml", …)          → remote
 *     readReference("/etc/passwd", …)                           → outside
 */
export function readReference(ref: string, from: string): Target {
  const hash = ref.indexOf("#");
  const path = decode(hash === -1 ? ref : ref.slice(0, hash));
  const pointer = decode(hash === -1 ? "" : ref.slice(hash + 1));
  if (path === undefined || pointer === undefined || path.includes("\0")) return { kind: "malformed" };
  if (pointer !== "" && !pointer.startsWith("/")) return { kind: "malformed" }; // an $anchor: there is none at these places
  if (path === "") return { kind: "place", file: from, pointer };
  if (/^(?:[a-z][a-z0-9+.-]+:)?\/\//i.test(path) && !/^file:/i.test(path)) return { kind: "remote" };
  if (/^[a-z][a-z0-9+.-]*:|^[/\\]|\\/i.test(path)) return { kind: "outside" }; // file:, C:, /etc, \\host\share
  const file = posix.normalize(posix.join(posix.dirname(from), path));
  return file.startsWith("../") ? { kind: "outside" } : { kind: "place", file, pointer };
}

/** Undoes percent-encoding; undefined when it is broken in a way that leaves the meaning open. */
export function decode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.includes("#") ? undefined : text; // a stray % is a vendor's habit: the text is taken as it stands
  }
}
