import type { SchemaObject } from "../../definition/catalog.ts";
import { id, join, ts, type Code } from "./code.ts";
import type { NamedSchemas } from "./named-schemas.ts";
import type { Scope } from "./zod.ts";

/** What a module turned out to use, noted while it is printed. */
export interface Use {
  readonly runtime: Set<string>;
  readonly schemas: Set<string>;
}

/** Nothing used yet. */
export function newUse(): Use {
  return { runtime: new Set(), schemas: new Set() };
}

/** A scope that notes what is used. `definition` says what `#/$defs/<name>` is called; `self` is the schema that is printed. */
export function scopeOf(
  schemas: NamedSchemas,
  use: Use,
  definition: (name: string) => string | undefined,
  self?: string,
): Scope {
  function named(name: string | undefined): Code | undefined {
    if (name === undefined) return undefined;
    if (name !== self) use.schemas.add(name);
    return id(name);
  }
  function shared(schema: SchemaObject): Code | undefined {
    const name = schemas.shared(schema);
    return name === self ? undefined : named(name);
  }
  function file(): Code {
    use.runtime.add("file");
    return ts`file()`;
  }
  function json(): Code {
    use.runtime.add("json");
    return ts`json`;
  }
  return { file, json, reference: (name) => named(definition(name)), shared };
}

/** What modules import from the runtime: nothing else in them may have these names. */
export const RUNTIME_NAMES: ReadonlySet<string> = new Set(["defineStep", "defineTool", "file", "json", "z"]);

/** An import of one name, under another where that one is taken. */
export function importNamed(name: string, local: string, from: string): Code {
  const imported = name === local ? ts`${id(name)}` : ts`${id(name)} as ${id(local)}`;
  return ts`import { ${imported} } from ${from};\n`;
}

/** The imports of a module: the runtime, then schemas, sorted. */
export function importsOf(always: readonly string[], use: Use, folder: string): Code {
  const names = [...always, ...use.runtime, "z"].sort().map(id);
  const schemas = [...use.schemas].sort().map((name) => ts`import { ${id(name)} } from ${`${folder}${name}.ts`};\n`);
  return ts`import { ${join(names, ts`, `)} } from "toolwright/runtime";\n${join(schemas, ts``)}`;
}
