import type { SchemaObject } from "../../definition/catalog.ts";
import { definitionName, mapSubschemas, perSchema, subschemasOf } from "./schema.ts";

type Definitions = Readonly<Record<string, SchemaObject>>;

/** Schemas that a tool may still unfold before references are kept as they are (T06: shared parts unfold exponentially). */
export interface Budget {
  left: number;
}

/** Subschemas that one tool's arguments may have once unfolded; the largest honest ones have some hundreds. */
export const MAX_SUBSCHEMAS = 2000;

/**
 * Writes the target of every reference in its place, except where that would never end: a reference into a cycle stays.
 *
 * @param budget Counts what is written; when it is used up, the remaining references stay too.
 */
export function inlineSchema(schema: SchemaObject, definitions: Definitions, budget: Budget): SchemaObject {
  budget.left -= 1;
  const name = definitionName(schema);
  if (name === undefined) return mapSubschemas(schema, (inner) => inlineSchema(inner, definitions, budget));
  const target = definitions[name];
  if (!target) return {};
  if (budget.left < 0 || cyclic(name, definitions)) return schema;
  return withSiblings(inlineTarget(target, definitions, budget), schema);
}

/** A definition written out: which others went into it, and what it cost. */
interface Inlined {
  readonly schema: SchemaObject;
  readonly parts: ReadonlyMap<string, SchemaObject | undefined>;
  readonly cost: number;
}

const inlined = new WeakMap<SchemaObject, Inlined>();

/** Writes a definition out once, for all operations in which everything that it refers to is the same. */
function inlineTarget(target: SchemaObject, definitions: Definitions, budget: Budget): SchemaObject {
  const known = inlined.get(target);
  if (known && known.cost <= budget.left && isSame(known.parts, definitions)) {
    budget.left -= known.cost;
    return known.schema;
  }
  const before = budget.left;
  const schema = inlineSchema(target, definitions, budget);
  if (budget.left >= 0) {
    const names = reachableFrom(target, definitions);
    const parts = new Map([...names].map((name) => [name, definitions[name]] as const));
    inlined.set(target, { schema, parts, cost: before - budget.left });
  }
  return schema;
}

function isSame(parts: Inlined["parts"], definitions: Definitions): boolean {
  for (const [name, part] of parts) if (definitions[name] !== part) return false;
  return true;
}

/** The schema itself instead of a reference to it, for those who want to look inside. Its own references stay. */
export function openSchema(schema: SchemaObject, definitions: Definitions): SchemaObject {
  let open = schema;
  for (let hops = 0; hops < 100; hops++) {
    const name = definitionName(open);
    if (name === undefined) return open;
    open = withSiblings(definitions[name] ?? {}, open);
  }
  return {};
}

/** The definitions that schemas still refer to, and those that these refer to. */
export function definitionsOf(
  schemas: readonly SchemaObject[],
  definitions: Definitions,
  budget: Budget,
): Record<string, SchemaObject> {
  const kept: Record<string, SchemaObject> = {};
  const waiting = schemas.flatMap(referencesIn);
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const target = definitions[name];
    if (!target || Object.hasOwn(kept, name)) continue;
    const inlined = mapSubschemas(target, (inner) => inlineSchema(inner, definitions, budget));
    kept[name] = inlined;
    waiting.push(...referencesIn(inlined));
  }
  return kept;
}

/** Names of the definitions that a schema refers to, at any depth, without following them. */
export const referencesIn: (schema: SchemaObject) => readonly string[] = perSchema((schema) => {
  const name = definitionName(schema);
  return [...(name === undefined ? [] : [name]), ...subschemasOf(schema).flatMap(referencesIn)];
});

/** Names of the definitions that a schema refers to, directly or through others. */
function reachableFrom(schema: SchemaObject, definitions: Definitions): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...referencesIn(schema)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...referencesIn(definitions[name] ?? {}));
  }
  return seen;
}

/** What stands beside a `$ref` holds too (JSON Schema 2020-12); notes beside it replace those of the target. */
function withSiblings(target: SchemaObject, reference: SchemaObject): SchemaObject {
  const { $ref: _, ...siblings } = reference;
  const keywords = Object.keys(siblings);
  if (keywords.length === 0) return target;
  if (keywords.every((keyword) => NOTES.has(keyword))) return { ...target, ...siblings };
  const clash = keywords.some((keyword) => !NOTES.has(keyword) && Object.hasOwn(target, keyword));
  return clash ? { allOf: [target, siblings] } : { ...target, ...siblings };
}

const NOTES = new Set([
  "description",
  "title",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
  "examples",
  "example",
  "$comment",
]);

const cycles = new WeakMap<Definitions, ReadonlySet<string>>();

/** Whether a definition contains itself. */
function cyclic(name: string, definitions: Definitions): boolean {
  let known = cycles.get(definitions);
  if (!known) {
    known = findCycles(definitions);
    cycles.set(definitions, known);
  }
  return known.has(name);
}

function findCycles(definitions: Definitions): ReadonlySet<string> {
  const names = Object.keys(definitions);
  return new Set(names.filter((name) => reachableFrom(definitions[name] ?? {}, definitions).has(name)));
}
