import type { IncomingMessage } from "node:http";
import { callTool } from "../runtime/call/call-tool.ts";
import { asProblem } from "../runtime/call/as-problem.ts";
import type { SentRequest } from "../runtime/deployment.ts";
import { readBody } from "../runtime/http/read-body.ts";
import type { ServedApi } from "../runtime/load/narrow.ts";
import { whyNotTried } from "./describe.ts";
import type { InFlight } from "../runtime/serve/in-flight.ts";

/** What the page asks for: a tool that is served here, and what to give it. */
interface Asked {
  readonly api: string;
  readonly tool: string;
  readonly arguments: unknown;
}

/** What came of it. */
export type Tried = { readonly ms: number; readonly requests: readonly SentRequest[] } & (
  | { readonly answer: unknown; readonly file?: { readonly mimeType: string; readonly name: string | undefined } }
  | { readonly problem: { readonly code: string; readonly message: string } }
);

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Carries out a call that a person tries in the page, by the same way that a model's call takes, limits included.
 *
 * @returns undefined when the request asks for nothing that is served here.
 */
export async function tryCall(
  request: IncomingMessage,
  apis: readonly ServedApi[],
  calls: InFlight,
): Promise<Tried | undefined> {
  const asked = await readAsked(request);
  const served = apis.find(({ deployment }) => deployment.api.definition.name === asked?.api);
  const tool = served?.tools.find(({ name }) => name === asked?.tool);
  if (!asked || !served || !tool) return undefined;
  const refused = whyNotTried(served.deployment);
  if (refused !== undefined) return { ms: 0, requests: [], problem: { code: "forbidden", message: refused } };
  const left = new AbortController();
  const leave = () => left.abort(new DOMException("the page was closed", "AbortError"));
  request.socket.once("close", leave);
  const call = calls.begin(left.signal);
  const requests: SentRequest[] = [];
  const startedAt = performance.now();
  const since = () => Math.round(performance.now() - startedAt);
  try {
    const { value, binary } = await callTool(served.deployment, tool.name, asked.arguments, {
      signal: call.signal,
      deadlineAt: call.deadlineAt,
      progress: () => {},
      sent: (one) => requests.push(one),
    });
    const file = binary && { mimeType: binary.mimeType, name: binary.name };
    return { ms: since(), requests, answer: value, ...(file && { file }) };
  } catch (error) {
    const { code, message } = asProblem(error);
    return { ms: since(), requests, problem: { code, message } };
  } finally {
    request.socket.off("close", leave); // which may carry many calls
    call.end();
  }
}

async function readAsked(request: IncomingMessage): Promise<Asked | undefined> {
  try {
    const asked: unknown = JSON.parse((await readBody(request, MAX_BODY_BYTES)) ?? "");
    if (typeof asked !== "object" || asked === null || !("api" in asked) || !("tool" in asked)) return undefined;
    const { api, tool } = asked;
    if (typeof api !== "string" || typeof tool !== "string") return undefined;
    return { api, tool, arguments: "arguments" in asked ? asked.arguments : {} };
  } catch {
    return undefined;
  }
}
