import type { Call } from "../../definition/call.ts";
import { renewCallerSecret } from "../credentials/caller-secret.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import { meterRequests } from "../limits/charge.ts";
import { Problem } from "../problem.ts";
import { describeRequest } from "../request/describe-request.ts";
import { fillRequest } from "../request/fill-request.ts";
import type { Scope, VendorAnswer } from "../request/types.ts";
import { send } from "../send/send.ts";
import type { PreparedTool } from "./prepare-tool.ts";
import { refuseWritingCall } from "./read-only.ts";

/** One call of a tool, under way. */
export interface Run {
  readonly deployment: Deployment;
  readonly tool: PreparedTool;
  readonly context: CallContext;
  /** Told when an attempt is about to leave; until then the call has cost the vendor nothing. */
  readonly onSent: () => void;
}

/** Fills a call's request and sends it, within every limit that holds for it. */
export async function sendCall(call: Call, scope: Scope, run: Run): Promise<VendorAnswer> {
  refuseWritingCall(run.deployment, call, run.tool.definition);
  const { credential } = call.request;
  const { caller } = run.context;
  try {
    return await sendOnce(call, scope, run);
  } catch (error) {
    // What the vendor refused to authenticate it did not carry out (RFC 9110 §15.5.2): with another token it may be sent again.
    if (!isRefused(error) || !(await renewCallerSecret(credential, caller))) throw error;
  }
  try {
    return await sendOnce(call, scope, run);
  } catch (error) {
    if (isRefused(error)) await renewCallerSecret(credential, caller); // which knows the words for the person by now
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Problem && error.code === "credential_rejected" && error.facts.status === 401;
}

async function sendOnce(call: Call, scope: Scope, { deployment, context, onSent }: Run): Promise<VendorAnswer> {
  const request = await fillRequest(call, scope, deployment, context);
  const meter = meterRequests(deployment, call.request, context);
  let startedAt = 0;
  return await send(request, deployment, context, {
    async attempt() {
      await meter.attempt();
      onSent();
      startedAt = performance.now();
    },
    answered(headers, status) {
      meter.answered(headers);
      context.sent?.({ request: describeRequest(request), status, ms: Math.round(performance.now() - startedAt) });
    },
  });
}
