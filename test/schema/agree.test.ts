import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { z } from "zod";
import type { Catalog } from "../../src/definition/catalog.ts";
import { catalogOf } from "../../src/generator/emit/catalog.ts";
import { emit } from "../../src/generator/emit/emit.ts";
import { countFallbacks } from "../../src/generator/emit/fallbacks.ts";
import { expectAgreement, type Tried } from "./agreement.ts";
import { planSpec } from "./plan-spec.ts";
import { runModules } from "./run-modules.ts";

// What the model is shown (catalog.json) and what is enforced (the Zod schema of the module) must accept the same arguments.
const ROOT = resolve(import.meta.dirname, "../..");
const SEED = Number(process.env["TOOLWRIGHT_SEED"] ?? Date.now() % 2 ** 31);
const tried: Tried[] = [];
console.log(`\nAgreement of schemas: TOOLWRIGHT_SEED=${SEED} tries the same values again.\n`);

const RUNS = 200; // of each committed tool; enough that every keyword of every argument is broken now and then
const folders = [
  ...readdirSync(join(ROOT, "test/golden")).map((name) => join(ROOT, "test/golden", name, "generated")),
  join(ROOT, "generated"),
].flatMap((generated) => (existsSync(generated) ? readdirSync(generated).map((api) => join(generated, api)) : []));

const tools = folders.flatMap((folder) => {
  const catalog = JSON.parse(readFileSync(join(folder, "catalog.json"), "utf8")) as Catalog; // ours, of this repository
  return catalog.tools.map(({ name, inputSchema }) => ({
    name,
    inputSchema,
    file: join(folder, "tools", `${name}.ts`),
  }));
});

test.each(tools)("$name: $file", async ({ inputSchema, file }) => {
  const [tool] = Object.values((await import(pathToFileURL(file).href)) as Record<string, { input: z.ZodObject }>);
  if (!tool) expect.fail(`${file} exports nothing`);
  const outcome = expectAgreement(inputSchema, tool.input, { seed: SEED, runs: RUNS });
  tried.push(outcome);
  expect(outcome.accepted, "values of both kinds were tried").toBeGreaterThan(0);
});

const CORPUS = resolve(ROOT, process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const present = existsSync(CORPUS);
if (!present) console.warn(`\nThe corpus of vendors' descriptions is not at ${CORPUS}: its schemas are not tried.\n`);

const NO_SPEC = "external-shared.json"; // a companion of another file
const OPERATIONS = 25; // of each description, at even distances
const VALUES = 25; // of each operation
const specs = (present ? readFileSync(join(CORPUS, "manifest.tsv"), "utf8").trim().split("\n").slice(1) : [])
  .map((row) => row.split("\t")[1] ?? "")
  .filter((file) => file !== NO_SPEC);

test.skipIf(!present).each(present ? specs : ["none"])("a sample of %s", async (file) => {
  const api = await planSpec(CORPUS, file, OPERATIONS);
  const { schemas, unknown } = countFallbacks(api);
  expect(unknown).toBeLessThanOrEqual(schemas / 1000);
  const inputs = runModules(await emit(api));
  for (const { name, inputSchema } of catalogOf(api.tools).tools) {
    const input = inputs.get(name);
    if (!input) expect.fail(`${name} was not emitted`);
    tried.push(expectAgreement(inputSchema, input, { seed: SEED, runs: VALUES }));
  }
});

afterAll(() => {
  const values = tried.reduce((sum, one) => sum + one.values, 0);
  const accepted = tried.reduce((sum, one) => sum + one.accepted, 0);
  console.log(`\nAgreement of schemas: ${values} values, ${accepted} of them accepted.\n`);
});

test("at least 10,000 values were tried, of both kinds", () => {
  const values = tried.reduce((sum, one) => sum + one.values, 0);
  const accepted = tried.reduce((sum, one) => sum + one.accepted, 0);
  expect(values).toBeGreaterThanOrEqual(10_000);
  expect(accepted).toBeGreaterThan(values / 10);
  expect(accepted).toBeLessThan((values * 9) / 10);
});
