import type { Catalog, CatalogTool, SchemaObject } from "../../definition/catalog.ts";
import { sizesOf, tokensFor, type ToolSize } from "../emit/sizes.ts";

/** What changed for the model between two catalogs of an API. */
export interface SurfaceChange {
  readonly api: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Tools that may now change the vendor's data: new ones that do, and old ones that only read before. */
  readonly newlyWritable: readonly string[];
  /** Tools that are in both and take something else now. */
  readonly changed: readonly { readonly tool: string; readonly arguments: readonly ArgumentChange[] }[];
  /** Tools whose words changed and nothing else. */
  readonly reworded: readonly string[];
  /** Every tool as it is now. */
  readonly tools: readonly ToolSize[];
  readonly bytes: number;
  readonly estimatedTokens: number;
  /** Against before; 0 for an API that is new. */
  readonly tokensDifference: number;
}

/** What changed about one argument. */
export type ArgumentChange =
  | { readonly kind: "added" | "removed"; readonly name: string; readonly required: boolean }
  | { readonly kind: "now required" | "now optional" | "schema"; readonly name: string };

/**
 * Compares what the model saw with what it will see.
 *
 * @param before The catalog that was there; undefined when the API is new: then every tool is added.
 */
export function compareSurface(api: string, before: Catalog | undefined, after: Catalog): SurfaceChange {
  const old = new Map((before?.tools ?? []).map((tool) => [tool.name, tool]));
  const fresh = new Map(after.tools.map((tool) => [tool.name, tool]));
  const kept = after.tools.flatMap((tool) => {
    const was = old.get(tool.name);
    const differs = was && JSON.stringify(was) !== JSON.stringify(tool); // most do not, and then there is nothing to look for
    return differs ? [{ is: tool, arguments: argumentChanges(was, tool) }] : [];
  });
  const tools = sizesOf(after);
  const bytes = total(tools);
  const bytesBefore = before ? total(sizesOf(before)) : bytes;
  return {
    api,
    added: [...fresh.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !fresh.has(name)),
    newlyWritable: after.tools.filter((tool) => writes(tool) && !writes(old.get(tool.name))).map(({ name }) => name),
    changed: kept
      .filter((tool) => tool.arguments.length > 0)
      .map(({ is, arguments: changes }) => ({ tool: is.name, arguments: changes })),
    reworded: kept.filter((tool) => tool.arguments.length === 0).map(({ is }) => is.name),
    tools,
    bytes,
    estimatedTokens: tokensFor(bytes),
    tokensDifference: tokensFor(bytes) - tokensFor(bytesBefore),
  };
}

/** Whether the model sees anything else than before. */
export function isOther({ added, removed, changed, reworded, newlyWritable }: SurfaceChange): boolean {
  return [added, removed, changed, reworded, newlyWritable].some((tools) => tools.length > 0);
}

function writes(tool: CatalogTool | undefined): boolean {
  return tool !== undefined && tool.annotations.readOnlyHint !== true;
}

function argumentChanges(was: CatalogTool, is: CatalogTool): ArgumentChange[] {
  const [old, fresh] = [argumentsOf(was.inputSchema), argumentsOf(is.inputSchema)];
  const changes: ArgumentChange[] = [];
  for (const [name, argument] of fresh) {
    const before = old.get(name);
    if (!before) changes.push({ kind: "added", name, required: argument.required });
    else {
      if (before.required !== argument.required)
        changes.push({ kind: argument.required ? "now required" : "now optional", name });
      if (before.meaning !== argument.meaning) changes.push({ kind: "schema", name });
    }
  }
  for (const [name, { required }] of old) if (!fresh.has(name)) changes.push({ kind: "removed", name, required });
  return changes;
}

interface Argument {
  readonly required: boolean;
  /** The schema without its words. */
  readonly meaning: string;
}

function argumentsOf(schema: SchemaObject): Map<string, Argument> {
  const { properties, required, $defs } = schema;
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const members = typeof properties === "object" && properties !== null ? Object.entries(properties) : [];
  return new Map(
    members.map(([name, argument]) => {
      const definitions = JSON.stringify(argument).includes('"$ref"') ? $defs : undefined;
      return [
        name,
        { required: names.includes(name), meaning: JSON.stringify([wordless(argument), wordless(definitions)]) },
      ];
    }),
  );
}

/** A schema without what is said for the reader only. A text is one: a property that is called `description` is none. */
function wordless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wordless);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(
    ([keyword, inner]) => keyword !== "description" || typeof inner !== "string",
  );
  return Object.fromEntries(members.map(([keyword, inner]) => [keyword, wordless(inner)]));
}

function total(sizes: readonly ToolSize[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}
