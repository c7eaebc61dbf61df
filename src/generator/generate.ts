import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../definition/catalog.ts";
import { grouped } from "../definition/grouped.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { overBudget } from "../diagnostics/messages.ts";
import { loadSpec } from "../spec/load-spec.ts";
import { relocate } from "../spec/overlay/patches.ts";
import type { Spec } from "../spec/spec.ts";
import { catalogOf } from "./emit/catalog.ts";
import { emit } from "./emit/emit.ts";
import { emitEnvExample } from "./emit/env-example.ts";
import { plan } from "./plan/plan.ts";
import type { ApiPlan } from "./plan/tool-plan.ts";
import { compareSurface, type SurfaceChange } from "./surface/compare.ts";
import { keyOf } from "./tools-file/origin.ts";
import { readToolsFile } from "./tools-file/read-tools-file.ts";
import { specOptions } from "./tools-file/spec-options.ts";
import type { ToolsFile } from "./tools-file/tools-file.ts";
import { version } from "./version.ts";
import { emitManifest } from "./write/manifest.ts";
import { ENV_EXAMPLE } from "./write/output-path.ts";
import { write, type WriteReport } from "./write/write.ts";

/** A stage whose outcome can be looked at. */
export type Stage = "documents" | "operations" | "plan" | "files";

/** What to generate, and how. */
export interface GenerateOptions {
  /** Folder of the project. */
  readonly projectDir: string;
  /** Relative to the project. Default: `tools.yaml`. */
  readonly configFile?: string;
  /** Writes nothing; a file that would change is an error. */
  readonly check?: boolean;
  /** Only these APIs. Default: all. */
  readonly only?: readonly string[];
  /** Hands back what this stage came to, and writes nothing. */
  readonly dump?: Stage;
  /** Told what is being done, for work that takes long. */
  readonly progress?: (message: string) => void;
}

/** What a run came to. */
export interface GenerateResult {
  /** All problems of the run. With an error among them nothing was written. */
  readonly diagnostics: readonly Diagnostic[];
  /** Everything that was emitted, path → text, the manifests included; empty after an error of an earlier stage. */
  readonly files: ReadonlyMap<string, string>;
  /** Undefined after an error, or with `dump`. */
  readonly written: WriteReport | undefined;
  /** What changed for the model, one for each API; empty when nothing was emitted. */
  readonly surface: readonly SurfaceChange[];
  /** With `dump`: what the stage came to, as JSON; undefined when an error kept the run from getting there. */
  readonly dumped: unknown;
  /** Descriptions as they were read, by project-relative path, so that nobody reads megabytes again for an excerpt. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names of `only` that tools.yaml does not have. */
  readonly unknownApis: readonly string[];
}

/** Runs the pipeline: load, resolve, plan, emit, write. Nothing is printed and nothing is thrown for what is wrong in the user's files. */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { projectDir, configFile = "tools.yaml", only, dump, progress = () => {} } = options;
  const read = await readToolsFile(projectDir, configFile);
  const known = read.config?.apis.map(({ name }) => name) ?? [];
  const unknownApis = read.config ? (only ?? []).filter((name) => !known.includes(name)) : [];
  const none = { files: new Map<string, string>(), written: undefined, surface: [], dumped: undefined, unknownApis };
  if (!read.config || unknownApis.length > 0) return { ...none, texts: new Map(), diagnostics: read.diagnostics };

  const config = { ...read.config, apis: read.config.apis.filter(({ name }) => only?.includes(name) ?? true) };
  const loaded = await loadSpecs(projectDir, config, progress);
  const nothing = { ...none, texts: textsOf(loaded.specs) };
  const dumpedSpecs = dump && dumpSpecs(dump, loaded.specs);
  progress("planning the tools");
  const planned = plan(config, loaded.specs);
  const ofPlan = planned.diagnostics.map((problem) => atOverlays(problem, loaded.specs));
  const diagnostics = [...read.diagnostics, ...loaded.diagnostics, ...ofPlan];
  if (dumpedSpecs) return { ...nothing, diagnostics, dumped: dumpedSpecs };
  if (diagnostics.some(({ severity }) => severity === "error")) return { ...nothing, diagnostics };
  if (dump === "plan") return { ...nothing, diagnostics, dumped: planned.apis };

  const { files: modules, surface } = await emitAll(projectDir, planned.apis, progress);
  const variables = only === undefined ? emitEnvExample(planned.apis) : undefined; // of some APIs it would say half
  const files = new Map([...(variables === undefined ? [] : [[ENV_EXAMPLE, variables] as const]), ...modules]);
  if (dump === "files") return { ...nothing, diagnostics, files, surface, dumped: Object.fromEntries(files) };
  diagnostics.push(...overBudgets(surface, config));
  const written = await write(projectDir, files, { check: options.check ?? false, complete: only === undefined });
  return { ...nothing, diagnostics: [...diagnostics, ...written.diagnostics], files, surface, written };
}

