import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { generate } from "../../src/generator/generate.ts";
import { expectTold } from "./expect-told.ts";
import { type Json, mutantSeeds, mutate, randomFrom } from "./mutate.ts";

// A maintainer may slip anywhere in tools.yaml, in a value or in the YAML itself: it is told with its place, and nothing is ever a crash.
const MUTANTS = mutantSeeds(120);
const GOLDEN = resolve(import.meta.dirname, "../golden");
const projects = [
  resolve(import.meta.dirname, "../vendors/kilnworks"), // has every setting that there is
  ...readdirSync(GOLDEN).map((name) => join(GOLDEN, name)),
].filter((project) => existsSync(join(project, "generated")) && existsSync(join(project, "tools.yaml")));

const folder = mkdtempSync(join(tmpdir(), "toolwright-mutants-"));
let mistakes = 0;

test.each(MUTANTS)("mutant %i", async (seed) => {
  const random = randomFrom(seed);
  const project = projects[random() < 0.5 ? 0 : Math.floor(random() * projects.length)] ?? "";
  const projectDir = join(folder, String(seed));
  cpSync(project, projectDir, { recursive: true, filter: (path) => !path.endsWith("generated") });
  const file = join(projectDir, "tools.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, random() < 0.25 ? misspelt(text, random) : mistaken(text, random));
  const { diagnostics } = await generate({ projectDir, dump: "files" });
  expectTold(diagnostics, projectDir);
  mistakes += diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
});

function mistaken(text: string, random: () => number): string {
  const document = load(text) as Json; // a text comes to these types and no others
  mutate(document, random, 1 + Math.floor(random() * 4));
  return stringify(document);
}

const KEYS = [
  "\t",
  "- ",
  ": ",
  "&a ",
  "*a ",
  "!!x ",
  "{",
  "]",
  "\r",
  "#",
  "%",
  "@",
  "|",
  ">",
  '"',
  "$",
  "\u0000",
  "\n\n",
];

/** A few characters more, and some less. */
function misspelt(text: string, random: () => number): string {
  let changed = text;
  for (let slip = 0; slip <= random() * 3; slip++) {
    const at = Math.floor(random() * changed.length);
    const typed = KEYS[Math.floor(random() * KEYS.length)] ?? "";
    changed = changed.slice(0, at) + typed + changed.slice(at + Math.floor(random() * 6));
  }
  return changed;
}

test("most mutants were refused, not all", () => {
  expect(mistakes).toBeGreaterThan(MUTANTS.length / 2);
  expect(mistakes).toBeLessThan(MUTANTS.length);
});
