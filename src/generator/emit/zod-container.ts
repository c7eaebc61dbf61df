import { judgePattern } from "../../definition/pattern.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import { join, ts, type Code } from "./code.ts";
import { after, array, braces, call, literal, object, oneLine, property, type Layout } from "./layout.ts";
import { isSchemaObject, membersOf } from "./schema.ts";
import { isCount, sizes } from "./zod-leaf.ts";

const MOST_IN_ONE_PIECE = 72; // columns

/** How what a list or an object holds is printed. */
export interface Inside {
  readonly json: () => Code;
  readonly schema: (schema: unknown) => Layout;
  /** `name: <schema><behind>`, or a getter where the schema contains itself. */
  readonly member: (name: string, schema: unknown, behind: Code) => Layout;
}

/** A list. */
export function arrayOf(part: SchemaObject, inside: Inside): Layout {
  const { items, prefixItems } = part;
  const first = membersOf(prefixItems);
  const list = first.length > 0 ? tupleOf(part, first, inside) : listOf(part, items, inside);
  const checks: Layout[] = part["uniqueItems"] === true ? [ts`${inside.json()}.uniqueItems()`] : [];
  const { contains, minContains, maxContains } = part;
  if (isSchemaObject(contains) || typeof contains === "boolean") {
    const counts = [
      ...(isCount(minContains) ? [["min", ts`${minContains}`] as const] : []),
      ...(isCount(maxContains) ? [["max", ts`${maxContains}`] as const] : []),
    ];
    const counted = counts.length > 0 ? [object(counts)] : [];
    checks.push(call(ts`${inside.json()}.contains`, [inside.schema(contains), ...counted]));
  }
  return checked(list, checks);
}

function listOf(part: SchemaObject, items: unknown, inside: Inside): Layout {
  return after(call(ts`z.array`, [inside.schema(items)]), sizes(part, "minItems", "maxItems"));
}

/** What must stand first is required only as far as `minItems` says so. */
function tupleOf(part: SchemaObject, first: readonly unknown[], inside: Inside): Layout {
  const { items, minItems, maxItems } = part;
  const least = isCount(minItems) ? minItems : 0;
  const members = first.map((one, index) => after(inside.schema(one), index < least ? ts`` : ts`.optional()`));
  const closed = items === false || (isSchemaObject(items) && isSchemaObject(items["not"]) && isEmpty(items["not"]));
  const rest = closed ? [] : [inside.schema(items)];
  return checked(call(ts`z.tuple`, [array(members), ...rest]), [
    ...(least > 0 ? [ts`z.minLength(${least})`] : []),
    ...(isCount(maxItems) ? [ts`z.maxLength(${maxItems})`] : []),
  ]);
}

function isEmpty(schema: SchemaObject): boolean {
  return Object.keys(schema).length === 0;
}

/** An object. */
export function objectOf(part: SchemaObject, inside: Inside): Layout {
  const { propertyNames, dependentRequired, dependentSchemas, minProperties, maxProperties } = part;
  const json = inside.json;
  const checks: Layout[] = [];
  if (isCount(minProperties) && minProperties > 0) checks.push(ts`${json()}.minProperties(${minProperties})`);
  if (isCount(maxProperties)) checks.push(ts`${json()}.maxProperties(${maxProperties})`);
  if ((isSchemaObject(propertyNames) && checksTexts(propertyNames)) || typeof propertyNames === "boolean")
    checks.push(call(ts`${json()}.propertyNames`, [inside.schema(propertyNames)]));
  if (isSchemaObject(dependentRequired))
    checks.push(call(ts`${json()}.dependentRequired`, [literal(dependentRequired)]));
  if (isSchemaObject(dependentSchemas)) {
    const schemas = Object.entries(dependentSchemas).map(([name, schema]) => property(name, inside.schema(schema)));
    checks.push(call(ts`${json()}.dependentSchemas`, [braces(schemas)]));
  }
  return checked(membersOfObject(part, inside), checks);
}

/** Whether a schema refuses any text: what it says of a format is told and never checked. */
function checksTexts(schema: SchemaObject): boolean {
  return Object.entries(schema).some(
    ([keyword, value]) => !TOLD.has(keyword) && !(keyword === "type" && value === "string"),
  );
}

const TOLD: ReadonlySet<string> = new Set(["format", "description"]);

function membersOfObject(part: SchemaObject, inside: Inside): Layout {
  const properties = isSchemaObject(part["properties"]) ? Object.entries(part["properties"]) : [];
  const required = membersOf(part["required"]).filter((name): name is string => typeof name === "string");
  const patterns = isSchemaObject(part["patternProperties"]) ? Object.entries(part["patternProperties"]) : [];
  const names = new Map<string, unknown>(properties);
  // Zod looks such names up in the prototype when they are absent.
  const inherited = [...names.keys(), ...required].some((name) => name in Object.prototype);
  if (inherited || patterns.length > 0) return byName(part, { properties, required, patterns }, inside);

  const others = part["additionalProperties"];
  for (const name of required) if (!names.has(name)) names.set(name, others ?? true);
  const rest = isSchemaObject(others) ? inside.schema(others) : undefined;
  if (names.size === 0 && others !== false) return call(ts`z.record`, [ts`z.string()`, rest ?? ts`z.unknown()`]);
  const members = [...names].map(([name, schema]) =>
    inside.member(name, schema, required.includes(name) ? ts`` : ts`.optional()`),
  );
  if (rest) return after(call(ts`z.object`, [braces(members)]), ts`.catchall(${oneLine(rest)})`);
  return call(others === false ? ts`z.strictObject` : ts`z.looseObject`, [braces(members)]);
}

interface Members {
  readonly properties: readonly (readonly [string, unknown])[];
  readonly required: readonly string[];
  readonly patterns: readonly (readonly [string, unknown])[];
}

/** `json.object(…)`. A pattern that could take forever is not tried: then any other member may come. */
function byName(part: SchemaObject, { properties, required, patterns }: Members, inside: Inside): Layout {
  const safe = patterns.filter(([pattern]) => judgePattern(pattern, "name").enforced);
  const others = safe.length < patterns.length ? true : part["additionalProperties"];
  const parts: Layout[] = [];
  if (properties.length > 0)
    parts.push(property("properties", braces(properties.map(([name, one]) => inside.member(name, one, ts``)))));
  if (required.length > 0) parts.push(property("required", literal(required)));
  if (safe.length > 0) {
    const schemas = safe.map(([pattern, one]) => property(pattern, inside.schema(one)));
    parts.push(property("patternProperties", braces(schemas)));
  }
  if (others === false) parts.push(property("additionalProperties", ts`false`));
  else if (isSchemaObject(others)) parts.push(property("additionalProperties", inside.schema(others)));
  return call(ts`${inside.json()}.object`, [braces(parts)]);
}

/** `X.check(a, b)` */
function checked(layout: Layout, checks: readonly Layout[]): Layout {
  if (checks.length === 0) return layout;
  const line = oneLine(layout);
  // What is short stays in one piece, and the checks are what is broken over lines.
  if (line.text.length <= MOST_IN_ONE_PIECE) return call(ts`${line}.check`, checks);
  return after(layout, ts`.check(${join(checks.map(oneLine), ts`, `)})`);
}
