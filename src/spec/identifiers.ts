import type { Origin } from "../diagnostics/diagnostic.ts";
import { LITERALS, MAPS } from "./external-refs.ts";
import { child, children, isObject, own, type Node } from "./node.ts";
import { decode } from "./reference.ts";

/** What schemas and documents call themselves: `$id`, `$anchor`, `$dynamicAnchor` and `$self` (OAS 3.1.1 §4.6, 3.2.0 §4.1.2). */
export interface Identifiers {
  /** Resources by their URL, without a fragment. */
  readonly resources: ReadonlyMap<string, Origin>;
  /** Anchors by the URL of their resource and their name: `https://acme.example/pet#name`. */
  readonly anchors: ReadonlyMap<string, Origin>;
}

const MAX_DEPTH = 500; // levels, each of them a call; what lies deeper is read by nobody

/** Gathers the identifiers of the parsed files; what stands in an example, a default or the like is data. */
export function gatherIdentifiers(files: ReadonlyMap<string, unknown>): Identifiers {
  const resources = new Map<string, Origin>();
  const anchors = new Map<string, Origin>();
  const seen = new Set<object>();
  const walk = (node: Node, base: string, names: boolean, depth = 0): void => {
    if (typeof node.value !== "object" || node.value === null || seen.has(node.value) || depth > MAX_DEPTH) return;
    seen.add(node.value);
    const here = names ? base : within(node, base);
    if (here !== base) addNew(resources, here, node.origin);
    for (const key of names ? [] : ["$anchor", "$dynamicAnchor"]) {
      const anchor = own(node.value, key);
      if (typeof anchor === "string") addNew(anchors, `${here}#${anchor}`, node.origin);
    }
    for (const [key, inner] of children(node)) {
      if (names || (!LITERALS.has(key) && !key.startsWith("x-"))) walk(inner, here, !names && MAPS.has(key), depth + 1);
    }
  };
  for (const [file, value] of files) {
    const root: Node = { value, origin: { file, pointer: "" } };
    const base = baseOf(file);
    const self = resolve(own(value, "$self"), base) ?? base;
    for (const url of [base, self]) addNew(resources, url, root.origin);
    walk(root, self, false);
  }
  return { resources, anchors };
}

/**
 * The place that a reference names by an identifier; undefined when it names none, and is a path to a file as usual.
 *
 *     findIdentified("#name", …)                      → the schema with `$anchor: name` in the same resource
 *     findIdentified("https://acme.example/pet#/a",…) → `/a` of the schema with that `$id`
 */
export function findIdentified(
  ref: string,
  from: Node,
  files: ReadonlyMap<string, unknown>,
  known: Identifiers,
): Origin | undefined {
  const url = resolve(ref, baseAt(from.origin, files));
  if (url === undefined) return undefined;
  const hash = url.indexOf("#");
  const resource = hash === -1 ? url : url.slice(0, hash);
  const fragment = hash === -1 ? "" : decode(url.slice(hash + 1));
  if (fragment === undefined) return undefined;
  if (fragment !== "" && !fragment.startsWith("/")) return known.anchors.get(`${resource}#${fragment}`);
  const place = known.resources.get(resource);
  return place && { file: place.file, pointer: place.pointer + fragment };
}

/** The URL that references at a place are relative to: that of the innermost resource around it. */
function baseAt({ file, pointer }: Origin, files: ReadonlyMap<string, unknown>): string {
  let node: Node = { value: files.get(file), origin: { file, pointer: "" } };
  let base = within(node, resolve(own(node.value, "$self"), baseOf(file)) ?? baseOf(file));
  for (const token of pointer.split("/").slice(1)) {
    node = child(node, token.replaceAll("~1", "/").replaceAll("~0", "~"));
    base = within(node, base);
  }
  return base;
}

/** The URL of a schema that has an `$id`; otherwise that of what is around it. */
function within(node: Node, base: string): string {
  const url = isObject(node.value) ? resolve(own(node.value, "$id"), base) : undefined;
  return url?.split("#")[0] ?? base;
}

/** Files have addresses of their own, which nothing outside can have: what leaves the project meets nothing. */
function baseOf(file: string): string {
  return `project://files/${file.split("/").map(encodeURIComponent).join("/")}`;
}

function resolve(reference: unknown, base: string): string | undefined {
  try {
    return typeof reference === "string" ? new URL(reference, base).href : undefined;
  } catch {
    return undefined; // no URL: a vendor's name for something
  }
}

/** The first one counts, as everywhere. */
function addNew(map: Map<string, Origin>, key: string, origin: Origin): void {
  if (!map.has(key)) map.set(key, origin);
}
