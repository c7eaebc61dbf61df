import { dirname, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { operationsNamedBy } from "../../generator/plan/units.ts";
import { readToolsFile } from "../../generator/tools-file/read-tools-file.ts";
import { specOptions } from "../../generator/tools-file/spec-options.ts";
import type { ApiEntry } from "../../generator/tools-file/tools-file.ts";
import { didYouMean } from "../../definition/nearest.ts";
import { findOperation } from "../../spec/find-operation.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import type { OperationEntry } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { SERVING_CONFIG } from "../options.ts";
import { defineCommand, UsageError } from "../command.ts";
import { type Project, servingProject } from "../project.ts";
import { showProblems } from "../problems.ts";
import { columns, paintOut, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "API|SPEC [--unused] [--json]",
  about: `Lists what a spec offers: every operation with its method, path and id, and the tools of the allowlist that use it. Name an API
of tools.yaml, or any OpenAPI file.`,
  options: {
    unused: { type: "boolean", help: "only operations that no tool uses" },
    json: { type: "boolean", help: "as JSON, for a script" },
    config: SERVING_CONFIG,
  },
  examples: [
    ["toolwright operations {api}", "what the allowlist uses, and what it leaves out"],
    ["toolwright operations {api} --unused", "what could still be allowed"],
    ["toolwright operations ./vendor.yaml", "any OpenAPI file"],
  ],
  async run({ positionals, values, terminal }) {
    const [target, ...others] = positionals;
    if (target === undefined || others.length > 0)
      throw new UsageError("operations: name one API of tools.yaml, or one OpenAPI file");
    const project = servingProject(values.config);
    const place = await locateSpec(project, target);
    if ("problems" in place) {
      showProblems(place.problems, project.directory, terminal, { writes: false });
      return 1;
    }
    const { api, directory, file } = place;
    const named = { projectDir: directory, file, at: { file, pointer: "" } };
    const loaded = await loadSpec(api ? specOptions(directory, api) : named);
    if (loaded.diagnostics.length > 0) showProblems(loaded.diagnostics, directory, terminal, { writes: false });
    if (!loaded.spec) return 1;
    const users = usersOf(loaded.spec, api);
    const entries = loaded.spec.entries.filter((entry) => !values.unused || !users.has(entry));
    terminal.out(values.json ? asJson(entries, users) : asTable(loaded.spec, entries, users, terminal));
    return 0;
  },
});

/** Where a description is. */
interface SpecPlace {
  /** Undefined: a file that no allowlist names. */
  readonly api: ApiEntry | undefined;
  readonly directory: string;
  /** Relative to the directory. */
  readonly file: string;
}

/** The file behind a name: the spec of an API of tools.yaml, or a path. What is wrong with tools.yaml, when it hides the API. */
async function locateSpec(
  { directory, configFile }: Project,
  target: string,
): Promise<SpecPlace | { readonly problems: readonly Diagnostic[] }> {
  if (/\.(ya?ml|json)$/i.test(target)) {
    // A description elsewhere may refer to files beside it, and to nothing else of this machine.
    const path = resolve(target);
    const folder = path.startsWith(`${resolve(".")}${sep}`) ? resolve(".") : dirname(path);
    return { api: undefined, directory: folder, file: relative(folder, path).replaceAll(sep, "/") };
  }
  const { config, diagnostics } = await readToolsFile(directory, configFile);
  const apis = config?.apis ?? [];
  const api = apis.find(({ name }) => name === target);
  if (api) return { api, directory, file: api.settings.spec ?? configFile };
  if (diagnostics.some(({ severity }) => severity === "error")) return { problems: diagnostics };
  const names = apis.map(({ name }) => name);
  throw new UsageError(
    `operations: ${configFile} names no API "${target}"${didYouMean(target, names) || `; it names ${names.join(", ")}`}`,
  );
}

/** Which tools use an operation. */
function usersOf(spec: Spec, api: ApiEntry | undefined): ReadonlyMap<OperationEntry, readonly string[]> {
  const users = new Map<OperationEntry, string[]>();
  for (const tool of api?.tools ?? []) {
    const { name } = tool;
    const references = api ? operationsNamedBy(api, tool).map(({ reference }) => reference) : [];
    for (const entry of new Set(references.flatMap((reference) => findOperation(spec, reference)))) {
      users.set(entry, [...(users.get(entry) ?? []), name]);
    }
  }
  return users;
}

function asTable(
  spec: Spec,
  entries: readonly OperationEntry[],
  users: ReadonlyMap<OperationEntry, readonly string[]>,
  terminal: Terminal,
): string {
  const style = paintOut(terminal);
  const { title, version, format } = spec.summary;
  const rows = entries.map((entry) => [
    entry.method,
    entry.path,
    entry.operationId ?? "-",
    (users.get(entry) ?? []).join(", "),
  ]);
  const used = spec.entries.filter((entry) => users.has(entry)).length;
  const count = `${spec.entries.length} operations${users.size > 0 ? `, ${used} used` : ""}`;
  const heading = `${style.bold(title)} ${version} (${format}): ${count}`;
  if (rows.length === 0) return heading;
  return `${heading}\n\n${columns([["method", "path", "operationId", "tools"].map((head) => style.dim(head)), ...rows])}`;
}

function asJson(entries: readonly OperationEntry[], users: ReadonlyMap<OperationEntry, readonly string[]>): string {
  const rows = entries.map((entry) => {
    const { method, path, operationId, summary, tags } = entry;
    return { method, path, operationId, summary, tags, tools: users.get(entry) ?? [] };
  });
  return JSON.stringify(rows, null, 2);
}
