import type { SchemaObject } from "../../definition/catalog.ts";
import type { ApiPlan, ToolPlan } from "../plan/tool-plan.ts";
import { ts } from "./code.ts";
import { oneLine } from "./layout.ts";
import { isSchemaObject, mentionsReference, schemasWithin, typesOf } from "./schema.ts";
import { zodOf } from "./zod.ts";

/** Objects with fewer properties are as short as a name for them. */
const FEWEST_PROPERTIES = 4;
/** Places in one tool that are worth a name. */
const MANY_USES = 3;

/** A schema with a module of its own, `schemas/<name>.ts`. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: SchemaObject;
  /** Recursive: its references are getters, by the names that the plan's `$defs` have. */
  readonly recursive: boolean;
  /** Tools that use it, sorted. */
  readonly tools: readonly string[];
  /** What `#/$defs/<name>` within it is called. */
  readonly definition: (name: string) => string | undefined;
}

/** The schemas of an API that have modules of their own, and how to find one. */
export interface NamedSchemas {
  /** Sorted by name. */
  readonly all: readonly NamedSchema[];
  /** What `#/$defs/<name>` of a tool is called. */
  readonly definition: (tool: ToolPlan, name: string) => string | undefined;
  /** What a schema that several tools share is called. */
  readonly shared: (schema: SchemaObject) => string | undefined;
}

interface Found {
  readonly tool: ToolPlan;
  readonly wanted: string;
  readonly schema: SchemaObject;
  readonly recursive: boolean;
  readonly tools: Set<string>;
  uses: number;
}

/**
 * Decides which schemas get modules: those that refer to themselves, since they cannot be written in place, and objects of four
 * properties or more that two tools or more take, or one in three places.
 */
export function nameSchemas(api: ApiPlan): NamedSchemas {
  const definitions = new Map<string, Found>();
  const objects = new Map<string, Found>();
  const definitionKey = definitionKeys();
  for (const tool of api.tools) {
    for (const [name, schema] of Object.entries(tool.definitions)) {
      note(definitions, definitionKey(tool, name), { wanted: name, schema, recursive: true }, tool);
    }
    for (const input of tool.inputs) {
      for (const [schema, at] of schemasWithin(input.schema, input.name)) {
        if (!isLarge(schema)) continue;
        const { title } = schema;
        const wanted = typeof title === "string" && pascalCase(title) !== "" ? title : at;
        note(objects, printed(schema), { wanted, schema, recursive: false }, tool);
      }
    }
  }
  const shared = [...objects].filter(([, found]) => found.tools.size > 1 || found.uses >= MANY_USES);
  const names = distinctNames([...definitions, ...shared]);
  const definition = (tool: ToolPlan, name: string) => names.get(definitionKey(tool, name));
  const all = [...definitions, ...shared].map(([key, { tool, schema, recursive, tools }]) => ({
    name: names.get(key) ?? "",
    schema,
    recursive,
    tools: [...tools].sort(),
    definition: (name: string) => definition(tool, name),
  }));
  const printedNames = new Map(shared.map(([key]) => [key, names.get(key)]));
  return {
    all: all.sort((a, b) => (a.name < b.name ? -1 : 1)),
    definition,
    shared: (schema) => (printedNames.size > 0 && isLarge(schema) ? printedNames.get(printed(schema)) : undefined),
  };
}

function note(
  into: Map<string, Found>,
  key: string,
  found: Omit<Found, "tools" | "tool" | "uses">,
  tool: ToolPlan,
): void {
  const known = into.get(key);
  if (!known) into.set(key, { ...found, tool, tools: new Set([tool.name]), uses: 1 });
  else {
    known.tools.add(tool.name);
    known.uses++;
  }
}

/**
 * Keys of definitions. They are the same when their name and all that stands beside them is: they refer to one another by name. All that is
 * megabytes in some descriptions, and hundreds of references ask for a key, so it goes in as a number.
 */
function definitionKeys(): (tool: ToolPlan, name: string) => string {
  const numbers = new Map<string, number>();
  const known = new WeakMap<ToolPlan["definitions"], number>();
  return ({ definitions }, name) => {
    let number = known.get(definitions);
    if (number === undefined) {
      const written = JSON.stringify(definitions);
      number = numbers.get(written) ?? numbers.size;
      numbers.set(written, number);
      known.set(definitions, number);
    }
    return `#${number} ${name}`;
  };
}

/** A schema with references is left where it is: what they mean depends on the tool. */
function isLarge(schema: SchemaObject): boolean {
  const { properties } = schema;
  if (!isSchemaObject(properties) || Object.keys(properties).length < FEWEST_PROPERTIES) return false;
  return typesOf(schema)[0] === "object" && !mentionsReference(schema);
}

const texts = new WeakMap<SchemaObject, string>();

/** Two schemas are one when they are printed alike: descriptions and examples do not matter. */
function printed(schema: SchemaObject): string {
  const known = texts.get(schema);
  if (known !== undefined) return known;
  const { text } = oneLine(zodOf(schema, { file: () => ts`file()`, json: () => ts`json`, reference: () => undefined }));
  texts.set(schema, text);
  return text;
}

/** A file's name and a constant's for each, different from one another even where capitals do not count. */
function distinctNames(found: readonly (readonly [string, Found])[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const [key, { wanted }] of found) {
    const base = fileSafe(pascalCase(wanted));
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}${count}`;
    taken.add(name.toLowerCase());
    names.set(key, name);
  }
  return names;
}

/** `custom-fields v2` → `CustomFieldsV2`. */
function pascalCase(text: string): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

/** Letters first, a bounded length, and none of the names that a file system or JavaScript keeps for itself. */
function fileSafe(name: string): string {
  const safe = name.slice(0, 60); // characters; what is left of a path is the user's
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d|infinity|nan)$/i.test(safe);
  return reserved || !/^[A-Za-z]/.test(safe) ? `Schema${safe}` : safe;
}
