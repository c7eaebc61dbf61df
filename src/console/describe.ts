import type { CatalogTool } from "../definition/catalog.ts";
import type { ServedApi } from "../runtime/load/narrow.ts";

/** What the page shows of everything that is served. Nothing of the environment is in it: no key, no variable, no folder. */
export interface Served {
  readonly version: string;
  readonly apis: readonly ServedDescription[];
}

/** One API as the page shows it. */
export interface ServedDescription {
  readonly name: string;
  readonly title: string;
  readonly mode: "live" | "sandbox";
  readonly readOnly: boolean;
  /** Path of the MCP endpoint; the page knows its own origin. */
  readonly path: string;
  readonly instructions: string;
  readonly examples: readonly { readonly ask: string; readonly calls: readonly unknown[] }[];
  readonly tools: readonly ToolDescription[];
}

/** A tool as the page shows it: what the model sees, what it does, and what it costs to know. */
export interface ToolDescription extends CatalogTool {
  readonly effect: "read" | "write" | "destructive";
  /** Estimated: 4 bytes of `tools/list` are about one. */
  readonly tokens: number;
}

/** Describes what is served. */
export function describeServed(
  apis: readonly ServedApi[],
  { version, paths }: { readonly version: string; readonly paths: Readonly<Record<string, string>> },
): Served {
  return {
    version,
    apis: apis.map(({ deployment, tools }) => {
      const { name, title, instructions = "", examples = [] } = deployment.api.definition;
      return {
        name,
        title,
        mode: deployment.mode,
        readOnly: deployment.readOnly,
        path: paths[name] ?? `/mcp/${name}`,
        instructions,
        examples,
        tools: tools.map((tool) => ({ ...tool, effect: effectOf(tool), tokens: tokensOf(tool) })),
      };
    }),
  };
}

/** What a tool says of itself; `destructiveHint` counts as true unless it is said not to be (MCP, ToolAnnotations). */
function effectOf({ annotations }: CatalogTool): ToolDescription["effect"] {
  if (annotations.readOnlyHint === true) return "read";
  return annotations.destructiveHint === false ? "write" : "destructive";
}

function tokensOf(tool: CatalogTool): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(tool)) / 4);
}
