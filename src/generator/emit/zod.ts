import { jsonSchemaToZod } from "json-schema-to-zod";
import type { Schema, SchemaObject } from "../../definition/catalog.ts";
import { key, ts, type Code } from "./code.ts";
import { after, array, before, braces, call, oneLine, property, type Layout } from "./layout.ts";
import { readZod } from "./read-zod.ts";
import { definitionName, facets, isSchemaObject, membersOf, mentionsReference, typesOf } from "./schema.ts";
import { literalsOf, numberOf, sizes, stringOf } from "./zod-leaf.ts";

/** What a schema needs to know of the module that it is printed in. */
export interface Scope {
  /** A file argument. */
  readonly file: () => Code;
  /** The constant that stands for `#/$defs/<name>`; nothing where it cannot be named: anything is accepted there. */
  readonly reference: (name: string) => Code | undefined;
  /** The constant that stands for a schema which several tools share. */
  readonly shared?: (schema: SchemaObject) => Code | undefined;
  /** Set in a module of a recursive schema, where a property that refers to one is a getter: the constant exists when it is read. */
  readonly recursive?: Scope;
}

/**
 * Prints a JSON Schema as Zod.
 *
 *     { type: "array", items: { type: "integer" }, maxItems: 9 } → z.array(z.int()).max(9)
 *
 * `json-schema-to-zod` walks and combines; what it is known to get wrong is printed here and put in its place as `hole(n)`: references,
 * enums and constants, strings, numbers, arrays, objects, `oneOf`. What comes back is read by {@link readZod}, never pasted.
 * Descriptions and defaults are not printed; {@link "./tool.ts"} does so for arguments. A keyword that Zod could only check by a function
 * (`not`, `if`, `uniqueItems`, `contains`, …) is shown to the model and not checked.
 */
export function zodOf(schema: Schema, scope: Scope): Layout {
  const holes: Layout[] = [];
  const text = jsonSchemaToZod(schema, {
    zodVersion: 4,
    withoutDefaults: true,
    withoutDescribes: true,
    parserOverride: (node) => {
      const own = ours(node, scope);
      if (own) holes.push(own);
      return own ? `hole(${holes.length - 1})` : undefined;
    },
  });
  return readZod(text, holes);
}

/** What is printed here; nothing for what `json-schema-to-zod` gets right. */
function ours(node: SchemaObject, scope: Scope): Layout | undefined {
  if (node["x-toolwright"] === "file") return scope.file();
  if (isSchemaObject(node["not"]) && Object.keys(node["not"]).length === 0) return ts`z.never()`;
  const shared = scope.shared?.(node);
  if (shared) return shared;
  const [part, ...more] = facets(node);
  if (!part) return ts`z.unknown()`;
  if (more.length > 0) return zodOf({ allOf: [part, ...more] }, scope);
  const own = ourFacet(part, scope);
  if (own) return own;
  // Only the facet itself goes to json-schema-to-zod, without the keywords beside it that it would act upon.
  return Object.keys(part).length === Object.keys(node).length ? undefined : zodOf(part, scope);
}

function ourFacet(part: SchemaObject, scope: Scope): Layout | undefined {
  if (typeof part["$ref"] === "string") {
    return scope.reference(definitionName(part["$ref"])) ?? ts`z.unknown()`;
  }
  if ("const" in part || "enum" in part) return literalsOf(part);
  if (Array.isArray(part["oneOf"])) return exactlyOne(part, scope);
  if (Array.isArray(part["anyOf"])) return nullable(part, "anyOf", isNull, scope);
  if (Array.isArray(part["allOf"])) return undefined;
  const types = typesOf(part);
  if (types.length > 1) return nullable({ ...part, type: types }, "type", (type) => type === "null", scope);
  switch (types[0]) {
    case "string":
      return stringOf(part);
    case "integer":
    case "number":
      return numberOf(part);
    case "array":
      return arrayOf(part, scope);
    case "object":
      return objectOf(part, scope);
    case "boolean":
      return ts`z.boolean()`;
    case "null":
      return ts`z.null()`;
    case undefined:
    default:
      return ts`z.unknown()`;
  }
}

/** `[X, null]` → `X.nullable()`; without null it is not ours. */
function nullable(
  part: SchemaObject,
  keyword: "anyOf" | "type",
  isNothing: (leg: unknown) => boolean,
  scope: Scope,
): Layout | undefined {
  const legs = membersOf(part[keyword]);
  const rest = legs.filter((leg) => !isNothing(leg));
  if (rest.length === legs.length) return undefined;
  if (rest.length === 0) return ts`z.null()`;
  return after(
    zodOf({ ...part, [keyword]: rest.length === 1 && keyword === "type" ? rest[0] : rest }, scope),
    ts`.nullable()`,
  );
}

function exactlyOne(part: SchemaObject, scope: Scope): Layout {
  const legs = membersOf(part["oneOf"]).filter((leg): leg is Schema => isSchemaObject(leg) || typeof leg === "boolean");
  const [only] = legs;
  if (only !== undefined && legs.length === 1) return zodOf(only, scope);
  const rest = legs.filter((leg) => !isNull(leg));
  if (rest.length < legs.length) return after(zodOf({ oneOf: rest }, scope), ts`.nullable()`);
  return call(ts`z.xor`, [array(legs.map((leg) => zodOf(leg, scope)))]);
}

function arrayOf(part: SchemaObject, scope: Scope): Layout {
  const { items } = part;
  const known = (isSchemaObject(items) || typeof items === "boolean") && !("prefixItems" in part);
  const list = call(ts`z.array`, [known ? zodOf(items, scope) : ts`z.unknown()`]);
  return after(list, sizes(part, "minItems", "maxItems"));
}

function objectOf(part: SchemaObject, scope: Scope): Layout {
  const properties = isSchemaObject(part["properties"]) ? Object.entries(part["properties"]) : [];
  const required = new Set(membersOf(part["required"]).filter((name): name is string => typeof name === "string"));
  const others = part["additionalProperties"];
  // Zod looks such a name up in the prototype when it is absent; it is let through unchecked.
  const names = new Map(properties.filter(([name]) => !(name in Object.prototype)));
  for (const name of required) if (!(name in Object.prototype) && !names.has(name)) names.set(name, true);
  const open = others !== false || names.size < properties.length || "patternProperties" in part;
  const rest = isSchemaObject(others) && !("patternProperties" in part) ? zodOf(others, scope) : undefined;
  if (names.size === 0 && open) return call(ts`z.record`, [ts`z.string()`, rest ?? ts`z.unknown()`]);

  const members = [...names].map(([name, schema]) => {
    return member(
      name,
      isSchemaObject(schema) || typeof schema === "boolean" ? schema : true,
      required.has(name),
      scope,
    );
  });
  if (rest) return after(call(ts`z.object`, [braces(members)]), ts`.catchall(${oneLine(rest)})`);
  return call(open ? ts`z.looseObject` : ts`z.strictObject`, [braces(members)]);
}

function member(name: string, schema: Schema, required: boolean, scope: Scope): Layout {
  const behind = required ? ts`` : ts`.optional()`;
  if (!scope.recursive || !mentionsReference(schema)) return property(name, after(zodOf(schema, scope), behind));
  const inside = after(zodOf(schema, scope.recursive), behind);
  return before(ts`get ${key(name)}() { return `, after(inside, ts`; }`));
}

function isNull(leg: unknown): boolean {
  return isSchemaObject(leg) && leg["type"] === "null";
}
