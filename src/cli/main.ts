#!/usr/bin/env node
import nodeModule from "node:module";
import { nearest } from "../definition/nearest.ts";
import { parseCommandLine } from "./arguments.ts";
import { type Command, UsageError } from "./command.ts";
import { explain } from "./explain.ts";
import { commandHelp, overview } from "./help.ts";
import { refuseOldNode } from "./node-version.ts";
import { version } from "../generator/version.ts";
import { paint, paintOut, processTerminal, type Terminal } from "./terminal.ts";

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
    login: ["sign in to a vendor with the browser", async () => await import("./commands/login.ts")],
    logout: ["end a sign-in, at the vendor too where it can", async () => await import("./commands/logout.ts")],
    sandbox: ["run the stand-in vendor alone", async () => await import("./commands/sandbox.ts")],
    pack: [
      "make one API a server in one file, a bundle and a registry entry",
      async () => await import("./commands/pack.ts"),
    ],
    clients: [
      "list registered clients and signed-in people, and revoke them",
      async () => await import("./commands/clients.ts"),
    ],
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
  const [name, ...rest] = args;
  try {
    refuseOldNode();
    if (name === undefined) {
      terminal.note(overview(summaries(), paint(terminal)));
      return 2;
    }
    if (name === "help" || name === "--help" || name === "-h") return await help(rest[0], terminal);
    if (name === "--version" || name === "-v") {
      terminal.out(version());
      return 0;
    }
    const command = await commandNamed(name);
    if (rest.includes("--help") || rest.includes("-h")) return await help(name, terminal);
    return await command.run({ ...parseCommandLine(name, command, rest), terminal });
  } catch (error) {
    const known = name !== undefined && Object.hasOwn(COMMANDS, name);
    return explain(error, known ? `toolwright ${name}` : "toolwright", terminal);
  }
}

async function help(topic: string | undefined, terminal: Terminal): Promise<number> {
  const style = paintOut(terminal);
  terminal.out(
    topic === undefined ? overview(summaries(), style) : commandHelp(topic, await commandNamed(topic), style),
  );
  return 0;
}

async function commandNamed(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry) return (await entry[1]()).command;
  const names = Object.keys(COMMANDS);
  const near = nearest(name, name.startsWith("-") ? ["--help", "--version"] : names);
  const which = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `the commands are ${names.join(", ")}`;
  throw new UsageError(`there is no command "${name}"; ${which}`);
}

function summaries(): [string, string][] {
  return Object.entries(COMMANDS).map(([name, [does]]) => [name, does]);
}
