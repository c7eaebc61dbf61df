import { posix } from "node:path";
import type { Schema, SchemaObject } from "../definition/catalog.ts";
import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import type { Report } from "./follow.ts";
import { emptyRecord, placeKey, pointerTokens, type Node } from "./node.ts";

/** The schemas that an operation refers to, named; each is read once, however often and in whatever circle it is referred to. */
export interface Definitions {
  /** The name of a schema in the definitions, which it joins when it is new. */
  readonly nameOf: (schema: Node) => string;
  /** Reads everything that was named so far, and what that names in turn. */
  readonly readAll: (reader: DefinitionReader) => Record<string, SchemaObject>;
}

/** Reads one definition, telling what is wrong in it. */
export type DefinitionReader = (schema: Node, report: Report) => Schema;

/**
 * Definitions that other operations of the description have read already, by place. One is used again when everything it refers
 * to has the same name here; so names never depend on which operations were resolved before.
 */
export type SharedDefinitions = Map<string, SharedDefinition>;

interface SharedDefinition {
  readonly schema: SchemaObject;
  readonly named: readonly { readonly schema: Node; readonly name: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Starts the definitions of one operation. Names come from components, in the order of first mention. */
export function startDefinitions(shared: SharedDefinitions, report: Report): Definitions {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const waiting: { name: string; schema: Node }[] = [];
  let named: { schema: Node; name: string }[] = [];

  const nameOf = (schema: Node): string => {
    const key = placeKey(schema.origin);
    const name = names.get(key) ?? freeName(definitionName(schema.origin), taken);
    named.push({ schema, name });
    if (names.has(key)) return name;
    names.set(key, name);
    taken.add(name.toLowerCase());
    waiting.push({ name, schema });
    return name;
  };

  const readOne = (schema: Node, read: DefinitionReader): SharedDefinition => {
    const known = shared.get(placeKey(schema.origin));
    if (known?.named.every((one) => nameOf(one.schema) === one.name)) return known;
    named = [];
    const diagnostics: Diagnostic[] = [];
    const definition = { schema: asObject(read(schema, (one) => void diagnostics.push(one))), named, diagnostics };
    shared.set(placeKey(schema.origin), definition);
    return definition;
  };

  const readAll = (read: DefinitionReader): Record<string, SchemaObject> => {
    const definitions = emptyRecord<SchemaObject>();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { schema, diagnostics } = readOne(next.schema, read);
      definitions[next.name] = schema;
      diagnostics.forEach(report);
    }
    return definitions;
  };
  return { nameOf, readAll };
}

/** A schema as an object: `true` → `{}`, `false` → `{ not: {} }`. */
export function asObject(schema: Schema): SchemaObject {
  if (typeof schema === "object") return schema;
  return schema ? {} : { not: {} };
}

/** Tokens of a pointer that name no schema by themselves. */
const GENERIC =
  /^(?:schemas?|items|components|content|properties|allOf|anyOf|oneOf|not|get|put|post|patch|delete|\d+|.*\/.*)$/;

/**
 * A name for the schema at a place, a valid identifier.
 *
 *     specs/a.yaml#/components/schemas/Pet.Detail → Pet_Detail
 *     specs/models/pet.yaml                       → pet
 */
function definitionName({ file, pointer }: Origin): string {
  const token = pointerTokens(pointer).findLast((one) => !GENERIC.test(one));
  const word = (token ?? posix.basename(file).replace(/\.[^.]*$/, ""))
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (word === "") return "Schema";
  return /^\d/.test(word) || word in {} ? `_${word}` : word; // never `constructor` and its like
}

/** Names differ by more than capitals: they may become files. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted.toLowerCase())) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${number}`.toLowerCase())) number++;
  return `${wanted}_${number}`;
}
