import { parseArgs } from "node:util";
import { nearest } from "../definition/nearest.ts";
import { type Command, type Options, UsageError, type Values } from "./command.ts";

/** What was given to a command. */
export interface Given {
  readonly positionals: readonly string[];
  readonly values: Values<Options>;
}

/**
 * Reads the arguments of a command; an option whose value may be left out (`value: "[PORT]"`) becomes "" then.
 *
 * @throws {UsageError} for an option that the command does not know, with the nearest that it does.
 */
export function parseCommandLine(name: string, command: Command, args: readonly string[]): Given {
  const given = args.map((arg, i) => {
    const option = arg.startsWith("--") ? command.options[arg.slice(2)] : undefined;
    if (!/^\[[A-Z]+\]$/.test(option?.value ?? "")) return arg;
    const [, host, port] = /^(\S+):(\d+)$/.exec(args[i + 1] ?? "") ?? [];
    if (host !== undefined) throw new UsageError(`${name}: ${arg} takes a port: ${arg} ${port} --host ${host}`);
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
    throw new UsageError(`${name}: ${complaint(error, Object.keys(command.options))}`);
  }
}

/** parseArgs explains itself well, but for a second sentence on how to pass positionals, which nobody asked for. */
function complaint(error: unknown, known: readonly string[]): string {
  const text = error instanceof Error ? (error.message.split(/\.\s/)[0] ?? "") : String(error);
  const unknown = /^Unknown option '(-[^']*)'/.exec(text)?.[1];
  if (unknown === undefined) return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  const near = nearest(unknown.replace(/^-+/, ""), known);
  const which = near.length > 0 ? `did you mean ${dashed(near, " or ")}?` : `it has ${dashed(known, ", ")}`;
  return `there is no option ${unknown}; ${which}`;
}

function dashed(options: readonly string[], separator: string): string {
  return options.length === 0 ? "no options" : options.map((option) => `--${option}`).join(separator);
}
