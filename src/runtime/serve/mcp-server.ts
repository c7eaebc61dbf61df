import { type McpServerFactory, ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import type { CallToolResult, InputRequiredResult, ServerContext } from "@modelcontextprotocol/server";
import type { ToolAnswer } from "../call/answer.ts";
import { askingOf as requesterOf } from "../access/asking.ts";
import type { CallContext, Caller, Deployment, Trial } from "../deployment.ts";
import type { Environment } from "../load/environment.ts";
import { Problem } from "../problem.ts";
import { firstOf } from "../shape/cut-text.ts";
import { type Asking, askingOf, sealOf } from "./asking.ts";
import type { CallRecord } from "./call-log.ts";
import type { InFlight, RunningCall } from "./in-flight.ts";
import { progressFor } from "./progress.ts";
import { answerResult, problemResult } from "./results.ts";
import { clientRequest } from "../telemetry/client-request.ts";
import type { ClientRequest, Ended, Operation, Telemetry } from "../telemetry/telemetry.ts";
import { UNOBSERVED } from "../telemetry/unobserved.ts";
import { type Memory, takeOnce } from "./take-once.ts";
import { type TableEntry, type ToolTable, viewOf } from "./tool-table.ts";
import { givenKeyRing, passingKeyRing } from "../sealing/key-ring.ts";

/** What a server of either transport is told. */
export interface ServingOptions {
  /** Version of the package, for `serverInfo`. */
  readonly version: string;
  /**
   * Where `TOOLWRIGHT_SECRET` is read from: by it replicas trust each other's questions to a person, and a vault is sealed. Without it a
   * question is known to this process alone.
   */
  readonly environment?: Environment | undefined;
  /** Watches every request; closed with the server. Default: nobody looks. */
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds for one call. Default: 45,000; clients give up after 60,000 or more. */
  readonly timeoutMs?: number | undefined;
  /** Called once a call has ended, for a log. */
  readonly onCall?: ((record: CallRecord) => void) | undefined;
  /** Called with what went wrong on our side. Its text may hold anything: log it by `faultLogLine`. */
  readonly onFault?: ((error: Error) => void) | undefined;
}

/** Time after which a client asks again what tools there are: so long a redeployed server may look like the one before. */
const TTL_MS = 300_000;

/**
 * Makes the SDK's servers, one for each HTTP request or stdio connection, for protocol 2026-07-28 and the revisions that open with
 * `initialize` alike. They hold nothing of their own: tools come from the table, calls are counted in `calls`.
 *
 * @param memory What is shared with other processes. Default: nothing.
 * @throws {StartError} when the secret of the environment is too short to be one.
 */
export function mcpServers(
  table: ToolTable,
  calls: InFlight,
  options: ServingOptions,
  memory: Memory = {},
): McpServerFactory {
  const info = { name: table.name, title: table.title, version: options.version };
  const publicHint = { ttlMs: TTL_MS, cacheScope: "public" } as const; // the same for every caller
  const privateHint = { ttlMs: TTL_MS, cacheScope: "private" } as const;
  const seal = sealOf(givenKeyRing(options.environment ?? {}) ?? passingKeyRing());
  const questions = { seal, takeOnce: takeOnce(memory) };
  const telemetry = options.telemetry ?? UNOBSERVED;
  const serverOptions = (shared: boolean) => ({
    ...(table.instructions !== "" && { instructions: table.instructions }),
    capabilities: { tools: { listChanged: false } },
    cacheHints: { "tools/list": shared ? publicHint : privateHint, "server/discover": publicHint },
    requestState: { verify: async (state: string, context: ServerContext) => await seal.verify(state, context) },
  });
  return ({ authInfo }) => {
    const requester = requesterOf(authInfo);
    const view = viewOf(table, requester);
    const server = new Server(info, serverOptions(view.shared));
    const watch = (asked: Pick<ClientRequest, "method" | "tool" | "args">, context: ServerContext) => {
      const negotiated = server.getNegotiatedProtocolVersion();
      return telemetry.begin(clientRequest({ ...asked, negotiated, address: requester?.address }, context));
    };
    server.setRequestHandler("tools/list", (_, context) => {
      watch({ method: "tools/list", tool: undefined }, context).end({});
      return view.list;
    });
    server.setRequestHandler("tools/call", ({ params: { name, arguments: args = {} } }, context) => {
      const entry = view.find(name);
      const operation = watch({ method: "tools/call", tool: entry && name, args }, context);
      if (!entry) {
        operation.end({ rpcCode: ProtocolErrorCode.InvalidParams });
        // A tool that is not served here is unknown, never "forbidden": its name alone tells nothing.
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${firstOf(name, 64)}`);
      }
      const asking = askingOf(context, server.getClientCapabilities(), questions);
      const caller = requester?.caller;
      return carryOut(entry, args, { context, caller, asking, calls, operation, options });
    });
    return server;
  };
}

/** What a call is carried out with. */
interface Carrying {
  readonly context: ServerContext;
  readonly caller: Caller | undefined;
  readonly asking: Asking | undefined;
  readonly calls: InFlight;
  readonly operation: Operation;
  readonly options: ServingOptions;
}

async function carryOut(
  { deployment, tool }: TableEntry,
  args: unknown,
  { context, caller, asking, calls, operation, options: { onCall, onFault } }: Carrying,
): Promise<CallToolResult | InputRequiredResult> {
  const startedAt = performance.now();
  let call: RunningCall | undefined;
  let trial: Trial | undefined;
  let status = "ok";
  let ended: Ended = {};
  try {
    call = calls.begin(context.mcpReq.signal);
    const { signal, deadlineAt } = call;
    if (caller) await call.turn(caller);
    trial = await caller?.standing?.begin();
    const progress = progressFor(context.mcpReq, signal);
    const answer = await callLazily(deployment, tool, args, {
      caller,
      trial,
      signal,
      deadlineAt,
      progress,
      observer: operation,
      ...(asking && { confirm: asking.confirm }),
    });
    const decision = asking?.decision() ?? "accepted";
    if (decision !== "accepted") status = decision;
    const result = answerResult(answer);
    ended = { result, truncated: answer.truncated };
    return result;
  } catch (error) {
    status = error instanceof Problem ? error.code : "internal";
    const question = asking?.pending();
    if (question) return question;
    if (status === "internal") onFault?.(causeOf(error));
    const result = problemResult(error);
    ended = { result, error };
    return result;
  } finally {
    call?.end();
    trial?.end().catch(() => undefined); // counted once too often, it says so for ten minutes at most
    operation.end(ended);
    const ms = Math.round(performance.now() - startedAt);
    const { name: api } = deployment.api.definition;
    onCall?.({ api, tool, status, ms, attempts: operation.attempts(), trace: operation.traceId, caller });
  }
}

/** What really went wrong: a problem called `internal` says nothing of it. */
function causeOf(error: unknown): Error {
  const cause = error instanceof Problem ? error.cause : error;
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** What carries calls out, the HTTP client with it, is read on the first one: a list of tools needs none of it. */
async function callLazily(
  deployment: Deployment,
  tool: string,
  args: unknown,
  context: CallContext,
): Promise<ToolAnswer> {
  const { callTool } = await import("../call/call-tool.ts");
  return await callTool(deployment, tool, args, context);
}
