import { StartError } from "../runtime/load/start-error.ts";
import { UsageError, UserError } from "./command.ts";
import { paint, type Terminal } from "./terminal.ts";

/**
 * Says what went wrong, and what to do about it.
 *
 * @param help The command whose `--help` tells how it is to be written.
 * @returns the exit code: 1 problems in the user's files or environment · 2 usage · 70 our bug (sysexits.h EX_SOFTWARE).
 */
export function explain(error: unknown, help: string, terminal: Terminal): number {
  const style = paint(terminal);
  if (error instanceof UsageError) {
    terminal.note(`${style.red("error")}: ${error.message}\n  help: ${error.help ?? `see \`${help} --help\``}`);
    return 2;
  }
  if (error instanceof UserError || error instanceof StartError) {
    terminal.note(`${style.red("error")}: ${error.message}\n  help: ${error.help}`);
    return 1;
  }
  terminal.note(`${style.red("bug")}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  terminal.note("  help: this is a fault of Toolwright, not of your files; please report it with the lines above");
  return 70;
}
