import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  toolsJsonSchema,
  toolsJsonSchemaText,
  type SettingSchema,
} from "../../../src/generator/tools-file/json-schema.ts";

const FILE = join(import.meta.dirname, "../../../docs/tools.schema.json");

test("docs/tools.schema.json is what the grammar says (UPDATE=1 writes it)", () => {
  const text = toolsJsonSchemaText();
  if (process.env["UPDATE"] === "1") writeFileSync(FILE, text);
  expect(readFileSync(FILE, "utf8")).toBe(text);
});

test("a file of tools alone has its own part of it", () => {
  expect(toolsJsonSchema()).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: { tools: { type: "object", additionalProperties: { type: "object", additionalProperties: false } } },
  });
});

test("every setting is described", () => {
  const bare = settings(toolsJsonSchema(), "").filter(([, schema]) => typeof schema["description"] !== "string");
  expect(bare.map(([path]) => path)).toEqual([]);
});

test("editors find the root project's files in order, and a slip in them", () => {
  const root = join(import.meta.dirname, "../../..");
  const whole: unknown = parse(readFileSync(join(root, "tools.yaml"), "utf8"));
  const schema = { ...toolsJsonSchema(), $id: "https://toolwright.example/tools" };
  const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema(schema);
  expect(ajv.validate("https://toolwright.example/tools", whole), ajv.errorsText()).toBe(true);
  const tools: unknown = parse(readFileSync(join(root, "specs/freshservice/tools.yaml"), "utf8"));
  expect(ajv.validate("https://toolwright.example/tools#/definitions/tools", tools), ajv.errorsText()).toBe(true);
  expect(ajv.validate("https://toolwright.example/tools#/definitions/tools", { a: { operaton: "GET /a" } })).toBe(
    false,
  );
});

/** Every property of the grammar by its path. */
function settings(node: SettingSchema, path: string): [string, SettingSchema][] {
  return Object.entries(node).flatMap(([keyword, value]): [string, SettingSchema][] => {
    if (typeof value !== "object" || value === null) return [];
    if (keyword !== "properties") return settings(value as SettingSchema, `${path}/${keyword}`);
    return Object.entries(value as Record<string, SettingSchema>).flatMap(
      ([name, schema]): [string, SettingSchema][] => [
        [`${path}/${name}`, schema],
        ...settings(schema, `${path}/${name}`),
      ],
    );
  });
}
