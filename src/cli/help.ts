import type { Command, Options } from "./command.ts";
import { exampleNames } from "./catalogs.ts";
import { columns, indent, type Paint } from "./terminal.ts";

/** What `toolwright --help` says. */
export function overview(commands: readonly (readonly [name: string, does: string])[], style: Paint): string {
  return [
    `${style.bold("toolwright")} turns a vendor's OpenAPI description and a curated allowlist into an MCP server.`,
    "",
    `${style.bold("usage")}  toolwright <command> [options]`,
    "",
    indent(columns(commands)),
    "",
    style.bold("to start"),
    indent(
      columns([
        ...runnable([["toolwright serve {api} --http --sandbox", "a server to play with, no account needed"]]),
        ["toolwright init openapi.yaml", "a proposal for an API of yours"],
        ["toolwright <command> --help", "what a command does, with examples"],
      ]),
    ),
  ].join("\n");
}

/** What `toolwright <command> --help` says. */
export function commandHelp(name: string, command: Command, style: Paint): string {
  const options = optionRows(command.options);
  return [
    `${style.bold("usage")}  toolwright ${name} ${command.usage}`.trimEnd(),
    "",
    command.about,
    ...(options.length > 0 ? ["", style.bold("options"), indent(columns(options))] : []),
    "",
    style.bold("examples"),
    indent(columns(runnable(command.examples), "   ")),
  ].join("\n");
}

/** Options with what they do. */
export function optionRows(options: Options): readonly (readonly [option: string, does: string])[] {
  return Object.entries(options).map(([long, { short, value, help }]) => [
    `${short ? `-${short}, ` : "    "}--${long}${value ? ` ${value}` : ""}`,
    help,
  ]);
}

/** Examples speak of an API and a tool that are there, and of no stand-in where there is none: they can be run as they stand. */
function runnable(examples: Command["examples"]): readonly (readonly [line: string, does: string])[] {
  const { api, tool, sandbox } = exampleNames();
  return examples
    .filter(([line]) => sandbox || !line.includes(" --sandbox"))
    .map(([line, does]) => [line.replaceAll("{api}", api).replaceAll("{tool}", tool), does]);
}
