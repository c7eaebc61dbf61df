import type { CatalogTool } from "../definition/catalog.ts";
import { effectOfTool } from "../runtime/access/scopes.ts";
import type { Deployment } from "../runtime/deployment.ts";
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
  /** Where clients come in from elsewhere, without a slash at the end; absent: by the page's own origin. */
  readonly publicUrl?: string;
  /** Who may call; absent: whoever sees the page, with the server's own credentials. */
  readonly access?: AccessDescription;
  readonly instructions: string;
  readonly examples: readonly { readonly ask: string; readonly calls: readonly unknown[] }[];
  readonly tools: readonly ToolDescription[];
}

/** Who may call, as the page says it. With callers who are told apart, the page tries nothing: it does not know who looks at it. */
export interface AccessDescription {
  readonly mode: string;
  /** The header that carries a caller's key. */
  readonly header?: string;
  /** Why nothing can be tried here. */
  readonly why: string;
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
        ...accessOf(deployment),
        instructions,
        examples,
        tools: tools.map((tool) => ({ ...tool, effect: effectOfTool(tool), tokens: tokensOf(tool) })),
      };
    }),
  };
}

/** Why a call cannot be tried here; undefined: it can. */
export function whyNotTried({ access, api }: Deployment): string | undefined {
  if (!access || access.mode === "env") return undefined;
  const { title } = api.definition;
  return access.mode === "api-key-passthrough"
    ? `Everybody brings a key of ${title} here, and this page has none. Try it in a client that is connected below.`
    : `Everybody signs in here, and this page does not know who looks at it. Try it in a client that is connected below.`;
}

function accessOf(deployment: Deployment): Pick<ServedDescription, "publicUrl" | "access"> {
  const { access, api } = deployment;
  const why = whyNotTried(deployment);
  if (!access || access.mode === "env" || why === undefined) return {};
  const header = access.mode === "api-key-passthrough" ? api.definition.access?.apiKey?.header : undefined;
  return {
    ...(access.publicUrl && { publicUrl: access.publicUrl.href.replace(/\/$/, "") }),
    access: { mode: access.mode, why, ...(header !== undefined && { header }) },
  };
}

function tokensOf(tool: CatalogTool): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(tool)) / 4);
}
