import type { SchemaObject } from "../definition/catalog.ts";
import { emptyRecord, isObject } from "./node.ts";

type Definitions = Readonly<Record<string, SchemaObject>>;

/** Keywords whose schemas are about the value itself, not about a part of it. */
const IN_PLACE = ["allOf", "anyOf", "oneOf"];
const PREFIX = "#/$defs/";

/**
 * Opens circles that never come to an end: those in which a definition is about a value as long as another one is about the same value.
 *
 * Vendors write them with discriminators: a base lists its kinds in `oneOf`, and each kind takes in the base by `allOf`. Taken at its word
 * no validator ever finishes. What is meant: where the circle comes back to the base, the base without its kinds.
 *
 *     Base: { properties: P, oneOf: [→ Cat] }, Cat: { allOf: [→ Base, C] } → Cat: { allOf: [{ properties: P }, C] }
 */
export function openCircles(definitions: Definitions): Definitions {
  const done = emptyRecord<SchemaObject>();
  const open = new Set<string>();
  let changed = false;

  const visit = (name: string): void => {
    const schema = definitions[name];
    if (!schema || Object.hasOwn(done, name) || open.has(name)) return;
    open.add(name);
    done[name] = opened(schema);
    open.delete(name);
  };

  const opened = (schema: SchemaObject): SchemaObject => {
    const target = targetOf(schema);
    if (target !== undefined && open.has(target)) {
      changed = true;
      const { $ref: _, ...beside } = schema;
      return { ...alone(definitions[target] ?? {}), ...beside };
    }
    if (target !== undefined) visit(target);
    const parts = IN_PLACE.filter((keyword) => Array.isArray(schema[keyword]));
    if (parts.length === 0) return schema;
    const inner = parts.map(
      (keyword) => [keyword, listOf(schema[keyword]).map((leg) => (isObject(leg) ? opened(leg) : leg))] as const,
    );
    return inner.some(([keyword, legs]) => legs.some((leg, index) => leg !== listOf(schema[keyword])[index]))
      ? { ...schema, ...Object.fromEntries(inner) }
      : schema;
  };

  for (const name of Object.keys(definitions)) visit(name);
  return changed ? inOrder(done, definitions) : definitions;
}

/** A schema by itself: without what it refers to in its own place. */
function alone(schema: SchemaObject): SchemaObject {
  const { $ref: _, discriminator: __, ...own } = schema;
  const kept = Object.entries(own).flatMap(([keyword, value]) => {
    if (!IN_PLACE.includes(keyword)) return [[keyword, value] as const];
    const legs = listOf(value).filter((leg) => !isObject(leg) || !refersInPlace(leg));
    const whole = legs.length === listOf(value).length || keyword === "allOf"; // fewer alternatives would allow less
    return whole && legs.length > 0 ? [[keyword, legs] as const] : [];
  });
  return Object.fromEntries(kept);
}

function refersInPlace(schema: SchemaObject): boolean {
  return (
    targetOf(schema) !== undefined ||
    IN_PLACE.some((keyword) => listOf(schema[keyword]).some((leg) => isObject(leg) && refersInPlace(leg)))
  );
}

function targetOf({ $ref: reference }: SchemaObject): string | undefined {
  return typeof reference === "string" && reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function inOrder(done: Definitions, as: Definitions): Definitions {
  const ordered = emptyRecord<SchemaObject>();
  for (const name of Object.keys(as)) ordered[name] = done[name] ?? {};
  return ordered;
}
