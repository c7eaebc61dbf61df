#!/usr/bin/env node
import nodeModule from "node:module";
import { parseArgs } from "node:util";
import { type Command, type Options, UsageError, UserError, type Values } from "./command.ts";
import { StartError } from "../runtime/load/start-error.ts";
import { commandHelp, overview } from "./help.ts";
import { version } from "./package.ts";
import { paint, processTerminal } from "./terminal.ts";

/** Every command with its one line; a command's own file is read only when it is called. */
const COMMANDS: Readonly<Record<string, readonly [does: string, load: () => Promise<{ readonly command: Command }>]>> =
  {
    init: ["propose tools.yaml for any OpenAPI description", async () => await import("./commands/init.ts")],
    generate: ["write generated/ from tools.yaml and the specs", async () => await import("./commands/generate.ts")],
    serve: ["serve the tools to MCP clients, over stdio or HTTP", async () => await import("./commands/serve.ts")],
    call: ["call one tool from the terminal", async () => await import("./commands/call.ts")],
    tools: ["show what the model sees, and what it costs", async () => await import("./commands/tools.ts")],
    operations: [
      "show what a spec offers, and what the allowlist uses",
      async () => await import("./commands/operations.ts"),
    ],
    diff: [
      "show what a vendor's newer description changes for the allowed tools",
      async () => await import("./commands/diff.ts"),
    ],
    sandbox: ["run the stand-in vendor alone", async () => await import("./commands/sandbox.ts")],
    doctor: [
      "check variables, host, credential and clock, with a fix for each finding",
      async () => await import("./commands/doctor.ts"),
    ],
  };

// Node 22.8 and later keep what they compiled, so that the next start does not compile the SDK again.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 0 done · 1 problems in the user's files · 2 usage · 70 our bug (sysexits.h EX_SOFTWARE). */
async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const style = paint(terminal);
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      const topic = rest[0] === undefined ? undefined : COMMANDS[rest[0]];
      terminal.out(
        topic && rest[0] !== undefined
          ? commandHelp(rest[0], (await topic[1]()).command, style)
          : overview(summaries(), style),
      );
      return name === undefined ? 2 : 0;
    }
    if (name === "--version" || name === "-v") {
      terminal.out(version());
      return 0;
    }
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!entry)
      throw new UsageError(`there is no command "${name}"; the commands are ${Object.keys(COMMANDS).join(", ")}`);
    const { command } = await entry[1]();
    if (rest.includes("--help") || rest.includes("-h")) {
      terminal.out(commandHelp(name, command, style));
      return 0;
    }
    return await command.run({ ...parse(name, command, rest), terminal });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(`${style.red("error")}: ${error.message}`);
      terminal.note(`  help: see toolwright ${name !== undefined && name in COMMANDS ? `${name} ` : ""}--help`);
      return 2;
    }
    if (error instanceof UserError || error instanceof StartError) {
      terminal.note(`${style.red("error")}: ${error.message}`);
      terminal.note(`  help: ${error.help}`);
      return 1;
    }
    terminal.note(`${style.red("bug")}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    terminal.note("  help: this is a fault of Toolwright, not of your files; please report it with the lines above");
    return 70;
  }
}

function summaries(): [string, string][] {
  return Object.entries(COMMANDS).map(([name, [does]]) => [name, does]);
}

/** Reads the arguments of a command; an option whose value may be left out (`value: "[PORT]"`) becomes "" then. */
function parse(name: string, command: Command, args: readonly string[]) {
  const given = args.map((arg, i) => {
    const option = arg.startsWith("--") ? command.options[arg.slice(2)] : undefined;
    if (!/^\[.*\]$/.test(option?.value ?? "")) return arg;
    return /^\d+$/.test(args[i + 1] ?? "") ? arg : `${arg}=`;
  });
  const options = Object.fromEntries(
    Object.entries(command.options).map(([key, { type, short, multiple }]) => [
      key,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  try {
    const { positionals, values } = parseArgs({ args: given, options, allowPositionals: true, strict: true });
    return { positionals, values: values as Values<Options> }; // typed by the same options
  } catch (error) {
    // parseArgs explains itself well, but for a second sentence on how to pass positionals that nobody asked for.
    const text = error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error);
    throw new UsageError(`${name}: ${text.charAt(0).toLowerCase()}${text.slice(1)}; it knows ${known(command)}`);
  }
}

function known(command: Command): string {
  const names = Object.keys(command.options).map((option) => `--${option}`);
  return names.length === 0 ? "no options" : names.join(", ");
}
