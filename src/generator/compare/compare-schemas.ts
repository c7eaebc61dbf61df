import type { SchemaObject } from "../../definition/catalog.ts";
import { inlineSchema, MAX_SUBSCHEMAS } from "../plan/inline-schema.ts";
import { foldAllOf, same } from "../plan/merge-all-of.ts";
import { asObject, branches, members, texts, typesOf } from "../plan/schema.ts";

/** A schema with the definitions that it refers to. */
export interface Described {
  readonly schema: SchemaObject;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/** What a newer schema takes less and more than an older one, in words that follow the name of an argument. */
export interface SchemaChanges {
  readonly narrowed: readonly string[];
  readonly widened: readonly string[];
}

const MAX_DEPTH = 6; // objects in objects; deeper ones are compared as a whole

/** Compares what two schemas take. A change that is neither plainly narrower nor plainly wider counts as narrower. */
export function compareSchemas(before: Described, after: Described): SchemaChanges {
  const narrowed: string[] = [];
  const widened: string[] = [];
  walk(plain(before), plain(after), "", { narrowed, widened, depth: 0 });
  return { narrowed: [...new Set(narrowed)], widened: [...new Set(widened)] };
}

function plain({ schema, definitions }: Described): SchemaObject {
  return foldAllOf(inlineSchema(schema, definitions, { left: MAX_SUBSCHEMAS }));
}

interface Found {
  readonly narrowed: string[];
  readonly widened: string[];
  readonly depth: number;
}

function walk(old: SchemaObject, fresh: SchemaObject, at: string, found: Found): void {
  if (same(old, fresh) || found.depth > MAX_DEPTH) return;
  const where = at === "" ? "" : ` in \`${at}\``;
  compareTypes(old, fresh, where, found);
  compareValues(old, fresh, where, found);
  compareBounds(old, fresh, where, found);
  const deeper = { ...found, depth: found.depth + 1 };
  if (old["items"] !== undefined && fresh["items"] !== undefined)
    walk(asObject(old["items"]), asObject(fresh["items"]), `${at}[]`, deeper);
  compareProperties(old, fresh, at, deeper);
  for (const keyword of ["anyOf", "oneOf"]) {
    const [were, are] = [branches(old, keyword), branches(fresh, keyword)].map(
      (list) => new Set(list.map((one) => JSON.stringify(wordless(one)))),
    );
    if (were?.size && [...were].some((one) => !are?.has(one))) found.narrowed.push(`takes other alternatives${where}`);
    else if (are?.size && [...are].some((one) => !were?.has(one)))
      (were?.size ? found.widened : found.narrowed).push(`has new alternatives${where}`);
  }
}

function compareTypes(old: SchemaObject, fresh: SchemaObject, where: string, found: Found): void {
  const [were, are] = [typesOf(old), typesOf(fresh)];
  if (are.length === 0)
    return void (
      were.length > 0 &&
      fresh["anyOf"] === undefined &&
      fresh["oneOf"] === undefined &&
      found.widened.push(`takes any type${where}`)
    );
  const lost =
    were.length === 0
      ? []
      : were.filter((type) => !are.includes(type) && !(type === "integer" && are.includes("number")));
  const won = are.filter(
    (type) => !were.includes(type) && !(type === "number" && lost.length === 0 && were.includes("number")),
  );
  if (were.length === 0 && old["anyOf"] === undefined && old["oneOf"] === undefined)
    found.narrowed.push(`takes only ${are.join(" or ")} now${where}`);
  else if (lost.length > 0) found.narrowed.push(`was ${were.join(" or ")}, is ${are.join(" or ")}${where}`);
  else if (won.length > 0 && were.length > 0) found.widened.push(`takes ${won.join(" and ")} too${where}`);
}

function compareValues(old: SchemaObject, fresh: SchemaObject, where: string, found: Found): void {
  const [were, are] = [valuesOf(old), valuesOf(fresh)];
  if (!are) return void (were && found.widened.push(`takes any value${where}`));
  if (!were) return void found.narrowed.push(`takes only ${list(are)} now${where}`);
  const lost = were.filter((value) => !are.some((other) => same(value, other)));
  const won = are.filter((value) => !were.some((other) => same(value, other)));
  if (lost.length > 0) found.narrowed.push(`no longer takes ${list(lost)}${where}`);
  if (won.length > 0) found.widened.push(`takes ${list(won)} too${where}`);
}

function valuesOf(schema: SchemaObject): readonly unknown[] | undefined {
  if (schema["const"] !== undefined) return [schema["const"]];
  const values: unknown = schema["enum"];
  return Array.isArray(values) ? values : undefined;
}

/** Bounds by the side on which they stand: a lower one narrows when it rises. */
const BOUNDS = [
  ["minimum", 1],
  ["exclusiveMinimum", 1],
  ["minLength", 1],
  ["minItems", 1],
  ["maximum", -1],
  ["exclusiveMaximum", -1],
  ["maxLength", -1],
  ["maxItems", -1],
] as const;

function compareBounds(old: SchemaObject, fresh: SchemaObject, where: string, found: Found): void {
  for (const [keyword, side] of BOUNDS) {
    const [was, is] = [old[keyword], fresh[keyword]];
    const [low, high] = [
      typeof was === "number" ? was * side : -Infinity,
      typeof is === "number" ? is * side : -Infinity,
    ];
    if (low === high) continue;
    const [from, to] = [was, is].map((bound) => (typeof bound === "number" ? String(bound) : "none"));
    (high > low ? found.narrowed : found.widened).push(`has ${keyword} ${to} instead of ${from}${where}`);
  }
  if (fresh["pattern"] !== undefined && !same(old["pattern"], fresh["pattern"]))
    found.narrowed.push(`must match another pattern${where}`);
}

function compareProperties(old: SchemaObject, fresh: SchemaObject, at: string, found: Found): void {
  const [were, are] = [members(old, "properties"), members(fresh, "properties")];
  const [demanded, demands] = [texts(old, "required"), texts(fresh, "required")];
  const named = (name: string): string => (at === "" ? name : `${at}.${name}`);
  for (const [name, schema] of Object.entries(were)) {
    const other = Object.hasOwn(are, name) ? are[name] : undefined;
    if (other === undefined) {
      if (Object.keys(are).length > 0) found.narrowed.push(`has no \`${named(name)}\` any more`);
    } else walk(asObject(schema), asObject(other), named(name), found);
  }
  for (const name of demands)
    if (!demanded.includes(name) && Object.keys(were).length > 0) found.narrowed.push(`demands \`${named(name)}\` now`);
  const fewer = demanded.filter((name) => !demands.includes(name) && Object.hasOwn(are, name));
  for (const name of fewer) found.widened.push(`no longer demands \`${named(name)}\``);
  if (Object.keys(were).length === 0) return;
  for (const name of Object.keys(are))
    if (!Object.hasOwn(were, name) && !demands.includes(name)) found.widened.push(`takes \`${named(name)}\` too`);
}

const WORDS = new Set(["description", "title", "examples", "example", "$comment", "deprecated"]);

function wordless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wordless);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      WORDS.has(key) && typeof member !== "object" ? [] : [[key, wordless(member)]],
    ),
  );
}

const MOST_SHOWN = 6; // values; a longer list is read in the description

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_SHOWN).map((value) => JSON.stringify(value));
  return `${shown.join(", ")}${values.length > MOST_SHOWN ? ` and ${values.length - MOST_SHOWN} more` : ""}`;
}
