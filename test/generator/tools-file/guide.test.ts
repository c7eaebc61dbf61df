import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { toolsFile } from "../../../src/generator/tools-file/api-schema.ts";
import { toolsJsonSchema } from "../../../src/generator/tools-file/json-schema.ts";
import { tools } from "../../../src/generator/tools-file/tool-schema.ts";

const guide = readFileSync(join(import.meta.dirname, "../../../docs/tools-yaml.md"), "utf8");
const blocks = [...guide.matchAll(/```yaml\n([^]*?)```/g)]
  .map(([, text = ""]) => text)
  .filter((text) => !text.startsWith("# yaml"));

test("there are examples to check", () => expect(blocks.length).toBeGreaterThan(8));

test.each(blocks)("the guide's example fits the grammar: %s", (text) => {
  const schema: z.ZodType = text.startsWith("apis:") ? toolsFile : tools;
  expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
});

test("the guide's tool of several calls is the one whose modules are shown", () => {
  const shown = readFileSync(join(import.meta.dirname, "../../golden/several_calls/tools.yaml"), "utf8");
  expect(blocks).toContain(shown.slice(shown.indexOf("apis:")));
});

test("the guide tells of every setting", () => {
  const names = [...new Set(propertyNames(toolsJsonSchema()))];
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => !guide.includes(name))).toEqual([]);
});

/** Names of all settings. */
function propertyNames(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([keyword, value]: [string, unknown]) => [
    ...(keyword === "properties" && typeof value === "object" && value !== null ? Object.keys(value) : []),
    ...propertyNames(value),
  ]);
}