interface LoadedSpecs {
  /** By the name of the API. */
  readonly specs: ReadonlyMap<string, Spec>;
  readonly diagnostics: readonly Diagnostic[];
}

async function loadSpecs(
  projectDir: string,
  config: ToolsFile,
  progress: (message: string) => void,
): Promise<LoadedSpecs> {
  const specs = new Map<string, Spec>();
  const diagnostics: Diagnostic[] = [];
  const byFile = new Map<string, Spec | undefined>(); // two APIs may come from one description
  for (const entry of config.apis) {
    const { name, settings } = entry;
    const key = JSON.stringify([settings.spec, settings.overlays, settings.graphql]);
    if (!byFile.has(key)) {
      progress(`reading ${settings.spec ?? settings.graphql?.documents ?? name}`);
      const loaded = await loadSpec(specOptions(projectDir, entry));
      diagnostics.push(...loaded.diagnostics);
      byFile.set(key, loaded.spec);
    }
    const spec = byFile.get(key);
    if (spec) specs.set(name, spec);
  }
  return { specs, diagnostics };
}

function textsOf(specs: ReadonlyMap<string, Spec>): ReadonlyMap<string, string> {
  const read = [...specs.values()].flatMap(({ summary: { file }, source: { text } }) =>
    text === undefined ? [] : [[file, text] as const],
  );
  return new Map(read);
}

/** A problem with what an overlay wrote is shown in the overlay. */
function atOverlays(problem: Diagnostic, specs: ReadonlyMap<string, Spec>): Diagnostic {
  return [...specs.values()].reduce(
    (one, { summary: { file }, source: { patches } }) => relocate(one, { file, patches }),
    problem,
  );
}

function dumpSpecs(stage: Stage, specs: ReadonlyMap<string, Spec>): unknown {
  if (stage === "documents") {
    return Object.fromEntries([...specs].map(([api, spec]) => [api, Object.fromEntries(spec.source.documents.values)]));
  }
  return stage === "operations" ? Object.fromEntries([...specs].map(([api, spec]) => [api, spec.entries])) : undefined;
}

async function emitAll(
  projectDir: string,
  apis: readonly ApiPlan[],
  progress: (message: string) => void,
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly surface: readonly SurfaceChange[] }> {
  const files = new Map<string, string>();
  const surface: SurfaceChange[] = [];
  for (const api of apis) {
    progress(`printing ${api.tools.length} tools of ${api.name}`);
    const after = catalogOf(api.tools);
    const emitted = await emit(api, after);
    const folder = `generated/${api.name}`;
    const inputs = new Map(api.inputFiles.map((file) => [file, readFileSync(join(projectDir, file))]));
    for (const [file, text] of emitted) files.set(file, text);
    files.set(`${folder}/manifest.json`, emitManifest(version(), folder, { inputs, files: emitted.keys() }));
    surface.push(compareSurface(api.name, catalogIn(textOf(join(projectDir, folder, "catalog.json"))), after));
  }
  return { files, surface };
}

const MOST_TOKENS = 10_000; // a twentieth of what most models can hold, before anybody has said a word

/** The APIs whose tools cost more than they may. */
function overBudgets(surface: readonly SurfaceChange[], { apis }: ToolsFile): Diagnostic[] {
  return surface.flatMap(({ api, estimatedTokens, tools }) => {
    const entry = apis.find(({ name }) => name === api);
    const most = entry?.settings.budget?.tokens ?? MOST_TOKENS;
    if (!entry || estimatedTokens <= most) return [];
    const largest = [...tools].sort((one, other) => other.bytes - one.bytes).slice(0, 3);
    return [
      overBudget({
        at: keyOf(entry.origin),
        tokens: grouped(estimatedTokens),
        most: grouped(most),
        largest: largest.map(({ name }) => name),
      }),
    ];
  });
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The catalog in a text; undefined when it holds none, as when somebody edited it: then everything counts as new. */
function catalogIn(text: string | undefined): Catalog | undefined {
  try {
    const catalog: unknown = JSON.parse(text ?? "");
    const tools = typeof catalog === "object" && catalog !== null && "tools" in catalog ? catalog.tools : undefined;
    return Array.isArray(tools) ? (catalog as Catalog) : undefined; // what was generated; only names, words and sizes are read
  } catch {
    return undefined;
  }
}
