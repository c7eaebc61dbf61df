import { jsonSchemaToZod } from "json-schema-to-zod";
import type { Schema, SchemaObject } from "../../definition/catalog.ts";
import { key, ts, type Code } from "./code.ts";
import { after, array, before, braces, call, property, type Layout } from "./layout.ts";
import { readZod } from "./read-zod.ts";
import { definitionName, facets, isSchemaObject, membersOf, mentionsReference, toldOf, typesOf } from "./schema.ts";
import { arrayOf, objectOf, type Inside } from "./zod-container.ts";
import { literalsOf, numberOf, stringOf } from "./zod-leaf.ts";

/** What a schema needs to know of the module that it is printed in. */
export interface Scope {
  /** A file argument. */
  readonly file: () => Code;
  /** `json`, for what JSON Schema can say and Zod cannot. */
  readonly json: () => Code;
  /** The constant that stands for `#/$defs/<name>`; nothing where it cannot be named: anything is accepted there. */
  readonly reference: (name: string) => Code | undefined;
  /** The constant that stands for a schema which several tools share. */
  readonly shared?: (schema: SchemaObject) => Code | undefined;
  /** Set in a module of a recursive schema, where a property that refers to one is a getter: the constant exists when it is read. */
  readonly recursive?: Scope;
  /** Told where anything is accepted though the schema says more. */
  readonly fallback?: () => void;
}

/**
 * Prints a JSON Schema as Zod.
 *
 *     { type: "array", items: { type: "integer" }, maxItems: 9 } → z.array(z.int()).max(9)
 *
 * The printed schema accepts what the JSON Schema accepts, keyword by keyword, as a test over the JSON-Schema-Test-Suite holds; but `format`
 * is told and never checked, nor is a `pattern` that could take forever. What Zod has no word for is a call of the runtime's `json`.
 *
 * `json-schema-to-zod` walks and combines; what it is known to get wrong is printed here and put in its place as `hole(n)`.
 * What comes back is read by {@link readZod}, never pasted. Descriptions and defaults are not printed; {@link "./tool.ts"} does so for arguments.
 */
export function zodOf(schema: Schema, scope: Scope): Layout {
  // Nearly every schema is printed here: to be asked by the library would cost its text, and reading that again.
  const whole = isSchemaObject(schema) ? ours(schema, scope) : undefined;
  if (whole) return whole;
  const holes: Layout[] = [];
  const text = jsonSchemaToZod(schema, {
    zodVersion: 4,
    withoutDefaults: true,
    withoutDescribes: true,
    parserOverride: (node) => {
      const own = node === schema ? undefined : ours(node, scope); // of the whole it was asked above
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
  if (more.length > 0) return call(ts`${scope.json()}.allOf`, [array([part, ...more].map((one) => zodOf(one, scope)))]);
  const own = ourFacet(part, scope);
  if (own) return own;
  // Only the facet itself goes to json-schema-to-zod, without the keywords beside it that it would act upon.
  return Object.keys(part).length === Object.keys(node).length ? undefined : zodOf(part, scope);
}

function ourFacet(part: SchemaObject, scope: Scope): Layout | undefined {
  if (typeof part["$ref"] === "string") return referenceOf(part["$ref"], scope);
  if ("const" in part || "enum" in part) return literalsOf(part, scope);
  if ("not" in part) return call(ts`${scope.json()}.not`, [zodOf(schemaIn(part["not"]), scope)]);
  if ("if" in part) return conditional(part, scope);
  if (Array.isArray(part["allOf"])) return zodOf(schemaIn(part["allOf"][0]), scope); // one by one
  if (Array.isArray(part["oneOf"])) return exactlyOne(part, scope);
  if (Array.isArray(part["anyOf"])) return nullable(part, "anyOf", isNull, scope);
  const types = typesOf(part);
  if (types.length > 1) return nullable({ ...part, type: types }, "type", (type) => type === "null", scope);
  return types[0] === undefined ? whenTyped(part, scope) : typed(types[0], part, scope);
}

function typed(type: string, part: SchemaObject, scope: Scope): Layout {
  switch (type) {
    case "string":
      return stringOf(part);
    case "integer":
    case "number":
      return numberOf(part);
    case "array":
      return arrayOf(part, insideOf(scope));
    case "object":
      return objectOf(part, insideOf(scope));
    case "boolean":
      return ts`z.boolean()`;
    case "null":
      return ts`z.null()`;
    default:
      return ts`z.unknown()`;
  }
}

/** What is said of some types only: `{ minimum: 3 }` lets every text pass. */
function whenTyped(part: SchemaObject, scope: Scope): Layout {
  const legs = toldOf(part).map(([type, said]) => property(type, typed(type, { type, ...said }, scope)));
  return legs.length === 0 ? ts`z.unknown()` : call(ts`${scope.json()}.when`, [braces(legs)]);
}

/** The constant of a definition; a getter where it may be the one that is being declared. */
function referenceOf(reference: string, scope: Scope): Layout {
  const name = definitionName(reference);
  const direct = scope.reference(name);
  if (direct) return direct;
  const later = scope.recursive?.reference(name);
  if (!later) {
    scope.fallback?.();
    return ts`z.unknown()`;
  }
  return call(ts`${scope.json()}.lazy`, [braces([ts`get schema() { return ${later}; }`])]);
}

function conditional(part: SchemaObject, scope: Scope): Layout {
  const parts = ["then", "else"].flatMap((keyword) =>
    keyword in part ? [property(keyword, zodOf(schemaIn(part[keyword]), scope))] : [],
  );
  return call(ts`${scope.json()}.if`, [zodOf(schemaIn(part["if"]), scope), braces(parts)]);
}

/** How what an object or a list holds is printed. */
function insideOf(scope: Scope): Inside {
  return {
    json: scope.json,
    schema: (schema) => zodOf(schemaIn(schema), scope),
    member: (name, schema, behind) => member(name, schemaIn(schema), behind, scope),
  };
}

function schemaIn(value: unknown): Schema {
  return isSchemaObject(value) || typeof value === "boolean" ? value : true;
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

function member(name: string, schema: Schema, behind: Code, scope: Scope): Layout {
  if (!scope.recursive || !mentionsReference(schema)) return property(name, after(zodOf(schema, scope), behind));
  const inside = after(zodOf(schema, scope.recursive), behind);
  return before(ts`get ${key(name)}() { return `, after(inside, ts`; }`));
}

function isNull(leg: unknown): boolean {
  return isSchemaObject(leg) && leg["type"] === "null";
}
