import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { loadSpec } from "../../src/spec/load-spec.ts";
import { resolveOperation } from "../../src/spec/resolve-operation.ts";
import { NAMED } from "./project.ts";

const CORPUS = resolve(import.meta.dirname, "../..", process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const present = existsSync(CORPUS);
if (!present) console.warn(`\nThe corpus of vendors' descriptions is not at ${CORPUS}: nothing of it is tested.\n`);

/** Descriptions of vendors, with the number of their operations. */
const specs = [
  { file: "museum.openapi31.yaml", operations: 8 },
  { file: "train_travel.openapi31.yaml", operations: 7 },
  { file: "readme_schema_circular.json", operations: 3 },
  { file: "external.yaml", operations: 13 },
  { file: "directus.json", operations: 136 },
  { file: "box.json", operations: 296 },
  { file: "discord.openapi31.json", operations: 242 },
  { file: "github.json", operations: 1223 },
];

test.skipIf(!present).each(specs)("every operation of $file resolves", async ({ file, operations }) => {
  const { spec } = await loadSpec({ projectDir: CORPUS, file, at: NAMED });
  if (!spec) expect.fail(`${join(CORPUS, file)} is not read`);
  expect(spec.entries.length).toBe(operations);
  for (const entry of spec.entries) {
    const { operation, diagnostics } = resolveOperation(spec, entry);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const names = JSON.stringify(operation).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g);
    for (const [, name = ""] of names) expect(operation.definitions[name], name).toBeDefined();
  }
});
