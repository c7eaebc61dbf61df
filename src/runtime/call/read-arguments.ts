import type { CallContext, Deployment } from "../deployment.ts";
import { type Cursor, type CursorSubject, decodeCursor, invalidCursor } from "../page/cursor.ts";
import type { PreparedTool } from "./prepare-tool.ts";
import { refuseUnsent } from "./refuse-unsent.ts";
import { type Inputs, validateArguments } from "./validate.ts";

/** Arguments that fit, and the place that their cursor names; neither costs anything. */
export function readArguments(
  deployment: Deployment,
  tool: PreparedTool,
  args: unknown,
  context?: CallContext,
): { readonly inputs: Inputs; readonly cursor: Cursor | undefined } {
  const inputs = validateArguments(tool.definition, args);
  refuseUnsent(deployment, tool, inputs, Object.keys(Object(args)));
  const { cursor } = inputs;
  const pages = tool.steps.at(-1)?.calls.some((call) => call.pagination);
  if (cursor === undefined || !pages) return { inputs, cursor: undefined };
  if (typeof cursor !== "string") throw invalidCursor(tool.definition.name);
  return { inputs, cursor: decodeCursor(cursor, subjectOf({ deployment, tool, context }, inputs)) };
}

/** What a cursor of this call belongs to. */
export function subjectOf(
  {
    deployment,
    tool,
    context,
  }: { readonly deployment: Deployment; readonly tool: PreparedTool; readonly context: CallContext | undefined },
  inputs: Inputs,
): CursorSubject {
  const { name } = deployment.api.definition;
  return { api: name, tool: tool.definition.name, inputs, caller: context?.caller?.key };
}
