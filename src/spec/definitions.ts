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
export interface SharedDefinitions {
  readonly read: Map<string, SharedDefinition>;
  /** The name that a place would like to have. */
  readonly wanted: Map<string, string>;
}

interface SharedDefinition {
  readonly schema: SchemaObject;
  /** What it refers to, by place. */
  readonly named: ReadonlyMap<string, { readonly schema: Node; readonly name: string }>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Starts the definitions of one operation. Names come from components, in the order of first mention. */
export function startDefinitions(shared: SharedDefinitions, report: Report): Definitions {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const waiting: { key: string; name: string; schema: Node }[] = [];
  let named = new Map<string, { schema: Node; name: string }>();

  // Called a million times for a big description: a place is made a key once, and compared by it.
  const nameAt = (key: string, schema: Node): string => {
    const known = names.get(key);
    if (known !== undefined) return known;
    const wanted = shared.wanted.get(key) ?? definitionName(schema.origin);
    shared.wanted.set(key, wanted);
    const name = freeName(wanted, taken);
    names.set(key, name);
    taken.add(name.toLowerCase());
    waiting.push({ key, name, schema });
    return name;
  };

  const nameOf = (schema: Node): string => {
    const key = placeKey(schema.origin);
    const name = nameAt(key, schema);
    named.set(key, { schema, name });
    return name;
  };

  const readOne = (key: string, schema: Node, read: DefinitionReader): SharedDefinition => {
    const known = shared.read.get(key);
    if (known && sameNames(known, nameAt)) return known;
    named = new Map();
    const diagnostics: Diagnostic[] = [];
    const definition = { schema: asObject(read(schema, (one) => void diagnostics.push(one))), named, diagnostics };
    shared.read.set(key, definition);
    return definition;
  };

  const readAll = (read: DefinitionReader): Record<string, SchemaObject> => {
    const definitions = emptyRecord<SchemaObject>();
    for (const { key, name, schema } of waiting) {
      const one = readOne(key, schema, read); // lets others wait, behind this one
      definitions[name] = one.schema;
      one.diagnostics.forEach(report);
    }
    return definitions;
  };
  return { nameOf, readAll };
}

/** Whether everything that a definition refers to has the name here that it has there. */
function sameNames({ named }: SharedDefinition, nameAt: (key: string, schema: Node) => string): boolean {
  for (const [key, { schema, name }] of named) {
    if (nameAt(key, schema) !== name) return false;
  }
  return true;
}

/** A schema as an object: `true` → `{}`, `false` → `{ not: {} }`. */
export function asObject(schema: Schema): SchemaObject {
  if (typeof schema === "object") return schema;
  return schema ? {} : { not: {} };
}

/** Tokens of a pointer that name no schema by themselves. */
const GENERIC =
  /^(?:schemas?|items|components|definitions|\$defs|content|properties|allOf|anyOf|oneOf|not|get|put|post|patch|delete|query|\d+|.*\/.*)$/;

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
