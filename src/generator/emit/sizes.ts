import type { Catalog, CatalogTool } from "../../definition/catalog.ts";

/** What a tool costs the model's context. */
export interface ToolSize {
  readonly name: string;
  /** Of its entry in `tools/list`, in UTF-8. */
  readonly bytes: number;
  readonly estimatedTokens: number;
  /** Of all tools of the API, 0 to 1. */
  readonly share: number;
}

const measured = new WeakMap<Catalog, readonly ToolSize[]>();

/** The size of every tool of a catalog, in the catalog's order. */
export function sizesOf(catalog: Catalog): readonly ToolSize[] {
  const known = measured.get(catalog) ?? measure(catalog);
  measured.set(catalog, known); // the page for people and the command both tell them
  return known;
}

function measure(catalog: Catalog): readonly ToolSize[] {
  const all = catalog.tools.map((tool) => ({ name: tool.name, bytes: bytesOf(tool) }));
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  return all.map(({ name, bytes }) => ({ name, bytes, estimatedTokens: tokensFor(bytes), share: bytes / total }));
}

/** Tokens for so many bytes: about four to one in English and JSON. An estimate; every model counts its own way. */
export function tokensFor(bytes: number): number {
  return Math.round(bytes / 4);
}

function bytesOf(tool: CatalogTool): number {
  return Buffer.byteLength(JSON.stringify(tool));
}
