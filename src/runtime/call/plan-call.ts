import type { CredentialAction, Step } from "../../definition/call.ts";
import type { Deployment } from "../deployment.ts";
import { firstPosition } from "../page/position.ts";
import { pageSize } from "../page/walk.ts";
import { describeRequest, type RequestDescription } from "../request/describe-request.ts";
import { fillRequest } from "../request/fill-request.ts";
import type { Scope } from "../request/types.ts";
import { asProblem } from "./as-problem.ts";
import { operationOf, place } from "./course.ts";
import { toolOf } from "./prepare-tool.ts";
import { readArguments } from "./read-arguments.ts";
import { refuseWritingCall, refuseWritingTool } from "./read-only.ts";
import { chooseCall, limitOf, nothingToDo, pageScope, type Route, startOf, startScope } from "./run-steps.ts";
import { orderOf } from "./step-order.ts";

/** What a call would begin with. */
export type CallPlan = PlannedCall | StepsPlan;

/** One call, as it would be sent. */
export type PlannedCall = RequestDescription | CredentialAction;

/** The beginning of a tool of several steps; what follows depends on what the vendor answers. */
export interface StepsPlan {
  /** Sent side by side. */
  readonly first: readonly PlannedCall[];
  /** `step 2 of 3, grades: GET /grades`. */
  readonly next: readonly string[];
}

/**
 * Describes the first request that a call would send, secrets masked; of several steps those that it would begin with, and what follows.
 * Nothing is sent and no limit is touched.
 *
 * @throws {Problem} whatever a real call would end with before it sends anything.
 */
export async function planCall(deployment: Deployment, name: string, args: unknown): Promise<CallPlan> {
  try {
    const tool = await toolOf(deployment, name);
    refuseWritingTool(deployment, tool.definition);
    const { inputs, cursor } = readArguments(deployment, tool, args);
    const scope = startScope({ deployment }, inputs);
    const { first, next } = beginningOf(tool.steps, scope);
    const described: PlannedCall[] = [];
    for (const { index, ...chosen } of first) {
      refuseWritingCall(deployment, chosen.call, tool.definition);
      const isLast = index === tool.steps.length - 1;
      const from = startOf(cursor, chosen, isLast, name);
      described.push(
        await describeCall(chosen, { deployment, scope, from, limit: isLast ? limitOf(inputs) : Infinity }),
      );
    }
    const [only] = described;
    if (!only) throw nothingToDo(name);
    return tool.steps.length === 1 ? only : { first: described, next };
  } catch (error) {
    throw asProblem(error);
  }
}

interface First extends Route {
  readonly index: number;
}

/** The steps that would start at once, and what may come after them. What is skipped keeps nobody waiting. */
function beginningOf(
  steps: readonly Step[],
  scope: Scope,
): { readonly first: readonly First[]; readonly next: readonly string[] } {
  const first: First[] = [];
  const next: string[] = [];
  const skipped = new Set<number>();
  for (const [index, before] of orderOf(steps).entries()) {
    if (before.some((earlier) => !skipped.has(earlier))) {
      const operations = steps[index]?.calls.map(operationOf) ?? [];
      next.push(`${place(steps, index)}: ${[...new Set(operations)].join(" or ")}`);
      continue;
    }
    const chosen = chooseCall(steps, index, scope);
    if (chosen) first.push({ ...chosen, index });
    else skipped.add(index);
  }
  return { first, next };
}

interface Circumstances {
  readonly deployment: Deployment;
  readonly scope: Scope;
  readonly from: ReturnType<typeof startOf>;
  readonly limit: number;
}

async function describeCall({ call }: Route, { deployment, scope, from, limit }: Circumstances): Promise<PlannedCall> {
  if ("action" in call.request) return call.request;
  const { pagination } = call;
  const at = pagination && (from ?? firstPosition(pageSize(pagination, limit)));
  return describeRequest(await fillRequest(call, at ? { ...scope, page: pageScope(at) } : scope, deployment));
}
