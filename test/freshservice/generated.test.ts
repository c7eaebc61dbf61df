import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Catalog, SchemaObject } from "../../src/definition/catalog.ts";
import { FRESHSERVICE_TOOLS } from "../e2e/tool-names.ts";

const FOLDER = "generated/freshservice";
/** What a reviewer reads in one go, and what each argument and each step of several may add to it. */
const LINES = { base: 30, perArgument: 3, perStep: 10 };
/** What the list may take of a model's attention, as one JSON-RPC answer. */
const LIST_BYTES = 36_000;

const catalog = JSON.parse(readFileSync(`${FOLDER}/catalog.json`, "utf8")) as Catalog;
const modules = readdirSync(`${FOLDER}/tools`);

test("there is one module for each of the 34 tools", () => {
  expect(modules.map((file) => file.replace(/\.ts$/, "")).sort()).toEqual(FRESHSERVICE_TOOLS);
  expect(catalog.tools.map(({ name }) => name)).toEqual(FRESHSERVICE_TOOLS);
});

describe.each(catalog.tools)("$name", (tool) => {
  const text = readFileSync(`${FOLDER}/tools/${tool.name}.ts`, "utf8");
  const properties = Object.entries((tool.inputSchema["properties"] ?? {}) as Record<string, SchemaObject>); // of an object schema

  test("is short enough to be read", () => {
    const steps = text.match(/^ +stepId: /gm)?.length ?? 0;
    const allowed = LINES.base + LINES.perArgument * properties.length + LINES.perStep * steps;
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(allowed);
  });

  test("is data: no function, no condition, no type syntax, no any", () => {
    const code = text.replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|^\/[/*].*$/gm, '""');
    expect(code).not.toMatch(/=>|\bfunction\b|\bif\b *\(|\bas\b +\w|: any\b|\bany\(\)|\bawait\b/);
  });

  test("is described to its last argument, in one sentence that can stand alone at least", () => {
    expect(tool.description.split(/(?<=\.)\s/)[0]?.length).toBeGreaterThan(20);
    for (const [name, schema] of properties) expect(schema["description"], name).toMatch(/\S{2}/);
  });

  test("has a plain object at its root, and the hints that are not the default", () => {
    expect(tool.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    for (const keyword of ["oneOf", "anyOf", "allOf", "$schema", "$ref"])
      expect(tool.inputSchema).not.toHaveProperty(keyword);
    expect(tool.title).toMatch(/^[A-Z]/);
    expect(tool.annotations.readOnlyHint).toBe(/^(create|update|place)/.test(tool.name) ? undefined : true);
    expect(tool.annotations.destructiveHint).toBe(
      tool.name.startsWith("create") ? false : /^(update|place)/.test(tool.name) ? true : undefined,
    );
  });
});

test("the whole list costs no more than it may", () => {
  expect(
    Buffer.byteLength(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools: catalog.tools } })),
  ).toBeLessThanOrEqual(LIST_BYTES);
});

test("the README states each tool's share", () => {
  const readme = readFileSync(`${FOLDER}/README.md`, "utf8");
  for (const name of FRESHSERVICE_TOOLS) expect(readme).toMatch(new RegExp(`\\b${name}\\b.*\\d+(\\.\\d+)? ?%`));
});
