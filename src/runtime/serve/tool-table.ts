import type { ListToolsResult, Tool } from "@modelcontextprotocol/server";
import type { CatalogTool } from "../../definition/catalog.ts";
import type { Asking } from "../access/asking.ts";
import { mayUse } from "../access/scopes.ts";
import type { Deployment } from "../deployment.ts";
import type { ServedApi } from "../load/narrow.ts";
import { StartError } from "../load/start-error.ts";
import { instructionsFor, titleFor } from "./instructions.ts";

/** A tool that may be called: where, and by which name of its own. */
export interface TableEntry {
  readonly deployment: Deployment;
  readonly tool: string;
  /** As the model knows it. */
  readonly catalog: CatalogTool;
}

/** Everything that the servers of one endpoint share; worked out once, read by every request. */
export interface ToolTable {
  readonly name: string;
  readonly title: string;
  readonly instructions: string;
  /** The whole answer to `tools/list`, for one who may use all of it. */
  readonly list: ListToolsResult;
  /** Undefined: there is no such tool here, whatever the catalog says. */
  find(name: string): TableEntry | undefined;
}

/** What one request sees of a table. */
export interface TableView {
  readonly list: ListToolsResult;
  /** The same for everybody: then anybody's copy of the list will do for all. */
  readonly shared: boolean;
  find(name: string): TableEntry | undefined;
}

/** What of a table one who asks may know and use: a tool that is not for him is not there. */
export function viewOf(table: ToolTable, asking: Asking | undefined): TableView {
  const { narrowing, scopes, caller } = asking ?? {};
  const narrowed = narrowing !== undefined && (narrowing.readOnly || narrowing.only !== undefined);
  if (!narrowed && scopes === undefined) return { list: table.list, shared: true, find: (name) => table.find(name) };
  const find = (name: string) => {
    const entry = findNarrowed(table, name, asking);
    const allowed = entry && (scopes === undefined || mayUse(caller?.scopes ?? [], entry.catalog, scopes));
    return allowed ? entry : undefined;
  };
  return { list: { tools: table.list.tools.filter(({ name }) => find(name)) }, shared: false, find };
}

/** A tool that is there for a request, whether its caller may use it or not: what he may not use can be asked for. */
export function findNarrowed(table: ToolTable, name: string, asking: Asking | undefined): TableEntry | undefined {
  const entry = table.find(name);
  const { readOnly = false, only } = asking?.narrowing ?? {};
  if (!entry || (readOnly && entry.catalog.annotations.readOnlyHint !== true)) return undefined;
  return only === undefined || only.has(name) ? entry : undefined;
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
      entries.set(name, { deployment, tool: tool.name, catalog: tool });
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
