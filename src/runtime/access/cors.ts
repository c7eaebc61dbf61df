import type { IncomingMessage, ServerResponse } from "node:http";

/** Headers that clients in a browser send; those of a mode come besides. */
const REQUEST_HEADERS = [
  "authorization",
  "content-type",
  "accept",
  "mcp-protocol-version",
  "mcp-method",
  "mcp-name",
  "mcp-session-id",
  "last-event-id",
  "x-mcp-readonly",
  "x-mcp-tools",
  "traceparent",
  "tracestate",
];
const EXPOSED = "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After";
const METHODS = "POST, GET, DELETE, OPTIONS";

/**
 * Lets a page of an origin that may use this server read what it answers. The guards refused every other origin before.
 *
 * @param more Headers of the mode, in small letters.
 * @returns true: it was a preflight (Fetch, CORS protocol), answered before anybody is asked who he is, as it carries no credentials.
 */
export function answerCors(request: IncomingMessage, response: ServerResponse, more: readonly string[]): boolean {
  const { origin } = request.headers;
  response.setHeader("vary", "origin");
  if (origin === undefined || origin === "") return false;
  response.setHeader("access-control-allow-origin", origin); // never `*`, and never with cookies: there are none
  response.setHeader("access-control-expose-headers", EXPOSED);
  const asked = request.headers["access-control-request-method"];
  if (request.method !== "OPTIONS" || asked === undefined) return false;
  // Arguments that a tool mirrors into headers have names of the tool's own.
  const mirrored = (request.headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => /^mcp-param-[a-z0-9-]{1,64}$/.test(name));
  response
    .writeHead(204, {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": [...REQUEST_HEADERS, ...more, ...mirrored].join(", "),
      "access-control-max-age": "600",
    })
    .end();
  return true;
}
