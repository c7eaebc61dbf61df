import type { Catalog, CatalogTool, SchemaObject } from "../../definition/catalog.ts";
import type { Deployment } from "../deployment.ts";
import { FILE_SCHEMA } from "../file.ts";
import { didYouMean } from "../../definition/nearest.ts";
import { StartError } from "./start-error.ts";

/** An API as it is served: where it runs, and which of its tools a model sees. */
export interface ServedApi {
  readonly deployment: Deployment;
  readonly tools: Catalog["tools"];
  /** Tools that are not served because variables are not set, and which. */
  readonly withheld: readonly Withheld[];
}

/** A tool that is not served here, and the variables that it lacks. */
export interface Withheld {
  readonly tool: string;
  readonly variables: readonly string[];
}

/** What an operator leaves of the catalog; each only takes away. */
export interface Narrowing {
  /** Only these tools. */
  readonly only?: readonly string[] | undefined;
  /** Not these tools; wins over `only`. */
  readonly except?: readonly string[] | undefined;
  /** The command that shows the names. Default: `toolwright tools`. */
  readonly listedBy?: string | undefined;
}

/**
 * Takes out of the catalogs what is not served here: writing tools when read-only, tools that the operator left out, and the `path` of
 * file arguments where no folder is open to them.
 *
 * @throws {StartError} when a name is no tool of any of the APIs, or when nothing is left.
 */
export function narrow(
  deployments: readonly Deployment[],
  { only, except, listedBy = "toolwright tools" }: Narrowing = {},
): readonly ServedApi[] {
  const names = deployments.flatMap(({ api }) => api.catalog.tools.map(({ name }) => name));
  for (const name of [...(only ?? []), ...(except ?? [])]) {
    if (names.includes(name)) continue;
    throw new StartError(`there is no tool "${name}"${didYouMean(name, names)}`, `see \`${listedBy}\` for the names`);
  }
  const served = deployments.map((deployment) => {
    const wanted = deployment.api.catalog.tools.filter((tool) => visible(tool, deployment.readOnly, only, except));
    const withheld = wanted.flatMap(({ name }): Withheld[] => {
      const variables = variablesLacking(deployment, name);
      return variables.length === 0 ? [] : [{ tool: name, variables }];
    });
    const tools = wanted
      .filter(({ name }) => !withheld.some(({ tool }) => tool === name))
      .map((tool) =>
        deployment.uploadRoots.length > 0 ? tool : { ...tool, inputSchema: withoutPaths(tool.inputSchema) },
      );
    return { deployment, tools, withheld };
  });
  refuseWithheld(served, only ?? []);
  if (served.every(({ tools }) => tools.length === 0)) {
    throw new StartError("no tool is left to serve", "give fewer of --read-only, --tools and --except");
  }
  return served;
}

/** The variables of a tool that are not set here. */
export function variablesLacking({ api, environment }: Deployment, tool: string): readonly string[] {
  const needs = api.definition.needs ?? {};
  const names = Object.hasOwn(needs, tool) ? (needs[tool] ?? []) : [];
  return names.filter((name) => !environment[name]); // an empty variable is one that is not set
}

/** Somebody who names a tool wants it, not silence. */
function refuseWithheld(served: readonly ServedApi[], only: readonly string[]): void {
  const lacking = served.flatMap(({ withheld }) => withheld).filter(({ tool }) => only.includes(tool));
  const [first] = lacking;
  if (!first) return;
  const names = [...new Set(lacking.flatMap(({ variables }) => variables))];
  throw new StartError(
    `the tool "${first.tool}" needs ${first.variables.join(", ")}, which ${first.variables.length === 1 ? "is" : "are"} not set`,
    `set ${names.length === 1 ? "it" : "them"} in the environment or in a file .env: ${names.map((name) => `${name}=…`).join(" ")}`,
    names,
  );
}

/** Read-only comes first: no list of names brings a writing tool back. */
function visible(
  tool: CatalogTool,
  readOnly: boolean,
  only: readonly string[] | undefined,
  except: readonly string[] | undefined,
): boolean {
  if (readOnly && tool.annotations.readOnlyHint !== true) return false;
  if (except?.includes(tool.name)) return false;
  return only?.includes(tool.name) ?? true;
}

/** Takes `path` out of every file argument of a schema; its content is then required. A schema without files stays the same object. */
function withoutPaths(schema: SchemaObject): SchemaObject {
  if (isFile(schema)) {
    return {
      ...schema,
      properties: {
        name: { type: "string", description: "File name." },
        base64: { type: "string", description: "Content." },
      },
      required: ["base64"],
    };
  }
  const changed = Object.entries(schema).filter(([, value]) => withoutPathsIn(value) !== value);
  if (changed.length === 0) return schema;
  return { ...schema, ...Object.fromEntries(changed.map(([keyword, value]) => [keyword, withoutPathsIn(value)])) };
}

function withoutPathsIn(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutPathsIn);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  // Any JSON object within a schema is a schema or a table of schemas, as far as this matters.
  return typeof value === "object" && value !== null ? withoutPaths(value as SchemaObject) : value;
}

/** Recognizes what `file()` is shown as, whatever description a parameter adds to it. */
function isFile(schema: SchemaObject): boolean {
  const properties = schema["properties"];
  if (typeof properties !== "object" || properties === null || !("base64" in properties)) return false;
  return JSON.stringify(properties) === JSON.stringify(FILE_SCHEMA["properties"]);
}
