import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stepsOf } from "../../src/definition/tool.ts";
import type { ToolDefinition } from "../../src/runtime/define-tool.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { connect } from "../e2e/clients.ts";
import { ownEnvironment, serve } from "../e2e/server.ts";
import { bodyProperties } from "./body-schema.ts";
import { type Callee, callInVariants, type CallReport } from "./calls.ts";
import { asRaw, type Raw, readOperations } from "./description.ts";
import { faultsOf } from "./listing.ts";
import { API, type CorpusProject, corpusProject } from "./project.ts";
import { startRecorder } from "./recorder.ts";
import { type CorpusSpec, ROOT } from "./specs.ts";
import { countUnknowns, type Unknowns } from "./unknowns.ts";

/** What a description came to. */
export interface SpecReport {
  readonly spec: CorpusSpec;
  readonly tools: number;
  /** How often each code of the generator was said. */
  readonly problems: Readonly<Record<string, number>>;
  /** Operations that are no tools. */
  readonly withoutTool: readonly string[];
  /** What `init` says of operations that it could not make tools of. */
  readonly reasons: readonly string[];
  readonly unknowns: Unknowns;
  /** Of `init` and `generate` together. */
  readonly seconds: number;
  readonly bytes: number;
  readonly calls: readonly CallReport[];
  /** What must not be: a crash, an error of the compiler, a client that cannot list. */
  readonly faults: readonly string[];
}

/** Takes a description all the way, from `init` to the last call. */
export async function checkSpec(spec: CorpusSpec, progress: (message: string) => void): Promise<SpecReport> {
  const project = corpusProject(spec);
  try {
    return await checkIn(project, spec, progress);
  } finally {
    project.remove();
  }
}

async function checkIn(
  project: CorpusProject,
  spec: CorpusSpec,
  progress: (message: string) => void,
): Promise<SpecReport> {
  const nothing = {
    spec,
    tools: 0,
    problems: {},
    withoutTool: [],
    reasons: [],
    unknowns: { nodes: 0, unknown: 0, places: [] },
    bytes: 0,
    calls: [],
  };
  progress("init");
  const init = await project.run(["init", project.description, "--name", API, "--all", "--yes"]);
  if (spec.operations === 0) {
    // Nothing in it can be a tool: that has to be said, as a fault of the file and not as a crash.
    const faults = init.code === 1 ? [] : [`init ended with ${init.code}: ${init.note}`];
    return { ...nothing, seconds: init.seconds, problems: codesIn(init.note), faults };
  }
  if (init.code !== 0)
    return { ...nothing, seconds: init.seconds, faults: [`init ended with ${init.code}: ${init.note.slice(0, 2000)}`] };
  progress("generate");
  const generate = await project.run(["generate"]);
  const seconds = init.seconds + generate.seconds;
  const problems = codesIn(generate.note);
  if (generate.code !== 0)
    return {
      ...nothing,
      seconds,
      problems,
      faults: [`generate ended with ${generate.code}: ${generate.note.slice(0, 4000)}`],
    };
  progress("tsc");
  const types = await project.typeCheck();
  const faults = types.code === 0 ? [] : [`tsc: ${types.out.slice(0, 2000)}${types.note}`];
  const callees = await calleesOf(project, spec);
  const tools = callees.tools.length;
  const unknowns = sumUnknowns(callees.found);
  const { calls, faults: served } = await callAll(project, callees, progress);
  const bytes = project.bytes();
  return {
    spec,
    tools,
    problems,
    withoutTool: callees.withoutTool,
    reasons: project.reasons(),
    unknowns,
    seconds,
    bytes,
    calls,
    faults: [...faults, ...served],
  };
}

/** `warning[MISSING_TYPE]: …` → { MISSING_TYPE: 1 } */
function codesIn(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, code = ""] of text.matchAll(/^(?:error|warning)\[([A-Z_]+)\]/gm))
    counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

interface Callees {
  /** Names. */
  readonly servers: readonly string[];
  readonly tools: readonly ToolDefinition[];
  readonly found: readonly Callee[];
  readonly withoutTool: readonly string[];
}

/** The generated tools, each with the operation in the description that it calls. */
async function calleesOf(project: CorpusProject, spec: CorpusSpec): Promise<Callees> {
  const { definition, catalog } = await loadApi(project.generated, pathToFileURL(join(ROOT, "dist/runtime.js")).href);
  const schemas = new Map(catalog.tools.map(({ name, inputSchema }) => [name, inputSchema]));
  const modules = await Promise.all(Object.values(definition.tools).map(async (load) => await load()));
  const tools = modules.flatMap((module) => Object.values(module).filter(isTool));
  const operations = readOperations(spec.file);
  const wanted = project.operations();
  const hidden = project.hidden();
  const found = tools.flatMap((tool): Callee[] => {
    const operation = wanted.get(tool.name) ?? "";
    const raw = operations.get(operation);
    if (!raw) return [];
    const comparable = { ...raw, path: templateOf(tool, raw.path), parameters: shownOf(raw, hidden) };
    return [{ tool, inputSchema: schemas.get(tool.name) ?? {}, operation, raw: comparable, hidden }];
  });
  const called = new Set(found.map(({ operation }) => operation));
  const servers = Object.keys(definition.servers);
  return { tools, found, servers, withoutTool: [...operations.keys()].filter((operation) => !called.has(operation)) };
}

