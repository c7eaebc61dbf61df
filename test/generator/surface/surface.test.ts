import { expect, test } from "vitest";
import type { Catalog, CatalogTool } from "../../../src/definition/catalog.ts";
import { compareSurface } from "../../../src/generator/surface/compare.ts";
import { describeSurface } from "../../../src/generator/surface/describe.ts";

function tool(
  name: string,
  properties: object = {},
  changes: Partial<CatalogTool> = {},
  required: string[] = [],
): CatalogTool {
  const inputSchema = { type: "object", properties, required, additionalProperties: false };
  return { name, title: name, description: "D.", inputSchema, annotations: { readOnlyHint: true }, ...changes };
}
const catalog = (...tools: CatalogTool[]): Catalog => ({ tools });
const said = (before: Catalog | undefined, after: Catalog) =>
  describeSurface(compareSurface("acme", before, after)).slice(0, -1);

test("a new API: every tool is added, and its size is no difference", () => {
  const change = compareSurface("acme", undefined, catalog(tool("a"), tool("b", {}, { annotations: {} })));
  expect(change).toMatchObject({
    added: ["a", "b"],
    removed: [],
    newlyWritable: ["b"],
    changed: [],
    tokensDifference: 0,
  });
  expect(describeSurface(change)).toEqual([
    "acme: + a",
    "acme: + b (writes)",
    "acme: 2 tools, 321 bytes, about 80 tokens",
  ]);
});

test("nothing changed, nothing said but the size", () => {
  const same = catalog(tool("a", { x: { type: "string" } }));
  expect(said(same, structuredClone(same))).toEqual([]);
});

test("tools that come, go, and may suddenly write", () => {
  expect(
    said(catalog(tool("a"), tool("b")), catalog(tool("b", {}, { annotations: { destructiveHint: false } }), tool("c"))),
  ).toEqual(["acme: + c", "acme: - a", "acme: ! b writes now", "acme: ~ b: other words"]);
});

test("arguments that come, go, become required, and take other values", () => {
  const before = catalog(
    tool("a", { gone: {}, kept: { type: "string", description: "x" }, other: { type: "string" }, must: {} }, {}, [
      "gone",
    ]),
  );
  const after = catalog(
    tool("a", { fresh: {}, kept: { type: "string", description: "y" }, other: { type: "integer" }, must: {} }, {}, [
      "fresh",
      "must",
    ]),
  );
  expect(compareSurface("acme", before, after).changed).toEqual([
    {
      tool: "a",
      arguments: [
        { kind: "added", name: "fresh", required: true },
        { kind: "schema", name: "other" },
        { kind: "now required", name: "must" },
        { kind: "removed", name: "gone", required: true },
      ],
    },
  ]);
  expect(said(before, after)).toEqual([
    "acme: ~ a: + fresh (required), other takes other values, must is now required, - gone",
  ]);
  expect(said(after, before)[0]).toContain("must is now optional");
});

test("a property that is called description is no description", () => {
  const nested = (type: string) => ({ a: { type: "object", properties: { description: { type } } } });
  expect(said(catalog(tool("t", nested("string"))), catalog(tool("t", nested("integer"))))).toEqual([
    "acme: ~ t: a takes other values",
  ]);
});

test("what a reference leads to counts", () => {
  const withNode = (type: string) => {
    const shown = tool("t", { a: { $ref: "#/$defs/N" } });
    return catalog({ ...shown, inputSchema: { ...shown.inputSchema, $defs: { N: { type } } } });
  };
  expect(said(withNode("string"), withNode("object"))).toEqual(["acme: ~ t: a takes other values"]);
});

test("sizes are bytes of UTF-8 as tools/list has them, tokens a quarter of that", () => {
  const change = compareSurface("acme", catalog(tool("a")), catalog(tool("a", {}, { description: "日本語" })));
  const bytes = Buffer.byteLength(JSON.stringify(tool("a", {}, { description: "日本語" })));
  expect(change.tools).toEqual([{ name: "a", bytes, estimatedTokens: Math.round(bytes / 4), share: 1 }]);
  expect(change).toMatchObject({ bytes, tokensDifference: 1 });
  expect(describeSurface(change).at(-1)).toBe(
    `acme: 1 tool, ${bytes} bytes, about ${Math.round(bytes / 4)} tokens (+1)`,
  );
});
