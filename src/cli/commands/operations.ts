import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { readToolsFile } from "../../generator/tools-file/read-tools-file.ts";
import { specOptions } from "../../generator/tools-file/spec-options.ts";
import type { ApiEntry } from "../../generator/tools-file/tools-file.ts";
import { findOperation } from "../../spec/find-operation.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import type { OperationEntry } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { defineCommand, UsageError } from "../command.ts";
import { projectAt } from "../project.ts";
import { showProblems } from "../problems.ts";
import { columns, paint, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "API|SPEC [--unused] [--json]",
  about: `Lists what a spec offers: every operation with its method, path and id, and the tools of the allowlist that use it. Name an API
of tools.yaml, or any OpenAPI file.`,
  options: {
    unused: { type: "boolean", help: "only operations that no tool uses" },
    json: { type: "boolean", help: "as JSON, for a script" },
    config: { type: "string", value: "FILE", help: "the project's tools.yaml (default: here)" },
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
    const project = projectAt(values.config);
    const { api, file, diagnostics } = await locateSpec(project.directory, project.configFile, target);
    const directory = api ? project.directory : resolve(".");
    const loaded = await loadSpec(
      api ? specOptions(directory, api) : { projectDir: directory, file, at: { file, pointer: "" } },
    );
    const problems = [...diagnostics, ...loaded.diagnostics];
    if (problems.length > 0) showProblems(problems, directory, terminal);
    if (!loaded.spec) return 1;
    const users = usersOf(loaded.spec, api);
    const entries = loaded.spec.entries.filter((entry) => !values.unused || !users.has(entry));
    terminal.out(values.json ? asJson(entries, users) : asTable(loaded.spec, entries, users, terminal));
    return 0;
  },
});

/** The file behind a name: the spec of an API of tools.yaml, or a path. */
async function locateSpec(
  directory: string,
  configFile: string,
  target: string,
): Promise<{ readonly api: ApiEntry | undefined; readonly file: string; readonly diagnostics: readonly Diagnostic[] }> {
  const looksLikeFile = /\.(ya?ml|json)$/i.test(target);
  if (looksLikeFile) return { api: undefined, file: relative(resolve("."), resolve(target)), diagnostics: [] };
  if (!existsSync(resolve(directory, configFile))) {
    throw new UsageError(
      `operations: "${target}" is no OpenAPI file (.yaml, .yml, .json), and there is no ${configFile} here that could name it`,
    );
  }
  const { config, diagnostics } = await readToolsFile(directory, configFile);
  const api = config?.apis.find(({ name }) => name === target);
  if (api) return { api, file: api.settings.spec, diagnostics: [] };
  if (diagnostics.length > 0) return { api: undefined, file: target, diagnostics };
  throw new UsageError(
    `operations: ${configFile} names no API "${target}"; it names ${config?.apis.map(({ name }) => name).join(", ")}`,
  );
}

/** Which tools use an operation. */
function usersOf(spec: Spec, api: ApiEntry | undefined): ReadonlyMap<OperationEntry, readonly string[]> {
  const users = new Map<OperationEntry, string[]>();
  for (const { name, settings } of api?.tools ?? []) {
    const references = settings.routes?.map(({ operation }) => operation) ?? [settings.operation ?? ""];
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
  const style = paint(terminal);
  const { title, version, format } = spec.summary;
  const rows = entries.map((entry) => [
    entry.method,
    entry.path,
    entry.operationId ?? "-",
    (users.get(entry) ?? []).join(", "),
  ]);
  const used = spec.entries.filter((entry) => users.has(entry)).length;
  const count = `${spec.entries.length} operations${users.size > 0 ? `, ${used} used` : ""}`;
  return `${style.bold(title)} ${version} (${format}): ${count}\n\n${columns([["method", "path", "operationId", "tools"].map((head) => style.dim(head)), ...rows])}`;
}

function asJson(entries: readonly OperationEntry[], users: ReadonlyMap<OperationEntry, readonly string[]>): string {
  const rows = entries.map((entry) => {
    const { method, path, operationId, summary, tags } = entry;
    return { method, path, operationId, summary, tags, tools: users.get(entry) ?? [] };
  });
  return JSON.stringify(rows, null, 2);
}