/** A path that is no template of OpenAPI means nothing to another serialiser: it gets what we read it as. */
function templateOf(tool: ToolDefinition, path: string): string {
  const foreign = /\{[^{}]*[:=*?+][^{}]*\}|\/[*:]\w|\?\w+=\{/.test(path);
  const { path: read } = asRaw(stepsOf(tool)[0]?.calls[0]?.request);
  return foreign && typeof read === "string" ? read : path;
}

/** What proves who calls is added by the credential, and left out of what is compared. */
function shownOf({ parameters }: Callee["raw"], hidden: ReadonlySet<string>): Callee["raw"]["parameters"] {
  return parameters.filter((one) => one["in"] === "path" || !hidden.has(String(one["name"])));
}

function isTool(value: unknown): value is ToolDefinition {
  return typeof value === "object" && value !== null && "input" in value && "name" in value;
}

function sumUnknowns(callees: readonly Callee[]): Unknowns {
  const all = callees.map(({ tool, raw }) => {
    const shape = asRaw(asRaw(tool.input)["shape"]);
    const places = [...schemasByArgument(tool, raw)].filter(([argument]) => Object.hasOwn(shape, argument));
    return countUnknowns(
      raw,
      places.map(([argument, schema]) => ({
        schema,
        zods: [shape[argument] as never],
        place: `${tool.name}/${argument}`,
      })), // Zod's own
    );
  });
  return {
    nodes: all.reduce((sum, { nodes }) => sum + nodes, 0),
    unknown: all.reduce((sum, { unknown }) => sum + unknown, 0),
    places: all.flatMap(({ places }) => places).slice(0, 40),
  };
}

/** The description's schema of each argument, by the request that it fills. */
function schemasByArgument(tool: ToolDefinition, raw: Callee["raw"]): Map<string, unknown> {
  const request = asRaw(stepsOf(tool)[0]?.calls[0]?.request);
  const found = new Map<string, unknown>();
  const places = { pathParameters: "path", query: "query", header: "header", cookie: "cookie" };
  for (const [place, where] of Object.entries(places)) {
    for (const [name, entry] of Object.entries(asRaw(request[place]))) {
      const parameter = raw.parameters.find((one) => one["in"] === where && one["name"] === name);
      const argument = argumentIn(asRaw(entry)["value"] ?? entry);
      if (parameter && argument !== undefined) found.set(argument, schemaOf(parameter));
    }
  }
  const body = asRaw(request["body"]);
  const [contentType] = [body["contentType"] ?? "application/json"].flat();
  for (const [name, property] of bodyProperties(raw, String(contentType))) {
    const argument = argumentIn(asRaw(body["payload"])[name]);
    if (argument !== undefined) found.set(argument, property.schema);
  }
  return found;
}

function schemaOf(parameter: Raw): unknown {
  const [media] = Object.values(asRaw(parameter["content"]));
  return parameter["schema"] ?? asRaw(media)["schema"] ?? parameter;
}

function argumentIn(template: unknown): string | undefined {
  return typeof template === "string" ? /^\$inputs\.([A-Za-z_][A-Za-z0-9_-]*)$/.exec(template)?.[1] : undefined;
}

interface Called {
  readonly calls: readonly CallReport[];
  readonly faults: readonly string[];
}

/** Starts the server, lists with clients of both generations, calls every tool. */
async function callAll(
  project: CorpusProject,
  { tools, found, servers }: Callees,
  progress: (message: string) => void,
): Promise<Called> {
  const recorder = await startRecorder();
  const environment = ownEnvironment(project.environment());
  const calls: CallReport[] = [];
  const faults: string[] = [];
  try {
    progress("start");
    const redirected = servers.flatMap((name) => ["--server", `${name}=${recorder.url}`]);
    const server = await serve([API, ...redirected], environment, project.directory);
    try {
      for (const kind of ["SDK v1", "SDK v2, 2026-07-28"] as const) {
        const client = await connect(kind, { url: server.url });
        const listed = await client.tools();
        if (listed.length !== tools.length) faults.push(`${kind} lists ${listed.length} of ${tools.length} tools`);
        if (kind === "SDK v1") faults.push(...faultsOf(listed));
        await client.close();
      }
      const client = await connect("SDK v2, 2026-07-28", { url: server.url });
      for (const [index, callee] of found.entries()) {
        if (index % 20 === 0) progress(`calls ${index}/${found.length}`);
        calls.push(...(await callInVariants({ client, recorder }, callee)));
      }
      await client.close();
    } finally {
      await server.stop();
    }
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await recorder.close();
  }
  return { calls, faults };
}
