import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../definition/catalog.ts";
import { UserError } from "./command.ts";
import {
  apiDirectories,
  type GeneratedApi,
  generatedApis,
  type Project,
  sandboxFileOf,
  servingProject,
} from "./project.ts";

/** A generated API with what the model sees of it. */
export interface CatalogedApi extends GeneratedApi {
  readonly catalog: Catalog;
}

/** The catalogs of the named APIs (all of the project when none is named). */
export function catalogsOf(project: Project, names: readonly string[]): readonly CatalogedApi[] {
  return apiDirectories(project, names).map((api) => ({ ...api, catalog: readCatalog(api.directory) }));
}

/** Only looked at, never served: `loadApi` holds a catalog against its schema before anything is. */
function readCatalog(directory: string): Catalog {
  const file = join(directory, "catalog.json");
  try {
    const catalog: unknown = JSON.parse(readFileSync(file, "utf8"));
    const tools = typeof catalog === "object" && catalog !== null && "tools" in catalog ? catalog.tools : undefined;
    if (Array.isArray(tools)) return catalog as Catalog; // written by `generate`, whose tests hold it against its schema
  } catch {
    // Not JSON, as after a merge: said below.
  }
  throw new UserError(`${file} is no catalog`, "run `toolwright generate` to write it again");
}

/** What examples speak of. */
export interface ExampleNames {
  /** An API of the project that is served from here. */
  readonly api: string;
  /** A tool of it that lists something without being told more. */
  readonly tool: string;
  /** Whether it has a stand-in. */
  readonly sandbox: boolean;
}

/** An API and a tool that are there, so that examples can be run as they stand. */
export function exampleNames(): ExampleNames {
  const project = servingProject(undefined);
  const [api] = generatedApis(project);
  const sandbox = api !== undefined && sandboxFileOf(project, api) !== undefined;
  try {
    const tools = api === undefined ? [] : (catalogsOf(project, [api])[0]?.catalog.tools ?? []);
    const lists = tools.find(
      ({ inputSchema: { properties, required } }) => "limit" in Object(properties) && required === undefined,
    );
    return { api: api ?? "acme", tool: lists?.name ?? tools[0]?.name ?? "list_tickets", sandbox };
  } catch {
    return { api: api ?? "acme", tool: "list_tickets", sandbox }; // help is there when everything else is broken
  }
}
