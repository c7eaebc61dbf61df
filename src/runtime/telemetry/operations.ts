import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { Problem } from "../problem.ts";
import type { FilledRequest } from "../request/types.ts";
import type { Instruments } from "./instruments.ts";
import { type Outcome, outcomeOfError, outcomeOfStatus } from "./outcome.ts";
import { clientAttributes, contentAttribute, serverAttributes, templateOf } from "./span-attributes.ts";
import type { Attempt, ClientRequest, Ended, Operation, TraceContext } from "./telemetry.ts";

/** What requests are recorded with. */
export interface Recording {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  /** The vendor is told the trace that a request belongs to. */
  readonly tellVendor: boolean;
  /** Spans hold arguments and results. */
  readonly content: boolean;
}

const W3C = new W3CTraceContextPropagator();

/** Begins to record a client's request: a span of kind SERVER, the child of the client's own if it told of one, and the metrics of docs/deploy.md. */
export function recordOperation(request: ClientRequest, recording: Recording): Operation {
  const { tracer, instruments } = recording;
  const { method, tool } = request;
  const startedAt = performance.now();
  const attributes = serverAttributes(request);
  if (recording.content && request.args !== undefined)
    attributes["gen_ai.tool.call.arguments"] = contentAttribute(request.args);
  const name = tool === undefined ? method : `${method} ${tool}`;
  const span = tracer.startSpan(
    name,
    { kind: SpanKind.SERVER, attributes, links: linksTo(request.http?.headers) },
    contextOf(request.meta),
  );
  const within = trace.setSpan(ROOT_CONTEXT, span);
  const running = method === "tools/call";
  if (running) instruments.inflight.add(1);
  let attempts = 0;
  return {
    traceId: isSpanContextValid(span.spanContext()) ? span.spanContext().traceId : undefined,
    attempts: () => attempts,
    request: (filled) => {
      let earlier: Outcome | undefined;
      let resend = -1;
      return {
        attempt() {
          attempts++;
          resend++;
          if (earlier) instruments.retries.add(1, { reason: earlier });
          return recordAttempt(filled, { ...recording, within, tool, resend, ended: (outcome) => (earlier = outcome) });
        },
      };
    },
    renewal: (result) => instruments.renewals.add(1, { result }),
    end(ended) {
      if (running) instruments.inflight.add(-1);
      const errorType = errorTypeOf(ended);
      instruments.operationSeconds.record((performance.now() - startedAt) / 1000, {
        "mcp.method.name": method,
        ...(tool !== undefined && { "gen_ai.tool.name": tool }),
        ...(errorType !== undefined && { "error.type": errorType }),
      });
      if (ended.truncated) instruments.truncated.add(1);
      if (ended.error !== undefined && ended.rpcCode === undefined) countProblem(ended.error, instruments);
      if (recording.content && ended.result !== undefined)
        span.setAttribute("gen_ai.tool.call.result", contentAttribute(ended.result));
      endServerSpan(span, ended, errorType);
    },
  };
}

/** `tool_error` for every call that the model is told has failed, as the MCP conventions want it; which problem it is, is counted apart. */
function errorTypeOf({ error, rpcCode }: Ended): string | undefined {
  if (rpcCode !== undefined) return String(rpcCode);
  return error === undefined ? undefined : "tool_error";
}

function countProblem(error: unknown, { problems, cancelled, rateLimited }: Instruments): void {
  const code = codeOf(error);
  problems.add(1, { code });
  if (code === "cancelled") cancelled.add(1);
  if (code !== "rate_limited" || !(error instanceof Problem)) return;
  rateLimited.add(1, { scope: error.facts.limit ?? (error.facts.status === 429 ? "vendor" : "server") });
}

function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "internal";
}

/** The message of an error stays out of it: it may hold what the vendor said. */
function endServerSpan(span: Span, { error, rpcCode }: Ended, errorType: string | undefined): void {
  if (errorType !== undefined) {
    span.setAttribute("error.type", errorType);
    if (rpcCode === undefined) span.setAttribute("toolwright.problem.code", codeOf(error));
    else span.setAttribute("rpc.response.status_code", String(rpcCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** What one attempt is recorded with. */
interface Attempting extends Recording {
  /** The span of the call. */
  readonly within: Context;
  readonly tool: string | undefined;
  /** Attempts of the same request before this one. */
  readonly resend: number;
  readonly ended: (outcome: Outcome) => void;
}

function recordAttempt(
  request: FilledRequest,
  { tracer, instruments, tellVendor, within, tool, resend, ended }: Attempting,
): Attempt {
  const startedAt = performance.now();
  const known = clientAttributes(request);
  const span = tracer.startSpan(
    `${request.method} ${templateOf(request) ?? request.server}`,
    { kind: SpanKind.CLIENT, attributes: { ...known, ...(resend > 0 && { "http.request.resend_count": resend }) } },
    within,
  );
  const headers: Record<string, string> = {};
  // Nothing is added to a request that somebody else has signed.
  if (tellVendor && !request.foreign) W3C.inject(trace.setSpan(within, span), headers, defaultTextMapSetter);
  const end = (outcome: Outcome, told: Attributes) => {
    ended(outcome);
    instruments.attempts.add(1, { ...(tool !== undefined && { tool }), outcome });
    instruments.requestSeconds.record((performance.now() - startedAt) / 1000, { ...known, ...told });
    span.setAttributes(told);
    if (told["error.type"] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  return {
    headers,
    answered: (status) =>
      end(outcomeOfStatus(status), {
        "http.response.status_code": status,
        ...(status >= 400 && { "error.type": String(status) }),
      }),
    failed(error, by) {
      const outcome = outcomeOfError(error, by);
      end(outcome, { "error.type": outcome });
    },
  };
}

function contextOf(carrier: TraceContext): Context {
  return W3C.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
}

/** The HTTP request may belong to another trace than the client's request that it carries, that of a proxy for instance. */
function linksTo(carrier: TraceContext | undefined) {
  const context = carrier && trace.getSpanContext(contextOf(carrier));
  return context && isSpanContextValid(context) ? [{ context }] : [];
}
