import type { Call } from "../../definition/call.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import { meterRequests } from "../limits/charge.ts";
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
export async function sendCall(
  call: Call,
  scope: Scope,
  { deployment, tool, context, onSent }: Run,
): Promise<VendorAnswer> {
  refuseWritingCall(deployment, call, tool.definition);
  const request = await fillRequest(call, scope, deployment);
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
