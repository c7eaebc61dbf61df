import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  type AuthInfo,
  type McpHttpHandler,
  ProtocolErrorCode,
  createMcpHandler,
  isJsonContentType,
} from "@modelcontextprotocol/server";
import type { Asking } from "../access/asking.ts";
import { mayUse, scopesOf } from "../access/scopes.ts";
import type { Deployment } from "../deployment.ts";
import type { ServedApi } from "../load/narrow.ts";
import type { Vault } from "../vault/vault.ts";
import type { InFlight } from "./in-flight.ts";
import { type ServingOptions, mcpServers } from "./mcp-server.ts";
import { holdsTooMuch, MOST_VALUES } from "./message-size.ts";
import { type ToolTable, findNarrowed, toolTable } from "./tool-table.ts";

/** What answers at the paths of an HTTP server. */
export interface Endpoints {
  /** Every path that answers MCP, the one to tell people about first. */
  readonly paths: readonly string[];
  /** Answers a request of somebody who was let in; false: nothing answers at that path. */
  answer(path: string, request: IncomingMessage, response: ServerResponse, admission: Admission): boolean;
  /** Ends what the SDK still holds open. */
  close(): Promise<void>;
}

/** Who was let in. */
export interface Admission {
  /** Carries {@link Asking} through the SDK. */
  readonly info: AuthInfo;
  readonly asking: Asking;
  /** The answer to a call that needs more scopes; undefined: the mode knows none. */
  readonly challenge: (scopes: readonly string[]) => Response | undefined;
}

/** A body that is larger is refused before any of it is parsed. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The vaults of the APIs whose doors keep something. */
export type Vaults = Map<Deployment, Vault>;

/** One API at `/mcp` and `/mcp/<api>`, several at `/mcp/<api>` each. */
export function endpoints(
  apis: readonly ServedApi[],
  calls: InFlight,
  options: ServingOptions,
  vaults: Vaults,
): Endpoints {
  const handlers: McpHttpHandler[] = [];
  const routes = new Map<string, ReturnType<typeof toNodeHandler>>();
  const admissions = new WeakMap<AuthInfo, Admission>();
  for (const api of apis) {
    const table = toolTable([api]);
    const memory = { shared: api.deployment.shared, vault: () => vaults.get(api.deployment) };
    const handler = createMcpHandler(mcpServers(table, calls, options, memory), {
      maxRequestBodySize: MAX_BODY_BYTES,
    });
    handlers.push(handler);
    const fetch: McpHttpHandler["fetch"] = async (request, given) => {
      const admission = given?.authInfo && admissions.get(given.authInfo);
      if (!admission) throw new Error("a request came in past the door");
      const response = await answerParsed(handler, request, { given, table, admission });
      response.headers.set("cache-control", "no-store"); // the SDK's event streams say no-cache, which may still be kept on disk
      response.headers.delete("connection"); // and keep-alive, even while this server closes
      return response;
    };
    const node = toNodeHandler(
      { fetch },
      { maxRequestBodySize: MAX_BODY_BYTES, ...(options.onFault && { onerror: options.onFault }) },
    );
    if (apis.length === 1) routes.set("/mcp", node);
    routes.set(`/mcp/${api.deployment.api.definition.name}`, node);
  }
  return {
    paths: [...routes.keys()],
    answer(path, request, response, admission) {
      const node = routes.get(path);
      admissions.set(admission.info, admission);
      // The SDK's idea of a request lacks `| undefined` where Node's has it (exactOptionalPropertyTypes).
      void node?.(Object.assign(request, { auth: admission.info }) as Parameters<typeof node>[0], response);
      return node !== undefined;
    },
    async close() {
      await Promise.all(handlers.map((handler) => handler.close()));
    },
  };
}

/**
 * Hands a request on with its body already parsed.
 *
 * Left to read the body itself, the SDK clones the request for the older revisions and listens to the clone. What ends a request ends its
 * clone only until the next garbage collection (Node 20, 22 and 24): a client that left after that would leave its call running.
 */
async function answerParsed(
  handler: McpHttpHandler,
  request: Request,
  {
    given,
    table,
    admission,
  }: {
    readonly given: Parameters<McpHttpHandler["fetch"]>[1];
    readonly table: ToolTable;
    readonly admission: Admission;
  },
): Promise<Response> {
  // Anything else is refused by its method or its content type, before its body is looked at.
  if (request.method !== "POST" || !isJsonContentType(request.headers.get("content-type")))
    return await handler.fetch(request, given);
  const text = await request.text();
  if (holdsTooMuch(text)) {
    const most = MOST_VALUES.toLocaleString("en-US");
    return badRequest(ProtocolErrorCode.InvalidRequest, `Messages of more than ${most} values are not accepted`);
  }
  let parsedBody: unknown;
  try {
    parsedBody = JSON.parse(text);
  } catch {
    return badRequest(ProtocolErrorCode.ParseError, "Parse error: the body is not JSON");
  }
  return refuseScopes(parsedBody, table, admission) ?? (await handler.fetch(request, { ...given, parsedBody }));
}

function badRequest(code: ProtocolErrorCode, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status: 400 });
}

/**
 * The one gate of scopes, for both eras, before anything is dispatched: a call that the caller's token does not allow is answered with
 * everything that a token for it needs. A tool that is not there for anybody in his place is left to be unknown.
 */
function refuseScopes(body: unknown, table: ToolTable, { asking, challenge }: Admission): Response | undefined {
  const { scopes, caller } = asking;
  if (!scopes) return undefined;
  for (const message of Array.isArray(body) ? body : [body]) {
    const name = calledTool(message);
    const entry = name === undefined ? undefined : findNarrowed(table, name, asking);
    if (entry && !mayUse(caller?.scopes ?? [], entry.catalog, scopes))
      return challenge(scopesOf(entry.catalog, scopes));
  }
  return undefined;
}

function calledTool(message: unknown): string | undefined {
  if (typeof message !== "object" || message === null || !("method" in message) || message.method !== "tools/call")
    return undefined;
  const params = "params" in message ? message.params : undefined;
  const name = typeof params === "object" && params !== null && "name" in params ? params.name : undefined;
  return typeof name === "string" ? name : undefined;
}
