import { child, children, isObject, own, placeKey, pointerTokens, type Node } from "./node.ts";
import type { Documents } from "./spec.ts";

/** What `$dynamicRef`s stand for while a generic schema is read for one use of it (JSON Schema 2020-12 Core §8.2.3.2). */
export interface Bindings {
  /** Schemas by the anchor that they take the place of. */
  readonly schemas: ReadonlyMap<string, Node>;
  /** Places of the generic schemas that are being read: one that uses itself is not read without end. */
  readonly within: ReadonlySet<string>;
}

const NONE: Bindings = { schemas: new Map(), within: new Set() };

/**
 * What a reference binds for the schema that it leads to: anchors of what stands around it go before its own. Undefined when that schema
 * asks for none of them, and is the same wherever it is used.
 *
 *     $ref: Page, $defs: { item: { $dynamicAnchor: item, $ref: Pet } } → Page, with Pet for its `#item`
 */
export function bindingsFor(reference: Node, target: Node, around: Bindings = NONE): Bindings | undefined {
  const schemas = new Map([...anchorsOf(reference), ...around.schemas]);
  const place = placeKey(target.origin);
  if (schemas.size === 0 || around.within.has(place)) return undefined;
  const asked = [...anchorsOf(target)].some(([name, { origin }]) => {
    const bound = schemas.get(name);
    return bound !== undefined && placeKey(bound.origin) !== placeKey(origin);
  });
  return asked ? { schemas, within: new Set([...around.within, place]) } : undefined;
}

/** The dynamic anchors of a schema: its own, and those of its `$defs`. */
function anchorsOf(schema: Node): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const one of [schema, ...children(child(schema, "$defs")).map(([, inner]) => inner)]) {
    const name = own(one.value, "$dynamicAnchor");
    if (typeof name === "string" && !found.has(name)) found.set(name, one);
  }
  return found;
}

/** The schema that a `$dynamicRef` is bound to; undefined when nothing is, and it means what a `$ref` would. */
export function boundSchema(schema: Node, bindings: Bindings | undefined): Node | undefined {
  const ref = own(schema.value, "$dynamicRef");
  return typeof ref === "string" ? bindings?.schemas.get(ref.slice(ref.indexOf("#") + 1)) : undefined;
}

/**
 * The schema that `$recursiveRef: "#"` of draft 2019-09 means: the innermost around it that says `$recursiveAnchor`, otherwise the
 * component that it stands in.
 */
export function recursiveTarget(schema: Node, { values }: Documents): Node | undefined {
  if (own(schema.value, "$recursiveRef") !== "#") return undefined;
  const { file, pointer } = schema.origin;
  let here: Node = { value: values.get(file), origin: { file, pointer: "" } };
  let found: Node | undefined;
  for (const token of pointerTokens(pointer)) {
    here = child(here, token);
    const isComponent = /^\/components\/schemas\/[^/]+$/.test(here.origin.pointer);
    const isAnchor = isObject(here.value) && here.value["$recursiveAnchor"] === true;
    if (isAnchor || (isComponent && !found)) found = here;
  }
  return found && placeKey(found.origin) !== placeKey(schema.origin) ? found : undefined;
}
