import type { SchemaObject } from "../../definition/catalog.ts";
import { mergeTwo } from "./merge-all-of.ts";
import { branches, members, typesOf } from "./schema.ts";

/** Keywords that look at the members of the same value, so that what they know is evaluated (JSON Schema 2020-12 Core §11). */
const IN_PLACE = ["$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"];
const MOST_REPEATED = 8; // members that each alternative would repeat; more of them cost more than the closing is worth

/**
 * Says `unevaluatedProperties` and `unevaluatedItems` in the words that models and Zod know, wherever these say the same: what is beside
 * them is folded by now, so that most objects and lists list what they have. Elsewhere both stay, for whoever tells of them.
 *
 *     { properties: P, unevaluatedProperties: false }                → { properties: P, additionalProperties: false }
 *     { properties: P, oneOf: [A, B], unevaluatedProperties: false } → { oneOf: [P and A, P and B], each of them closed }
 */
export function closeUnevaluated(schema: SchemaObject): SchemaObject {
  if (!saysUnevaluated(schema)) return schema;
  return closeItems(closeProperties(schema));
}

/** Few schemas do, and all are asked. */
function saysUnevaluated(schema: SchemaObject): boolean {
  return schema["unevaluatedProperties"] !== undefined || schema["unevaluatedItems"] !== undefined;
}

function closeProperties(schema: SchemaObject): SchemaObject {
  const { unevaluatedProperties: others, ...rest } = schema;
  if (others === undefined) return schema;
  if (others === true || rest["additionalProperties"] !== undefined) return rest; // there is nothing unevaluated
  const beside = IN_PLACE.filter((keyword) => rest[keyword] !== undefined);
  if (beside.length === 0) return { ...rest, additionalProperties: others };
  const [only] = beside;
  // Of `anyOf` several may fit, and what any of them knows is evaluated.
  return only === "oneOf" && beside.length === 1 ? (closeEach(rest, others) ?? schema) : schema;
}

/** Exactly one alternative fits, and what it does not know, nothing does. */
function closeEach(schema: SchemaObject, others: unknown): SchemaObject | undefined {
  const { oneOf: _, description, ...base } = schema;
  if (Object.keys(members(base, "properties")).length > MOST_REPEATED) return undefined;
  const closed = branches(schema, "oneOf").map((leg) => {
    const known = !IN_PLACE.some((keyword) => leg[keyword] !== undefined);
    const whole = known ? mergeTwo(leg, base) : undefined;
    return whole && closeProperties({ ...whole, unevaluatedProperties: others });
  });
  if (!closed.every((leg) => leg !== undefined)) return undefined;
  return { ...(description !== undefined && { description }), oneOf: closed };
}

function closeItems(schema: SchemaObject): SchemaObject {
  const { unevaluatedItems: others, ...rest } = schema;
  if (others === undefined) return schema;
  if (others === true || rest["items"] !== undefined) return rest;
  const isOpen = [...IN_PLACE, "contains"].some((keyword) => rest[keyword] !== undefined);
  return isOpen ? schema : { ...rest, items: others };
}

/** What is said in words of a schema that could not be closed. */
export function toldUnevaluated(schema: SchemaObject): readonly string[] {
  if (!saysUnevaluated(schema)) return [];
  const types = typesOf(schema);
  const about = (type: string): boolean => types.length === 0 || types.includes(type);
  return [
    ...(isNothing(schema["unevaluatedProperties"]) && about("object") ? ["Takes no other members."] : []),
    ...(isNothing(schema["unevaluatedItems"]) && about("array") ? ["Takes no other items."] : []),
  ];
}

/** `false`, which is `{ not: {} }` where schemas are objects. */
function isNothing(schema: unknown): boolean {
  return schema === false || JSON.stringify(schema) === '{"not":{}}';
}
