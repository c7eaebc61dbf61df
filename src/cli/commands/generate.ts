import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { generate, type GenerateResult, type Stage } from "../../generator/generate.ts";
import { isOther } from "../../generator/surface/compare.ts";
import { describeSurface } from "../../generator/surface/describe.ts";
import { defineCommand, UsageError } from "../command.ts";
import { showProblems } from "../problems.ts";
import { projectAt } from "../project.ts";
import { columns, paintOut, type Terminal } from "../terminal.ts";

const STAGES: readonly Stage[] = ["documents", "operations", "plan", "files"];
/** A tool of more tokens is worth a second look; the same figure for every API. */
const LARGE_TOKENS = 800;

export const command = defineCommand({
  usage: "[--check] [--only API] [--dump STAGE]",
  about: `Writes generated/ from tools.yaml and the specs that it names: one TypeScript module a tool, to be read in review and committed.
Everything that is wrong is reported at once, with its place and a fix, and then nothing is written. Ends with what
changed for the model: tools added and removed, arguments, and what each tool of such an API costs it.`,
  options: {
    check: { type: "boolean", help: "write nothing; exit 1 and show a diff when generated/ is not current" },
    only: { type: "string", multiple: true, value: "API", help: "only this API" },
    dump: { type: "string", value: "STAGE", help: `print what a stage came to as JSON: ${STAGES.join(", ")}` },
    config: { type: "string", value: "FILE", help: "another tools.yaml; its folder is the project" },
  },
  examples: [
    ["toolwright generate", "after a change of tools.yaml or a spec"],
    ["toolwright generate --check", "in CI: is generated/ what it should be?"],
    ["toolwright generate --dump plan | jq '.[0].tools[0]'", "every decision about one tool"],
  ],
  async run({ positionals, values, terminal }) {
    if (positionals.length > 0)
      throw new UsageError(`generate: ${positionals[0]} is one word too many; name an API with --only`);
    const dump = STAGES.find((stage) => stage === values.dump);
    if (values.dump !== undefined && !dump)
      throw new UsageError(`generate: there is no stage "${values.dump}"; there is ${STAGES.join(", ")}`);
    if (dump && values.check) throw new UsageError("generate: --check and --dump do not go together");
    const project = projectAt(values.config);
    if (!existsSync(project.directory))
      throw new UsageError(`generate: there is no folder ${resolve(project.directory)}`);
    if (values.config !== undefined && !existsSync(join(project.directory, project.configFile)))
      throw new UsageError(`generate: there is no ${join(resolve(project.directory), project.configFile)}`);
    const result = await generate({
      projectDir: project.directory,
      configFile: project.configFile,
      check: values.check ?? false,
      ...(values.only && { only: values.only }),
      ...(dump && { dump }),
      progress: terminal.progress,
    });
    if (result.unknownApis.length > 0)
      throw new UsageError(
        `generate: ${project.configFile} names no API ${result.unknownApis.map((name) => `"${name}"`).join(", ")}`,
      );
    if (result.written?.diff) terminal.out(result.written.diff);
    if (result.diagnostics.length > 0)
      showProblems(result.diagnostics, project.directory, terminal, { texts: result.texts });
    const failed = result.diagnostics.some(({ severity }) => severity === "error");
    if (dump && !failed) terminal.out(JSON.stringify(result.dumped, null, 2));
    else if (!failed) terminal.out(summary(result, values.check ?? false, terminal));
    return failed ? 1 : 0;
  },
});

/** What was done to the files, and what it means for the model. */
function summary({ written, surface }: GenerateResult, check: boolean, terminal: Terminal): string {
  const style = paintOut(terminal);
  const wrote = written?.written.length ?? 0;
  const removed = written?.removed.length ?? 0;
  const files = check
    ? "generated/ is current"
    : wrote + removed === 0
      ? `nothing changed, ${written?.unchanged ?? 0} files are current`
      : `${wrote} written, ${removed} removed, ${written?.unchanged ?? 0} unchanged`;
  if (check) return style.green(files);
  // `toolwright tools` tells the sizes at any time: here those of an API in which nothing changed would hide what did.
  const sizes = surface.filter(isOther).map(({ api, tools, bytes }) => {
    const rows = [...tools]
      .sort((a, b) => b.bytes - a.bytes)
      .map((tool) => [
        `  ${tool.name}`,
        `${tool.bytes}`.padStart(6),
        `~${tool.estimatedTokens}`.padStart(6),
        `${((100 * tool.bytes) / bytes).toFixed(1)} %`.padStart(7),
        tool.estimatedTokens > LARGE_TOKENS ? style.yellow("large") : "",
      ]);
    return `${style.bold(api)}\n${columns([["  tool", " bytes", "tokens", "  share", ""].map((head) => style.dim(head)), ...rows])}`;
  });
  return [...sizes, surface.flatMap(describeSurface).join("\n"), files].join("\n\n");
}
