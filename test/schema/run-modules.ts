import { defineTool, file, json, z } from "../../src/runtime/index.ts";

/** What a module may import of the runtime. */
const RUNTIME = { defineTool, file, json, z };

/**
 * Runs what was emitted for an API as it stands, but for its imports and exports, which become parameters and results: a description has
 * hundreds of modules, and importing each from a file takes longer than all the rest.
 *
 * @param files What `emit` came to.
 * @returns The input schema of each tool, by the tool's name.
 */
export function runModules(files: ReadonlyMap<string, string>): ReadonlyMap<string, z.ZodObject> {
  const schemas = runSchemas(files);
  const inputs = new Map<string, z.ZodObject>();
  for (const [path, text] of files) {
    if (!path.includes("/tools/")) continue;
    const tool = run(text, schemas) as { readonly name: string; readonly input: z.ZodObject };
    inputs.set(tool.name, tool.input);
  }
  return inputs;
}

/** The schemas' modules in one scope, each after those that it imports: they may refer to one another in circles. */
function runSchemas(files: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const texts = new Map(
    [...files].filter(([path]) => path.includes("/schemas/")).map(([path, text]) => [nameOf(path), text]),
  );
  const ordered = new Set<string>();
  const visited = new Set<string>();
  const visit = (name: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    for (const [, imported = ""] of texts.get(name)?.matchAll(/^import \{ (\w+) \} from "\.\//gm) ?? [])
      visit(imported);
    ordered.add(name);
  };
  for (const name of texts.keys()) visit(name);
  const bodies = [...ordered].map((name) => body(texts.get(name) ?? ""));
  return evaluate(`${bodies.join("\n")}\nreturn { ${[...ordered].join(", ")} };`, {}) as Record<string, unknown>;
}

function run(text: string, schemas: Readonly<Record<string, unknown>>): unknown {
  const imported = [...text.matchAll(/^import \{ (\w+) \} from "\.\.\/schemas\//gm)].map(([, name = ""]) => name);
  const [, exported = ""] = /^export const (\w+) =/m.exec(text) ?? [];
  const used = Object.fromEntries(imported.map((name) => [name, schemas[name]]));
  return evaluate(`${body(text)}\nreturn ${exported};`, used);
}

function body(text: string): string {
  return text.replaceAll(/^import .*;$/gm, "").replaceAll(/^export const /gm, "const ");
}

function evaluate(text: string, scope: Readonly<Record<string, unknown>>): unknown {
  const all = { ...RUNTIME, ...scope };
  return new Function(...Object.keys(all), `"use strict";\n${text}`)(...Object.values(all));
}

function nameOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.ts$/, "");
}
