import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { EXCEPTIONS } from "./exceptions.ts";
import { verdictsOf } from "./suite.ts";

const SUITES = resolve(import.meta.dirname, "../..", process.env["TOOLWRIGHT_SUITES"] ?? "../shared/suites");
const FOLDER = resolve(SUITES, "json-schema-test-suite/tests/draft2020-12");
const present = existsSync(FOLDER);
if (!present) console.warn(`\nThe JSON-Schema-Test-Suite is not at ${FOLDER}: nothing of it is tested.\n`);

/** Keywords that descriptions of the corpus use in what is sent. */
const USED = (
  "type enum const minimum maximum exclusiveMinimum multipleOf minLength maxLength pattern properties " +
  "required additionalProperties minProperties maxProperties items minItems maxItems uniqueItems allOf " +
  "anyOf oneOf ref default"
).split(" ");
/** The others that OpenAPI 3.1 has; of these 95 % have to agree. */
const OTHERS = (
  "exclusiveMaximum patternProperties prefixItems not if-then-else contains minContains maxContains " +
  "propertyNames dependentRequired dependentSchemas boolean_schema infinite-loop-detection defs anchor"
).split(" ");

const tried = new Map<string, { readonly apart: number; readonly all: number }>();

test.skipIf(!present).each([...USED, ...OTHERS])("%s: our Zod accepts what Ajv accepts", async (keyword) => {
  const verdicts = await verdictsOf(FOLDER, keyword);
  const apart = verdicts.filter(({ ours, wanted }) => ours !== wanted).map(({ name }) => name);
  expect(apart).toEqual([...EXCEPTIONS.keys()].filter((name) => name.startsWith(`${keyword}: `)));
  expect(verdicts.length).toBeGreaterThan(1);
  tried.set(keyword, { apart: apart.length, all: verdicts.length });
});

test.skipIf(!present)("of the keywords that no description uses, 95 % agree", () => {
  const others = OTHERS.flatMap((keyword) => tried.get(keyword) ?? []);
  const all = others.reduce((sum, one) => sum + one.all, 0);
  expect(others.reduce((sum, one) => sum + one.apart, 0) / all).toBeLessThanOrEqual(0.05);
  expect(all).toBeGreaterThan(200);
});

test("no exception is about a keyword that is not tested", () => {
  const known = new Set([...USED, ...OTHERS]);
  expect([...EXCEPTIONS.keys()].filter((name) => !known.has(name.split(":")[0] ?? ""))).toEqual([]);
});
