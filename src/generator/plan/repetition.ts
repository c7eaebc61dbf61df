import type { SchemaObject } from "../../definition/catalog.ts";
import { mapSubschemas, members, isObject } from "./schema.ts";

/** Words that add nothing to a name. */
const FILLERS = new Set(
  "a an the this that its of for to in is are be your given specified value field parameter property".split(" "),
);

/** Takes out the descriptions within a schema that say again what it says itself, or no more than the name that they stand beside. */
export function withoutRepetition(schema: SchemaObject): SchemaObject {
  const { description } = schema;
  const told =
    typeof description === "string" ? mapSubschemas(schema, (inner) => undescribed(inner, description)) : schema;
  const properties = Object.entries(members(told, "properties")).map(([name, property]) => {
    const idle =
      isObject(property) && typeof property["description"] === "string" && isIdle(property["description"], name);
    return [name, idle ? without(property) : property] as const;
  });
  return properties.length === 0 ? told : { ...told, properties: Object.fromEntries(properties) };
}

/**
 * Whether a description says no more than a name does.
 *
 *     isIdle("The ID of the user.", "user_id") → true
 */
export function isIdle(description: string, name: string): boolean {
  const first = /^\W*([A-Za-z][a-z]*)(?=[\s,.;:]|$)/.exec(description)?.[1]?.toLowerCase();
  if (first !== undefined && !FILLERS.has(first) && !name.toLowerCase().includes(first)) return false; // nearly always enough to know
  const known = new Set(wordsOf(name));
  return wordsOf(description).every((word) => known.has(word) || FILLERS.has(word));
}

function undescribed(schema: SchemaObject, description: string): SchemaObject {
  return schema["description"] === description ? without(schema) : schema;
}

function without(schema: SchemaObject): SchemaObject {
  const { description: _, ...rest } = schema;
  return rest;
}

function wordsOf(text: string): string[] {
  const words = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.match(/[\p{L}\p{N}]+/gu) ?? [];
}
