import { isIP } from "node:net";
import type { Attributes } from "@opentelemetry/api";
import type { FilledRequest } from "../request/types.ts";
import { firstOf } from "../shape/cut-text.ts";
import type { ClientRequest } from "./telemetry.ts";

/** Characters of a client's own id that are kept. */
const MAX_ID = 128;
/** Characters of arguments and of results, where an operator asks for them. */
const MAX_CONTENT = 8_192;

/** What a span says of a client's request (OpenTelemetry's conventions for MCP, status Development). */
export function serverAttributes({ method, tool, id, protocolVersion, http }: ClientRequest): Attributes {
  const address = http?.address;
  return {
    "mcp.method.name": method,
    "jsonrpc.request.id": firstOf(String(id), MAX_ID),
    ...(tool !== undefined && { "gen_ai.tool.name": tool }),
    ...(method === "tools/call" && { "gen_ai.operation.name": "execute_tool" }),
    ...(protocolVersion !== undefined && { "mcp.protocol.version": protocolVersion }),
    ...(http
      ? { "network.transport": "tcp", "network.protocol.name": "http", "network.protocol.version": "1.1" }
      : { "network.transport": "pipe" }),
    ...(address !== undefined && isIP(address) !== 0 && { "client.address": address }),
  };
}

/**
 * What spans and metrics say of a request to the vendor. The conventions want `url.full` too: that would be ids, queries and, of a presigned URL,
 * a secret. Of a host that an earlier answer named only the server's name in the definition is told: there may be any number of such hosts.
 */
export function clientAttributes(request: FilledRequest): Attributes {
  const template = templateOf(request);
  return {
    "http.request.method": request.method,
    "server.address": request.foreign ? request.server : request.url.hostname,
    ...(template !== undefined && { "url.template": template }),
  };
}

/** `/tickets/{id}`; undefined: the URL came with an earlier answer, so there is none. */
export function templateOf({ foreign, operation }: FilledRequest): string | undefined {
  return foreign ? undefined : operation.slice(operation.indexOf(" ") + 1);
}

/** A value as the text of an attribute, cut to fit. */
export function contentAttribute(value: unknown): string {
  return firstOf(JSON.stringify(value) ?? "", MAX_CONTENT);
}
