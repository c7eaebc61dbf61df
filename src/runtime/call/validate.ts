import type { z } from "zod";
import type { ToolDefinition } from "../define-tool.ts";
import { Problem } from "../problem.ts";
import { complaintsOf } from "./complaints.ts";
import { guardArguments } from "./guard-arguments.ts";

/** Arguments that fit the tool's schema, defaults filled in. */
export type Inputs = Readonly<Record<string, unknown>>;

/**
 * Holds what a caller sent against the tool's schema.
 *
 *     { status: "opne" } → Problem "fetchTickets was not called: … status: expected one of open, pending; got "opne" (did you mean open?)"
 *
 * @throws {Problem} `invalid_arguments` with what is wrong, in the model's own names; nothing was sent.
 */
export function validateArguments(tool: ToolDefinition, args: unknown): Inputs {
  const given = args ?? {}; // a client may leave out what is empty
  guardArguments(given);
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new Problem("invalid_arguments", `${tool.name} was not called: its arguments must be one JSON object.`);
  }
  const result = tool.input.safeParse(given);
  if (result.success) return result.data;
  throw invalidArguments(tool, result.error.issues, given);
}

function invalidArguments(tool: ToolDefinition, issues: readonly z.core.$ZodIssue[], given: object): Problem {
  const { missing, others, more } = complaintsOf(issues, given, tool.input);
  const lines = [
    `${tool.name} was not called; mend its arguments and call again.`,
    ...(missing.length > 0 ? [`Missing: ${missing.join(", ")}.`] : []),
    ...others.map(({ argument, message }) => `${argument}: ${message}`),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ];
  return new Problem("invalid_arguments", lines.join("\n"), {
    arguments: [...missing.map((argument) => ({ argument, message: "missing" })), ...others],
  });
}
