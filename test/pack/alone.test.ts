import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** What a bundled module imports by name: `from "x"`, `import("x")`, `require("x")` of a line of code. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom "([^"]+)";$|^import "([^"]+)";$|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, from, bare, lazy]) => from ?? bare ?? lazy ?? "");
}

test("what is installed runs alone: an install brings nothing but the types of Zod, which those of generated modules name", () => {
  const files = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" });
  const modules = files.filter((file) => /\.m?js$/.test(file) && !/^(?:console|types)\b/.test(file));
  const imported = modules.flatMap((file) => importsOf(join(ROOT, "dist", file)));
  const builtin = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
  // Itself, as generated modules name it; and what a function of the Redis client wants which nobody here calls.
  const known = new Set(["toolwright/runtime", "@node-rs/xxhash"]);
  const foreign = imported.filter((name) => !name.startsWith(".") && !builtin.has(name) && !known.has(name));
  expect(imported.length).toBeGreaterThan(100);
  expect(foreign).toEqual([]);
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(Object.keys(dependencies)).toEqual(["zod"]);
});
