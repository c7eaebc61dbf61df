import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { filesFor, specPath, writeFiles } from "../../src/cli/init/files.ts";
import type { Source } from "../../src/cli/init/source.ts";
import { UserError } from "../../src/cli/command.ts";
import type { Catalog } from "../../src/definition/catalog.ts";
import { generate } from "../../src/generator/generate.ts";
import { proposeName } from "../../src/generator/propose/api-name.ts";
import { propose } from "../../src/generator/propose/propose.ts";
import { loadSpec } from "../../src/spec/load-spec.ts";
import { expectAgreement } from "../schema/agreement.ts";
import { runModules } from "../schema/run-modules.ts";
import { expectTold } from "./expect-told.ts";
import { type Json, mutantSeeds, mutate, randomFrom } from "./mutate.ts";

// A vendor's description may be wrong in any place. Whatever `init --all` proposes for it must generate, and what is generated must work;
// what cannot be a tool is told. Nothing is ever a crash.
const MUTANTS = mutantSeeds(60);
const MOST_CHANGES = 12;
const VALUES = 10; // held against each schema, as the model is shown it and as it is enforced
const GOLDEN = resolve(import.meta.dirname, "../golden");
const descriptions = readdirSync(GOLDEN, { recursive: true, encoding: "utf8" })
  .filter((file) => /[\\/]specs[\\/][^\\/]*\.(?:yaml|json)$/.test(file))
  .flatMap((file): Json[] => {
    try {
      return [load(readFileSync(join(GOLDEN, file), "utf8")) as Json]; // a text comes to these types and no others
    } catch {
      return []; // golden cases of texts that are no YAML
    }
  });

const folder = mkdtempSync(join(tmpdir(), "toolwright-mutants-"));
const outcomes = { tools: 0, refused: 0 };

test.each(MUTANTS)("mutant %i", async (seed) => {
  const random = randomFrom(seed);
  const document = structuredClone(descriptions[Math.floor(random() * descriptions.length)] ?? {});
  mutate(document, random, 1 + Math.floor(random() * MOST_CHANGES));
  const source = await openMutant(document);
  expectTold(source.diagnostics, source.folder);
  const projectDir = join(folder, `${seed}-project`);
  if (!proposeAll(source, projectDir)) {
    outcomes.refused++;
    return;
  }
  const { diagnostics, files } = await generate({ projectDir });
  expectTold(diagnostics, projectDir);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expectUsable(files, seed);
});

async function openMutant(document: Json): Promise<Source> {
  const given = join(folder, "given");
  mkdirSync(given, { recursive: true });
  writeFileSync(join(given, "openapi.json"), JSON.stringify(document, null, 1));
  const loaded = await loadSpec({ projectDir: given, file: "openapi.json", at: { file: "openapi.json", pointer: "" } });
  return { ...loaded, folder: given, inside: false, address: undefined, discard: () => {} };
}

/** What `init --all --yes` writes; false when there is nothing that it could propose. */
function proposeAll(source: Source, projectDir: string): boolean {
  if (!source.spec || source.spec.entries.length === 0) return false;
  const name = proposeName(source.spec.summary.title);
  const spec = specPath(source, name);
  const options = { name, spec, source: undefined, all: true, readOnly: false, credential: undefined };
  const proposal = propose(source.spec, options);
  if (proposal.tools.length === 0) return false;
  mkdirSync(projectDir, { recursive: true });
  try {
    writeFiles(projectDir, filesFor(proposal, source, projectDir));
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return false;
  }
}

/** Every module runs, every name and root is what hosts take, and what is shown is what is enforced. */
function expectUsable(files: ReadonlyMap<string, string>, seed: number): void {
  const inputs = runModules(files);
  const [, text = ""] = [...files].find(([file]) => file.endsWith("/catalog.json")) ?? [];
  const { tools } = JSON.parse(text) as Catalog; // ours
  expect(new Set(tools.map(({ name }) => name.toLowerCase())).size).toBe(tools.length);
  for (const { name, inputSchema } of tools) {
    expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(inputSchema["type"]).toBe("object");
    expect(Object.keys(inputSchema)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:oneOf|anyOf|allOf|\$schema)$/)]),
    );
    const input = inputs.get(name);
    if (!input) expect.fail(`${name} was not emitted`);
    expectAgreement(inputSchema, input, { seed, runs: VALUES });
    outcomes.tools++;
  }
}

test("most mutants came to tools", () => {
  expect(outcomes.tools).toBeGreaterThan(outcomes.refused);
});
