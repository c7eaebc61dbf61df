import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect, test } from "vitest";

/** Who may import whom (ARCHITECTURE.md). A room may always import itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  definition: [],
  diagnostics: [],
  spec: ["diagnostics", "definition"],
  generator: ["spec", "diagnostics", "definition"],
  runtime: ["definition"],
  sandbox: ["spec", "diagnostics", "definition"],
  console: ["runtime", "definition"],
  cli: ["console", "definition", "diagnostics", "spec", "generator", "runtime", "sandbox"],
};
/** What a room sees of another: `emit` prints the plan and decides nothing. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  "generator/emit": ["generator/emit", "generator/plan/tool-plan.ts", "definition", "diagnostics/diagnostic.ts"],
};
const MAX_LINES = 300;
const VENDORS = /freshservice|freshworks|haloitsm|halo[ -]?lms|halopsa/i;

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

test("there are sources to look at", () => expect(files.length).toBeGreaterThan(20));

test.each(files)("src/%s imports only what its room may", (file) => {
  const from = file.split(sep)[0] ?? "";
  for (const target of importsOf(file)) {
    const to = target.split("/")[0] ?? "";
    expect([from, ...(ARROWS[from] ?? [])], `${file} imports ${target}`).toContain(to);
  }
});

test.each(Object.entries(ONLY))("src/%s sees nothing but its inputs", (folder, allowed) => {
  for (const file of files.filter((name) => name.split(sep).join("/").startsWith(`${folder}/`))) {
    for (const target of importsOf(file)) {
      expect(
        allowed.some((prefix) => target === prefix || target.startsWith(`${prefix}/`)),
        `${file} imports ${target}`,
      ).toBe(true);
    }
  }
});

test.each(files)("src/%s is no longer than a file may be, and names no vendor", (file) => {
  const text = readFileSync(join(source, file), "utf8");
  expect(text.split("\n").length - 1, "lines").toBeLessThanOrEqual(MAX_LINES);
  expect(text.match(VENDORS)?.[0]).toBeUndefined();
});

test("generated modules import toolwright/runtime and their siblings only", () => {
  const generated = join(root, "generated");
  for (const file of readdirSync(generated, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    for (const specifier of specifiersIn(readFileSync(join(generated, file), "utf8"))) {
      expect(specifier, file).toMatch(
        /^(toolwright\/runtime|\.\.?\/(tools|schemas|steps|operations)\/[A-Za-z0-9_-]+\.ts)$/,
      );
    }
  }
});

/** Files of src/ that a file imports, relative to src/, with `/`. */
function importsOf(file: string): string[] {
  return specifiersIn(readFileSync(join(source, file), "utf8"))
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => relative(source, resolve(dirname(join(source, file)), specifier)))
    .map((path) => path.split(sep).join("/"));
}

function specifiersIn(text: string): string[] {
  return [...text.matchAll(/(?:\sfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g)].map((match) => match[1] ?? "");
}
