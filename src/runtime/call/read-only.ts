import { type Call, effectOf } from "../../definition/call.ts";
import type { ToolDefinition } from "../define-tool.ts";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";

/**
 * Refuses a tool that writes on a server that only reads, whatever the list of tools showed.
 *
 * @throws {Problem} `forbidden`.
 */
export function refuseWritingTool(deployment: Deployment, tool: ToolDefinition): void {
  if (deployment.readOnly && tool.annotations.readOnlyHint !== true) throw refused(tool.name);
}

/**
 * Refuses a request that writes, whatever the tool says of itself: a wrong annotation must not open what `--read-only` closes.
 * A POST passes only where the call itself is declared to read.
 *
 * @throws {Problem} `forbidden`.
 */
export function refuseWritingCall(deployment: Deployment, call: Call, tool: ToolDefinition): void {
  if (deployment.readOnly && effectOf(call) !== "read") throw refused(tool.name);
}

function refused(tool: string): Problem {
  return new Problem(
    "forbidden",
    `This server only reads, and ${tool} writes. Nothing was sent; the operator can allow it by leaving out --read-only.`,
  );
}
