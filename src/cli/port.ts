import { UsageError } from "./command.ts";

const HIGHEST = 65_535;

/**
 * Reads the port of an option; 0 is any free one, undefined: none was given.
 *
 * @throws {UsageError} naming the command.
 */
export function readPort(command: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST) return port;
  throw new UsageError(`${command}: ${text} is no port; a port is 1 to ${HIGHEST}, or 0 for any free one`);
}
