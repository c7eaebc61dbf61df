import type { IncomingMessage } from "node:http";
import type { Caller } from "../deployment.ts";

/** What a mode does with a request to the MCP endpoint, before anything else looks at it. */
export interface Gate {
  /** Says who it is, or answers instead. Only headers are looked at. */
  authenticate(request: IncomingMessage, at: Endpoint): Promise<Caller | Response>;
  /** Asks for a token with these scopes, for a call that the caller's do not allow; undefined: the mode knows no scopes. */
  readonly challenge?: (scopes: readonly string[], at: Endpoint) => Response;
}

/** The endpoint that a request came to, as clients call it. */
export interface Endpoint {
  /** `https://mcp.acme.com`, without a slash at the end. */
  readonly base: URL;
  /** `https://mcp.acme.com/mcp`: what a token must be for (RFC 8707). */
  readonly resource: URL;
  /** Every URL of the same endpoint, `resource` among them: a token may be for any. */
  readonly resources: readonly URL[];
}
