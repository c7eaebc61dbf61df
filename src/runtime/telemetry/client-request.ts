import { PROTOCOL_VERSION_META_KEY, type ServerContext } from "@modelcontextprotocol/server";
import type { ClientRequest, TraceContext } from "./telemetry.ts";

/** What is watched of a request, besides what it came with. */
interface Asked extends Pick<ClientRequest, "method" | "tool" | "args"> {
  /** What the client said in `initialize`, if it did. */
  readonly negotiated: string | undefined;
  /** IP address of the client; undefined: stdio. */
  readonly address: string | undefined;
}

/** A request of a client as telemetry is told of it. */
export function clientRequest({ negotiated, address, ...asked }: Asked, context: ServerContext): ClientRequest {
  const { mcpReq, http } = context;
  const { _meta: meta } = mcpReq;
  const headers = http?.req?.headers;
  // The key is the protocol's; what stands there is looked at below.
  const own = (mcpReq.envelope as Readonly<Record<string, unknown>> | undefined)?.[PROTOCOL_VERSION_META_KEY];
  const version = own ?? negotiated ?? headers?.get("mcp-protocol-version");
  return {
    ...asked,
    id: mcpReq.id,
    protocolVersion: typeof version === "string" && /^\d{4}-\d{2}-\d{2}$/.test(version) ? version : undefined,
    meta: traceContext((name) => meta?.[name]),
    http: headers && { headers: traceContext((name) => headers.get(name)), address },
  };
}

function traceContext(valueOf: (name: string) => unknown): TraceContext {
  const traceparent = valueOf("traceparent");
  const tracestate = valueOf("tracestate");
  return {
    ...(typeof traceparent === "string" && { traceparent }),
    ...(typeof tracestate === "string" && { tracestate }),
  };
}
