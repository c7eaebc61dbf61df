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
/** What a room sees of others: `emit` prints the plan and decides nothing; what much of the runtime stands on knows little of it. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  "generator/emit": ["generator/plan/tool-plan.ts", "definition", "diagnostics/diagnostic.ts"],
  "runtime/http": ["runtime/load"],
  "runtime/state-files": ["runtime/load", "runtime/clock.ts", "runtime/warn.ts"],
  "runtime/sealing": ["runtime/load", "runtime/state-files"],
  "runtime/shared-state": ["runtime/load", "runtime/sealing", "runtime/clock.ts", "runtime/problem.ts"],
  "runtime/telemetry": [
    "runtime/deployment.ts",
    "runtime/http",
    "runtime/limits/limits.ts",
    "runtime/load",
    "runtime/problem.ts",
    "runtime/request/types.ts",
    "runtime/send/failure.ts",
    "runtime/send/read-bytes.ts",
    "runtime/shape/cut-text.ts",
  ],
};
/** What the rest sees of a room: a call knows that it is watched, and nothing of who watches. */
const SHOWN: Readonly<Record<string, { readonly to: readonly string[]; readonly files: readonly string[] }>> = {
  "runtime/telemetry": {
    to: ["runtime"],
    files: ["runtime/telemetry/telemetry.ts", "runtime/telemetry/client-request.ts", "runtime/telemetry/unobserved.ts"],
  },
  "runtime/shared-state": {
    to: ["runtime", "cli"],
    files: ["away", "client", "link", "lock", "shared-state"].map((name) => `runtime/shared-state/${name}.ts`),
  },
};
/** Packages that one room alone may name. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@opentelemetry/": "runtime/telemetry/",
  "@redis/": "runtime/shared-state/client.ts",
};
const MAX_LINES = 300;
const VENDORS = /freshservice|freshworks|haloitsm|halo[ -]?lms|halopsa/i;

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"));
/** Imports, those of types alone too. */
const ALL = /(?:\sfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g;
/** Imports that are there when a file is run; not those that wait until something is needed. */
const VALUES = /^(?:import|export) (?!type\b)(?!\{(?:\s*type [^,}]+,?)*\s*\} from)[^;]*?\sfrom\s*"([^"]+)"/gm;

test("there are sources to look at", () => expect(files.length).toBeGreaterThan(20));

test.each(files)("src/%s imports only what its room may", (file) => {
  const from = file.split("/")[0] ?? "";
  for (const target of importsOf(file)) {
    const to = target.split("/")[0] ?? "";
    expect([from, ...(ARROWS[from] ?? [])], `${file} imports ${target}`).toContain(to);
  }
});

test.each(Object.entries(ONLY))("src/%s sees nothing but its inputs", (folder, allowed) => {
  for (const file of files.filter((name) => isWithin(name, [folder]))) {
    for (const target of importsOf(file)) {
      expect(isWithin(target, [folder, ...allowed]), `${file} imports ${target}`).toBe(true);
    }
  }
});

test.each(Object.entries(SHOWN))("src/%s shows nothing but its contract", (folder, { to, files: shown }) => {
  for (const file of files.filter((name) => isWithin(name, to) && !isWithin(name, [folder]))) {
    const seen = importsOf(file).filter((target) => isWithin(target, [folder]) && !shown.includes(target));
    expect(seen, file).toEqual([]);
  }
});

test.each(Object.entries(PACKAGES))("%s is named in src/%s alone", (name, place) => {
  const naming = files.filter((file) => specifiersIn(textOf(file)).some((specifier) => specifier.startsWith(name)));
  expect(naming.length).toBeGreaterThan(0);
  expect(naming.filter((file) => !file.startsWith(place))).toEqual([]);
});

test("no file of src/ needs itself, by way of others", () => {
  const needs = new Map(files.map((file) => [file, importsOf(file, VALUES)]));
  const left = new Set(files);
  // What needs nothing that is left is none of a circle, until only circles, and what needs them, are left.
  for (let before = Infinity; left.size < before;) {
    before = left.size;
    for (const file of left) if (!needs.get(file)?.some((target) => left.has(target))) left.delete(file);
  }
  expect([...left]).toEqual([]);
});

test.each(files)("src/%s is no longer than a file may be, and names no vendor", (file) => {
  const text = textOf(file);
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
function importsOf(file: string, pattern = ALL): string[] {
  return specifiersIn(textOf(file), pattern)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => relative(source, resolve(dirname(join(source, file)), specifier)))
    .map((path) => path.split(sep).join("/"));
}

function specifiersIn(text: string, pattern = ALL): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

function textOf(file: string): string {
  return readFileSync(join(source, file), "utf8");
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
