import type { Deployment } from "../deployment.ts";
import { firstPosition } from "../page/position.ts";
import { pageSize } from "../page/walk.ts";
import { describeRequest, type RequestDescription } from "../request/describe-request.ts";
import { fillRequest } from "../request/fill-request.ts";
import { asProblem } from "./as-problem.ts";
import { toolOf } from "./prepare-tool.ts";
import { readArguments } from "./read-arguments.ts";
import { refuseWritingCall, refuseWritingTool } from "./read-only.ts";
import { chooseCall, limitOf, nothingToDo, pageScope, startOf, startScope } from "./run-steps.ts";

/**
 * Describes the first request that a call would send, secrets masked. Nothing is sent and no limit is touched.
 *
 * @throws {Problem} whatever a real call would end with before it sends anything.
 */
export async function planCall(deployment: Deployment, name: string, args: unknown): Promise<RequestDescription> {
  try {
    const tool = await toolOf(deployment, name);
    refuseWritingTool(deployment, tool.definition);
    const { inputs, cursor } = readArguments(deployment, tool, args);
    const scope = startScope({ deployment }, inputs);
    for (const index of tool.steps.keys()) {
      const chosen = chooseCall(tool.steps, index, scope);
      if (!chosen) continue;
      refuseWritingCall(deployment, chosen.call, tool.definition);
      const { pagination } = chosen.call;
      const from = startOf(cursor, chosen, index === tool.steps.length - 1, name);
      const at = pagination && (from ?? firstPosition(pageSize(pagination, limitOf(inputs))));
      return describeRequest(
        await fillRequest(chosen.call, at ? { ...scope, page: pageScope(at) } : scope, deployment),
      );
    }
    throw nothingToDo(name);
  } catch (error) {
    throw asProblem(error);
  }
}
