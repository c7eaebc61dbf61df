import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  type McpHttpHandler,
  ProtocolErrorCode,
  createMcpHandler,
  isJsonContentType,
} from "@modelcontextprotocol/server";
import type { ServedApi } from "../load/narrow.ts";
import type { InFlight } from "./in-flight.ts";
import { type ServingOptions, mcpServers } from "./mcp-server.ts";
import { toolTable } from "./tool-table.ts";

/** What answers at the paths of an HTTP server. */
export interface Endpoints {
  /** Every path that answers MCP, the one to tell people about first. */
  readonly paths: readonly string[];
  /** Answers a request; false: nothing answers at that path. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends what the SDK still holds open. */
  close(): Promise<void>;
}

/** A body that is larger is refused before any of it is parsed. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** One API at `/mcp` and `/mcp/<api>`, several at `/mcp/<api>` each. */
export function endpoints(apis: readonly ServedApi[], calls: InFlight, options: ServingOptions): Endpoints {
  const handlers: McpHttpHandler[] = [];
  const routes = new Map<string, ReturnType<typeof toNodeHandler>>();
  for (const api of apis) {
    const handler = createMcpHandler(mcpServers(toolTable([api]), calls, options), {
      maxRequestBodySize: MAX_BODY_BYTES,
    });
    handlers.push(handler);
    const fetch: McpHttpHandler["fetch"] = async (request, given) => {
      const response = await answerParsed(handler, request, given);
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
    answer(path, request, response) {
      const node = routes.get(path);
      // The SDK's idea of a request lacks `| undefined` where Node's has it (exactOptionalPropertyTypes).
      void node?.(request as Parameters<typeof node>[0], response);
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
  given: Parameters<McpHttpHandler["fetch"]>[1],
): Promise<Response> {
  // Anything else is refused by its method or its content type, before its body is looked at.
  if (request.method !== "POST" || !isJsonContentType(request.headers.get("content-type")))
    return await handler.fetch(request, given);
  let parsedBody: unknown;
  try {
    parsedBody = JSON.parse(await request.text());
  } catch {
    const error = { code: ProtocolErrorCode.ParseError, message: "Parse error: the body is not JSON" };
    return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 400 });
  }
  return await handler.fetch(request, { ...given, parsedBody });
}
