import type { ListToolsResult, Tool } from "@modelcontextprotocol/server";
import type { CatalogTool } from "../../definition/catalog.ts";
import type { Deployment } from "../deployment.ts";
import type { ServedApi } from "../load/narrow.ts";
import { StartError } from "../load/start-error.ts";
import { instructionsFor, titleFor } from "./instructions.ts";

/** A tool that may be called: where, and by which name of its own. */
export interface TableEntry {
  readonly deployment: Deployment;
  readonly tool: string;
}

/** Everything that the servers of one endpoint share; worked out once, read by every request. */
export interface ToolTable {
  readonly name: string;
  readonly title: string;
  readonly instructions: string;
  /** The whole answer to `tools/list`. */
  readonly list: ListToolsResult;
  /** Undefined: there is no such tool here, whatever the catalog says. */
  find(name: string): TableEntry | undefined;
}

/** The longest name that every host accepts. */
const MAX_NAME = 64;

/** The table of one API, or of several merged: their tools are then called `<api>_<tool>`. */
export function toolTable(apis: readonly ServedApi[]): ToolTable {
  const [only, ...others] = apis;
  if (!only) throw new StartError("there is no API to serve", "name one");
  const merged = others.length > 0;
  const entries = new Map<string, TableEntry>();
  const tools: Tool[] = [];
  for (const api of apis) {
    const { deployment } = api;
    for (const tool of api.tools) {
      const name = merged ? `${deployment.api.definition.name}_${tool.name}` : tool.name;
      refuseUnusable(name, entries);
      entries.set(name, { deployment, tool: tool.name });
      tools.push(listed(name, tool));
    }
  }
  return {
    name: merged ? "toolwright" : only.deployment.api.definition.name,
    title: apis.map(({ deployment }) => titleFor(deployment)).join(", "),
    instructions: merged ? mergedInstructions(apis) : instructionsFor(only.deployment),
    list: { tools },
    find: (name) => entries.get(name),
  };
}

function listed(
  name: string,
  { title, description, inputSchema, annotations, outputSchema, _meta }: CatalogTool,
): Tool {
  return {
    name,
    title,
    description,
    // `loadApi` saw to it that the root is an object schema; the SDK's type wants that said.
    inputSchema: inputSchema as Tool["inputSchema"],
    annotations,
    ...(outputSchema && { outputSchema }),
    ...(_meta && { _meta: { ..._meta } }),
  };
}

function mergedInstructions(apis: readonly ServedApi[]): string {
  return apis
    .map(({ deployment }) => {
      const { name } = deployment.api.definition;
      return `${titleFor(deployment)}, tools ${name}_…:\n${instructionsFor(deployment)}`.trim();
    })
    .join("\n\n");
}

function refuseUnusable(name: string, entries: ReadonlyMap<string, TableEntry>): void {
  if (name.length > MAX_NAME) {
    throw new StartError(
      `the merged name ${name} is longer than the ${MAX_NAME} characters that hosts accept`,
      "serve this API alone, or leave the tool out with --except",
    );
  }
  if (entries.has(name)) {
    throw new StartError(`two tools would be called ${name}`, "serve these APIs one at a time");
  }
}
