// What a packed server runs on. `node bundle.js` makes it one file, dist/packed.mjs; `toolwright pack` puts an API before it.
import nodeModule from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadedApi } from "../../runtime/deployment.ts";
import { filesWithin } from "../../runtime/load/generated-files.ts";
import { loadFiles } from "../../runtime/load/load-api.ts";
import { asksPerson } from "../../runtime/credentials/obtain-problem.ts";
import { parseCommandLine } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { command as login } from "../commands/login.ts";
import { command as logout } from "../commands/logout.ts";
import { command as serve } from "../commands/serve.ts";
import { explain } from "../explain.ts";
import { refuseOldNode } from "../node-version.ts";
import type { PackedApi, Project } from "../project.ts";
import { processTerminal, type Terminal } from "../terminal.ts";
import { packedHelp } from "./help.ts";
import type { PackedFile } from "./packed-file.ts";

/** The modules of the tools import this file as `toolwright/runtime`. */
export { defineApi, defineStep, defineTool, file, json, z } from "../../runtime/index.ts";

/** The first statement of the file (`PACKED`). */
declare const TOOLWRIGHT_PACKED: PackedFile;

/** What needs a project, a stand-in or the page for people. */
const NOT_HERE = new Set(["config", "sandbox", "fault", "console"]);

// Node 22.8 and later keep what they compiled.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
// Not awaited: the modules of the tools import this file, which must have come to its end by then.
void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

/** @returns the exit code, as that of the command line. */
async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const path = fileURLToPath(import.meta.url);
  const { api: name, version, toolwright, files } = TOOLWRIGHT_PACKED;
  const program = `node ${basename(path)}`;
  let loading: Promise<LoadedApi> | undefined;
  const load = () => (loading ??= loadFiles(filesWithin(import.meta.url, files), import.meta.url));
  const packed = { name, version, program, load };
  try {
    refuseOldNode();
    const [first = "", ...others] = args;
    if (first === "--version" || first === "-v") {
      terminal.out(`${name} ${version} (toolwright ${toolwright})`);
      return 0;
    }
    const { definition, catalog } = await load();
    const signsIn = Object.values(definition.credentials ?? {}).some(asksPerson);
    const commands: Readonly<Record<string, Command>> = { serve, ...(signsIn && { login, logout }) };
    if (first === "help" || args.includes("--help") || args.includes("-h")) {
      terminal.out(packedHelp({ packed, definition, catalog, commands: here(commands) }, terminal));
      return 0;
    }
    const called = first !== "" && !first.startsWith("-");
    const project = { directory: dirname(path), configFile: "tools.yaml", packed };
    return await run(called ? first : "serve", called ? others : args, {
      commands: here(commands),
      project,
      packed,
      terminal,
    });
  } catch (error) {
    return explain(error, program, terminal);
  }
}

interface Running {
  readonly commands: Readonly<Record<string, Command>>;
  readonly project: Project;
  readonly packed: PackedApi;
  readonly terminal: Terminal;
}

async function run(
  name: string,
  args: readonly string[],
  { commands, project, packed, terminal }: Running,
): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`there is no command "${name}"; there is ${Object.keys(commands).join(", ")}`);
  const { positionals, values } = parseCommandLine(name, command, args);
  if (name !== "serve")
    return await command.run({ positionals: [packed.name, ...positionals], values, terminal, project });
  if (positionals.length > 0)
    throw new UsageError(`serve: ${positionals[0]} is one word too many; only ${packed.name} is in this file`);
  return await command.run({ positionals, values, terminal, project });
}

/** The commands with the options that they have in a packed server. */
function here(commands: Readonly<Record<string, Command>>): Readonly<Record<string, Command>> {
  return Object.fromEntries(
    Object.entries(commands).map(([name, command]) => {
      const options = Object.entries(command.options).filter(([option]) => !NOT_HERE.has(option));
      return [name, { ...command, options: Object.fromEntries(options) }];
    }),
  );
}
