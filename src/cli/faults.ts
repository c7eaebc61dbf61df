import type { Fault } from "../sandbox/faults.ts";
import { UsageError } from "./command.ts";

/**
 * Reads what a sandbox is to do wrong: `429,reset`.
 *
 * @throws {UsageError} naming the command.
 */
export async function readFaults(command: string, text: string | undefined): Promise<readonly Fault[]> {
  if (text === undefined) return [];
  const { FAULTS } = await import("../sandbox/faults.ts");
  return text.split(",").map((name) => {
    const fault = FAULTS.find((known) => known === name.trim());
    if (!fault) throw new UsageError(`${command}: there is no fault "${name}"; there is ${FAULTS.join(", ")}`);
    return fault;
  });
}
