import { posix } from "node:path";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { invalidSetting, noApis, toolsFileNotFound } from "../../diagnostics/messages.ts";
import { api, apiWithoutTools, toolsFrame } from "./api-schema.ts";
import { found, grammarAt, memberOf, type Grammar } from "./expectation.ts";
import { toolsJsonSchema, type SettingSchema } from "./json-schema.ts";
import { keyOf, within } from "./origin.ts";
import { parseYaml } from "./parse-yaml.ts";
import { readNamedFile } from "./project-file.ts";
import { isMisspelt, settingProblems } from "./setting-problems.ts";
import type { ApiEntry, TextSources, ToolEntry, ToolsFile } from "./tools-file.ts";
import { tool } from "./tool-schema.ts";

/** What reading tools.yaml came to. */
export interface ReadToolsFile {
  /** What fits the grammar; undefined when nothing of the file can be used. */
  readonly config: ToolsFile | undefined;
  readonly sources: TextSources;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is gathered while reading. */
interface Reading {
  readonly projectDir: string;
  readonly sources: Map<string, string>;
  readonly report: (...problems: readonly Diagnostic[]) => void;
}

/** Reads tools.yaml and the files of tools that it names. Every problem is reported; what is sound is handed on. */
export async function readToolsFile(projectDir: string, file = "tools.yaml"): Promise<ReadToolsFile> {
  const sources = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const reading: Reading = { projectDir, sources, report: (...problems) => diagnostics.push(...problems) };
  const origin = { file, pointer: "" };
  const data = await readYaml(file, origin, reading);
  if (data === undefined) return { config: undefined, sources, diagnostics };
  const apis = await readApis(data, origin, reading);
  return { config: apis && { apis, files: [...sources.keys()] }, sources, diagnostics };
}

/** What a file says; undefined when it cannot be read, which is reported. */
async function readYaml(named: string, at: Origin, { projectDir, sources, report }: Reading): Promise<unknown> {
  const file = posix.normalize(named);
  const read = await readNamedFile(projectDir, file, at);
  if ("problem" in read) {
    const isEntry = at.pointer === "" && read.problem.code === "FILE_NOT_FOUND";
    report(isEntry ? toolsFileNotFound({ at }) : read.problem);
    return undefined;
  }
  sources.set(file, read.text);
  const parsed = parseYaml(read.text, file);
  if (!parsed.problems) return parsed.data ?? null;
  report(...parsed.problems);
  return undefined;
}

async function readApis(data: unknown, origin: Origin, reading: Reading): Promise<readonly ApiEntry[] | undefined> {
  const named = memberOf(data, "apis");
  if (data === null || (isMapping(named) && Object.keys(named).length === 0)) {
    reading.report(noApis({ at: named === undefined ? origin : within(origin, "apis") }));
    return undefined;
  }
  // The frame, each API and each tool are checked by themselves: a slip in one hides no problem of another.
  let made: SettingSchema | undefined;
  const root = (): SettingSchema => (made ??= toolsJsonSchema()); // takes 50 ms: only when there is something to tell
  const frame = toolsFrame.safeParse(data);
  if (!frame.success) {
    reading.report(...settingProblems(frame.error.issues, { data, origin, grammar: { root: root(), node: root() } }));
  }
  const entries = isMapping(named) ? Object.entries(named) : [];
  const apis: ApiEntry[] = [];
  for (const [name, settings] of entries) {
    const entry = await readApi({ name, data: settings, origin: within(origin, "apis", name), root }, reading);
    if (entry) apis.push(entry);
  }
  return apis.length > 0 ? apis : undefined;
}

/** Something of tools.yaml that has a name: an API or a tool. */
interface Named {
  readonly name: string;
  readonly data: unknown;
  readonly origin: Origin;
  /** The published grammar, made when it is first asked for. */
  readonly root: () => SettingSchema;
}

async function readApi({ name, data, origin, root }: Named, reading: Reading): Promise<ApiEntry | undefined> {
  const { tools: listed, ...others } = isMapping(data) ? data : { tools: {} };
  const settings = apiWithoutTools.safeParse(isMapping(data) ? others : data);
  const undescribed = settings.success && settings.data.spec === undefined && !settings.data.graphql;
  if (undescribed) {
    const problem = { kind: "missing key", key: "spec", example: "spec: specs/acme/openapi.yaml" } as const;
    reading.report(invalidSetting({ at: keyOf(origin), problem }));
  }
  if (!settings.success) {
    const whole = { root: root(), node: root() };
    const grammar: Grammar = { root: root(), node: grammarAt(whole, { apis: { [name]: data } }, ["apis", name]) };
    reading.report(...settingProblems(settings.error.issues, { data, origin, grammar }));
  }
  const place = await placeOfTools(listed, within(origin, "tools"), reading);
  if (!place) return undefined;
  if (!isMapping(place.data)) {
    const missing = { kind: "missing key", key: "tools", example: "tools: specs/acme/tools.yaml" } as const;
    const wrong = {
      kind: "wrong value",
      expected: "a mapping of tools by name",
      got: found(place.data),
      example: "list_tickets: { operation: GET /tickets }",
    } as const;
    const absent = place.data === undefined;
    const misspelt = absent && isMisspelt("tools", Object.keys(others), Object.keys(api.shape));
    if (!misspelt) {
      reading.report(invalidSetting({ at: absent ? keyOf(origin) : place.origin, problem: absent ? missing : wrong }));
    }
    return undefined;
  }
  const tools = Object.entries(place.data).map(([tool, entry]) =>
    readTool({ name: tool, data: entry, origin: within(place.origin, tool), root }, reading),
  );
  if (!settings.success || undescribed) return undefined;
  return {
    name,
    origin,
    settings: settings.data,
    tools: tools.filter((tool) => typeof tool !== "string"),
    brokenTools: tools.filter((tool) => typeof tool === "string"),
    toolsOrigin: place.origin,
    files: [...new Set([origin.file, place.origin.file])],
  };
}

/** Where the tools stand: here, or in the file that is named. Undefined when that cannot be read, which is reported. */
async function placeOfTools(
  listed: unknown,
  at: Origin,
  reading: Reading,
): Promise<{ readonly data: unknown; readonly origin: Origin } | undefined> {
  if (typeof listed !== "string") return { data: listed, origin: at };
  const data = await readYaml(listed, at, reading);
  return data === undefined ? undefined : { data, origin: { file: posix.normalize(listed), pointer: "" } };
}

/** A tool whose settings fit the grammar; otherwise its name, and what is wrong is reported. */
function readTool({ name, data, origin, root }: Named, { report }: Reading): ToolEntry | string {
  const settings = tool.safeParse(data);
  if (settings.success) return { name, origin, settings: settings.data };
  if (Object.hasOwn(tool.shape, name) && !isMapping(data)) {
    report(invalidSetting({ at: keyOf(origin), problem: { kind: "misplaced key", key: name, of: "tool" } }));
    return name;
  }
  if (!isMapping(data)) {
    const meant = typeof data === "string" && !/[{}]/.test(data) ? data : "GET /tickets";
    const example = `${name}: { operation: ${meant} }`;
    const problem = { kind: "wrong value", expected: "a mapping", got: found(data), example } as const;
    report(invalidSetting({ at: origin, problem }));
    return name;
  }
  const whole = { root: root(), node: { $ref: "#/definitions/tools" } };
  const grammar: Grammar = { root: root(), node: grammarAt(whole, { [name]: data }, [name]) };
  report(...settingProblems(settings.error.issues, { data, origin, grammar }));
  return name;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
