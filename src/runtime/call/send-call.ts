import { type Call, requestOf } from "../../definition/call.ts";
import { carryOutAction, checkByAsking } from "../credentials/action.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import { meterRequests } from "../limits/charge.ts";
import { describeRequest } from "../request/describe-request.ts";
import { fillRequest } from "../request/fill-request.ts";
import type { Scope, VendorAnswer } from "../request/types.ts";
import { send, type SendHooks } from "../send/send.ts";
import { answerCached } from "./answer-cache.ts";
import { type Heard, judged } from "./judge-key.ts";
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

/** Fills a call's request and sends it, within every limit that holds for it; or carries out what it does with a credential. */
export async function sendCall(call: Call, scope: Scope, run: Run): Promise<VendorAnswer> {
  const { deployment, tool, context } = run;
  refuseWritingCall(deployment, call, tool.definition);
  if ("action" in call.request) return await carryOutAction(call.request, deployment, context);
  const ask = async () => await sendRequest(call, scope, run);
  return call.check ? await checkByAsking(call.request.credential, deployment, ask) : await ask();
}

async function sendRequest(call: Call, scope: Scope, { deployment, context, onSent }: Run): Promise<VendorAnswer> {
  const template = requestOf(call);
  if (!template) throw new Error("an action of a credential has no request");
  const request = await fillRequest(call, scope, deployment, context);
  const sent = async (): Promise<VendorAnswer> => {
    const meter = meterRequests(deployment, template, context);
    // Where the request shows a key that may be anybody's.
    const trial = request.credential && context.trial;
    let startedAt = 0;
    let heard: Heard | undefined;
    const hooks: SendHooks = {
      async attempt() {
        await meter.attempt();
        onSent();
        startedAt = performance.now();
      },
      answered(headers, status) {
        heard = { headers, status };
        if (!trial?.ofStranger) meter.answered(headers);
        context.sent?.({ request: describeRequest(request), status, ms: Math.round(performance.now() - startedAt) });
      },
    };
    const ask = async () => await send(request, deployment, context, hooks);
    return trial ? await judged({ deployment, context, trial }, { meter, heard: () => heard }, ask) : await ask();
  };
  if (call.cacheSeconds === undefined || request.effect !== "read") return await sent();
  return await answerCached(request, call.cacheSeconds, { deployment, context }, sent);
}
