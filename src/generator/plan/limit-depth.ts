import type { SchemaObject } from "../../definition/catalog.ts";
import { referencesIn } from "./inline-schema.ts";
import { same } from "./merge-all-of.ts";
import { asObject, definitionName, isObject, mapSubschemas, perSchema, subschemasOf, typesOf } from "./schema.ts";

/** Schemas that a tool's arguments may be made of before the deepest ones are left out; most tools have fewer than fifty. */
const MOST_SHOWN = 600;
/** Levels of members within an argument that are always shown. */
const LEAST_LEVELS = 3;
const MOST_LEVELS = 12;

/** The arguments of a tool, with the definitions that they refer to. */
export interface Shown {
  readonly inputs: readonly SchemaObject[];
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/**
 * Leaves out what lies too deep, where there is too much of it: a model is shown as many levels as it can read.
 * What is left out is not forbidden: an object whose members are not told takes any.
 *
 * @returns The levels that are left; undefined when everything is.
 */
export function limitDepth(shown: Shown): Shown & { readonly levels?: number; readonly parts: number } {
  const parts = sizeOf(shown);
  if (parts <= MOST_SHOWN) return { ...shown, parts };
  let [levels, limited] = [LEAST_LEVELS, limit(shown, LEAST_LEVELS)];
  while (levels < MOST_LEVELS) {
    // from below: where everything refers to everything, a level more is ten times as much
    const more = limit(shown, levels + 1);
    if (sizeOf(more) > MOST_SHOWN) break;
    [levels, limited] = [levels + 1, more];
  }
  return { ...limited, levels, parts };
}

function limit({ inputs, definitions }: Shown, levels: number): Shown {
  const limited = inputs.map((schema) => cut(schema, levels, definitions));
  const kept: Record<string, SchemaObject> = {};
  let waiting = limited.flatMap(referencesIn);
  for (let left = levels; waiting.length > 0; left--) {
    const next: string[] = [];
    for (const name of waiting) {
      const target = definitions[name];
      if (!target || Object.hasOwn(kept, name)) continue;
      kept[name] = cut(target, Math.max(left, 1), definitions);
      next.push(...referencesIn(kept[name]));
    }
    waiting = next;
  }
  return { inputs: limited, definitions: kept };
}

const MEMBERS = new Set(["properties", "patternProperties", "additionalProperties"]);
/** What is left out with the members of an object, since it is about them. */
const ABOUT_MEMBERS = new Set(
  "required propertyNames dependentRequired dependentSchemas not if then else contains".split(" ").concat([...MEMBERS]),
);

/** A schema whose members are told so many levels deep. */
function cut(schema: SchemaObject, levels: number, definitions: Shown["definitions"]): SchemaObject {
  if (levels > 0) {
    return mapSubschemas(schema, (inner, keyword) =>
      cut(inner, MEMBERS.has(keyword) ? levels - 1 : levels, definitions),
    );
  }
  const name = definitionName(schema);
  if (name !== undefined) {
    const type = definitions[name]?.["type"];
    const { $ref: _, ...beside } = schema;
    return { ...(type !== undefined && { type }), ...beside };
  }
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ABOUT_MEMBERS.has(keyword)));
  const values = leaf(schema["additionalProperties"], definitions); // a map of texts says so in a word
  return overlapping(
    mapSubschemas({ ...kept, ...(values && { additionalProperties: values }) }, (inner) => cut(inner, 0, definitions)),
  );
}

/** A schema that leads no deeper. */
function leaf(schema: unknown, definitions: Shown["definitions"]): SchemaObject | undefined {
  if (!isObject(schema)) return undefined;
  const bare = cut(schema, 0, definitions);
  const types = typesOf(bare);
  const isScalar = types.length > 0 && types.every((type) => type !== "object" && type !== "array");
  return isScalar ? bare : undefined;
}

/** Alternatives without their members may overlap, or be the same. */
function overlapping(schema: SchemaObject): SchemaObject {
  const { oneOf, anyOf = oneOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const legs = anyOf.filter((leg, index) => anyOf.findIndex((other) => same(leg, other)) === index);
  const [only] = legs;
  return legs.length === 1 && Object.keys(rest).length === 0 ? asObject(only) : { ...rest, anyOf: legs };
}

function sizeOf({ inputs, definitions }: Shown): number {
  return [...inputs, ...Object.values(definitions)].reduce((sum, schema) => sum + count(schema), 0);
}

const count: (schema: SchemaObject) => number = perSchema((schema) =>
  subschemasOf(schema).reduce((sum, inner) => sum + count(inner), 1),
);
