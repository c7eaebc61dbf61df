import type { IncomingHttpHeaders } from "node:http";

/** What a caller takes away from the tools for one request; nothing comes back by it. */
export interface RequestNarrowing {
  readonly readOnly: boolean;
  /** Only these; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
}

/**
 * Reads `X-MCP-Readonly` and `X-MCP-Tools: a,b`, by which a caller tightens what an operator left.
 * A value of the first that is no clear "no" counts as "yes".
 */
export function narrowingOf(headers: IncomingHttpHeaders): RequestNarrowing {
  const readOnly = textOf(headers["x-mcp-readonly"])?.toLowerCase();
  const tools = textOf(headers["x-mcp-tools"]);
  const names = tools?.split(",").map((name) => name.trim());
  return {
    readOnly: readOnly !== undefined && !["false", "0", "no"].includes(readOnly),
    only: names && new Set(names),
  };
}

function textOf(value: string | string[] | undefined): string | undefined {
  const text = (Array.isArray(value) ? value.join(",") : value)?.trim();
  return text === "" ? undefined : text;
}
