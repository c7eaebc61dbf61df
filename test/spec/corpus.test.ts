import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { loadSpec } from "../../src/spec/load-spec.ts";
import type { Operation } from "../../src/spec/operation.ts";
import { resolveOperation } from "../../src/spec/resolve-operation.ts";
import { NAMED } from "./project.ts";

const CORPUS = resolve(import.meta.dirname, "../..", process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const present = existsSync(CORPUS);
if (!present) console.warn(`\nThe corpus of vendors' descriptions is not at ${CORPUS}: nothing of it is tested.\n`);

const NO_SPEC = "external-shared.json"; // a companion of another file, without a version of its own

/** Rows of the manifest: name, file, version, bytes, number of operations, … */
const specs = (present ? readFileSync(join(CORPUS, "manifest.tsv"), "utf8").trim().split("\n").slice(1) : [])
  .map((row) => row.split("\t"))
  .map(([, file = "", version = "", , operations]) => ({ file, version, operations: Number(operations) }))
  .filter(({ file }) => file !== NO_SPEC);

test.skipIf(!present)("the corpus is whole", () => {
  expect(specs.length).toBe(35);
  expect(specs.reduce((sum, { operations }) => sum + operations, 0)).toBe(5922);
});

const isSchema = new Ajv2020({ strict: false }).getSchema("https://json-schema.org/draft/2020-12/schema");
const checked = new Set<string>(); // descriptions repeat themselves, and checking is slow

test.skipIf(!present).each(present ? specs : [{ file: "none", version: "", operations: 0 }])(
  "every operation of $file resolves",
  async ({ file, version, operations }) => {
    const { spec } = await loadSpec({ projectDir: CORPUS, file, at: NAMED });
    if (!spec) expect.fail(`${join(CORPUS, file)} is not read`);
    expect(spec.summary.format).toBe(`${version === "2.0" ? "swagger" : "openapi"}-${version.slice(0, 3)}`);
    expect(spec.entries.length).toBe(operations);
    for (const entry of spec.entries) {
      const { operation, diagnostics } = resolveOperation(spec, entry);
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      for (const schema of schemasOf(operation)) check(schema, operation);
    }
  },
);

function schemasOf({ parameters, requestBody, responses, definitions }: Operation): unknown[] {
  const media = [...(requestBody?.content ?? []), ...responses.flatMap(({ content }) => content)];
  return [...parameters, ...media].map(({ schema }): unknown => schema).concat(Object.values(definitions));
}

function check(schema: unknown, { definitions, method, path }: Operation): void {
  const text = JSON.stringify(schema);
  for (const [, name = ""] of text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)) {
    if (!Object.hasOwn(definitions, name)) expect.fail(`${method} ${path} refers to ${name}, which is not there`);
  }
  if (checked.has(text)) return;
  checked.add(text);
  if (isSchema?.(JSON.parse(text)) !== true) expect.fail(`${method} ${path}: no JSON Schema 2020-12: ${text}`);
}
