import { isOver } from "../clock.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import { chargeCall } from "../limits/charge.ts";
import type { ToolAnswer } from "./answer.ts";
import { asProblem, cancelled } from "./as-problem.ts";
import { buildAnswer } from "./build-answer.ts";
import { confirmCall } from "./confirm-call.ts";
import { isRefused } from "./judge-key.ts";
import { toolOf } from "./prepare-tool.ts";
import { readArguments } from "./read-arguments.ts";
import { refuseWritingTool } from "./read-only.ts";
import { runSteps } from "./run-steps.ts";

export { planCall } from "./plan-call.ts";

/**
 * Calls a tool: validate → confirm → charge → for each step fill, send and page → shape → answer.
 *
 * @param args What the caller sent, as it came.
 * @throws {Problem} for everything that goes wrong; what is neither the vendor's nor the caller's doing is `internal` and says nothing else.
 */
export async function callTool(
  deployment: Deployment,
  name: string,
  args: unknown,
  context: CallContext,
): Promise<ToolAnswer> {
  try {
    const tool = await toolOf(deployment, name);
    refuseWritingTool(deployment, tool.definition);
    const { inputs, cursor } = readArguments(deployment, tool, args, context);
    if (context.signal.aborted || isOver(context.deadlineAt)) throw cancelled(context, context.signal.reason);
    const unconfirmed = await confirmCall(deployment, tool.definition, inputs, context);
    if (unconfirmed) return unconfirmed;
    return await charged(deployment, context, async (onSent) => {
      const run = { deployment, tool, context, onSent };
      return await buildAnswer(run, inputs, await runSteps(run, inputs, cursor));
    });
  } catch (error) {
    throw asProblem(error, context);
  }
}

/**
 * Charges the call, and takes the charge back when it came to an end before anything of it was sent, or a stranger's key was refused: whoever
 * invents keys is not to use up what belongs to those who have one (T42).
 */
async function charged<T>(
  deployment: Deployment,
  { caller, trial }: CallContext,
  work: (onSent: () => void) => Promise<T>,
): Promise<T> {
  const giveBack = await chargeCall(deployment, caller);
  let sent = false;
  try {
    return await work(() => {
      sent = true;
    });
  } catch (error) {
    if (!sent || isRefused(trial)) await giveBack();
    throw error;
  }
}
