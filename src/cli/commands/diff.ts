import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { locate } from "../../diagnostics/locate.ts";
import type { Change, Weight } from "../../generator/compare/change.ts";
import { compareSpecs } from "../../generator/compare/compare-specs.ts";
import { readToolsFile } from "../../generator/tools-file/read-tools-file.ts";
import { specOptions } from "../../generator/tools-file/spec-options.ts";
import type { ApiEntry } from "../../generator/tools-file/tools-file.ts";
import { type LoadOptions, loadSpec, withGraphqlOf } from "../../spec/load-spec.ts";
import type { Spec } from "../../spec/spec.ts";
import { defineCommand, UsageError } from "../command.ts";
import { projectAt, type Project } from "../project.ts";
import { showProblems } from "../problems.ts";
import { paint, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "--spec NEW [API] [--json]",
  about: `Tells what a newer description of a vendor changes for the tools that are allowed, before anything is replaced: what breaks
them first (an operation or a field that is gone, an argument that is required or takes less, another credential), then
what is new, then what is only worded differently. Exit code 1 when something breaks. Nothing is written.`,
  options: {
    spec: { type: "string", value: "NEW", help: "the newer description, a file" },
    json: { type: "boolean", help: "as JSON, for a script" },
    config: { type: "string", value: "FILE", help: "the project's tools.yaml (default: here)" },
  },
  examples: [
    ["toolwright diff --spec ~/Downloads/openapi.yaml {api}", "may I replace the description?"],
    ["toolwright diff --spec new.json --json | jq '.[] | select(.weight == \"breaking\")'", "in CI"],
  ],
  async run({ positionals, values, terminal }) {
    const [named, ...others] = positionals;
    if (values.spec === undefined || others.length > 0)
      throw new UsageError("diff: name the newer description with --spec, and one API at most");
    if (!existsSync(values.spec)) throw new UsageError(`diff: there is no file ${values.spec}`);
    const project = projectAt(values.config);
    const entry = await chooseApi(project, named, terminal);
    if (!entry) return 1;
    const path = resolve(values.spec);
    if (entry.settings.spec === undefined)
      throw new UsageError(`diff: ${entry.name} has GraphQL documents alone; there is no description to compare with`);
    const now = specOptions(project.directory, entry);
    const before = await load(now, project.directory, terminal);
    const newer: LoadOptions = {
      projectDir: dirname(path),
      file: basename(path),
      at: { file: basename(path), pointer: "" },
      overlays: (now.overlays ?? []).map((overlay) => ({ ...overlay, projectDir: project.directory })),
    };
    const after = await load(newer, project.directory, terminal);
    if (!before || !after) return 1;
    const changes = compareSpecs({ entry, before, after: withGraphqlOf(after, before) });
    const places = { before: placesIn(project.directory), after: placesIn(dirname(path)) };
    terminal.out(values.json ? asJson(changes, places) : asText(changes, { places, api: entry.name, terminal }));
    return changes.some(({ weight }) => weight === "breaking") ? 1 : 0;
  },
});

async function chooseApi(
  project: Project,
  named: string | undefined,
  terminal: Terminal,
): Promise<ApiEntry | undefined> {
  const { config, diagnostics } = await readToolsFile(project.directory, project.configFile);
  const apis = config?.apis ?? [];
  if (apis.length === 0 || diagnostics.some(({ severity }) => severity === "error")) {
    showProblems(diagnostics, project.directory, terminal);
    return undefined;
  }
  const names = apis.map(({ name }) => name).join(", ");
  if (named === undefined && apis.length > 1) throw new UsageError(`diff: say whose description it is: ${names}`);
  const entry = apis.find(({ name }) => name === (named ?? apis[0]?.name));
  if (!entry) throw new UsageError(`diff: ${project.configFile} has no API "${named ?? ""}"; it has ${names}`);
  return entry;
}

/** Overlays mend the newer description as they mend the one in use; one that does not fit it is told. */
async function load(options: LoadOptions, overlaysIn: string, terminal: Terminal): Promise<Spec | undefined> {
  const { spec, diagnostics } = await loadSpec(options);
  const ofOverlays = diagnostics.filter(({ at }) => options.overlays?.some(({ file }) => file === at.file));
  const others = diagnostics.filter((one) => !ofOverlays.includes(one));
  if (ofOverlays.length > 0) showProblems(ofOverlays, overlaysIn, terminal);
  if (!spec && others.length > 0) showProblems(others, options.projectDir, terminal);
  return spec;
}

type Places = Readonly<Record<"before" | "after", (origin: Origin) => string>>;

/** Writes places as `file:line:column`, relative to where the command was called. */
function placesIn(directory: string): (origin: Origin) => string {
  const texts = new Map<string, string>();
  return ({ file, pointer, key }) => {
    const path = join(directory, file);
    const text = texts.get(file) ?? (existsSync(path) ? readFileSync(path, "utf8") : "");
    texts.set(file, text);
    const place = locate(text, file, pointer, key);
    const shown = relative(resolve("."), path);
    return place ? `${shown}:${place.line}:${place.column}` : `${shown}#${pointer}`;
  };
}

function asJson(changes: readonly Change[], places: Places): string {
  const rows = changes.map(({ before, after, ...change }) => ({
    ...change,
    ...(before && { before: places.before(before) }),
    ...(after && { after: places.after(after) }),
  }));
  return JSON.stringify(rows, null, 2);
}

interface Shown {
  readonly places: Places;
  readonly api: string;
  readonly terminal: Terminal;
}

function asText(changes: readonly Change[], { places, api, terminal }: Shown): string {
  const style = paint(terminal);
  if (changes.length === 0) return style.green(`${api}: nothing changes for the tools that are allowed`);
  const colour: Readonly<Record<Weight, (text: string) => string>> = {
    breaking: (text) => style.red(text),
    additive: (text) => style.green(text),
    wording: (text) => style.dim(text),
  };
  const blocks = changes.map(({ weight, tool, message, before, after, fix }) =>
    [
      `${colour[weight](weight)}: ${tool === undefined ? message : `${style.bold(tool)}: ${message}`}`,
      ...(before ? [`  --> ${places.before(before)}`] : []),
      ...(after ? [`  --> ${places.after(after)}`] : []),
      `  fix: ${fix}`,
    ].join("\n"),
  );
  const counts = (["breaking", "additive", "wording"] as const).map(
    (weight) => `${changes.filter((change) => change.weight === weight).length} ${weight}`,
  );
  return `${blocks.join("\n\n")}\n\n${api}: ${counts.join(", ")}`;
}
