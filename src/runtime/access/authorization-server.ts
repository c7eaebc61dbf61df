import type { IncomingMessage, ServerResponse } from "node:http";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import type { CallerCredentials, Deployment } from "../deployment.ts";
import type { OpenVault } from "../vault/open-vault.ts";
import type { ProxySettings } from "./settings.ts";

/**
 * Our own authorization server as the door sees it; `proxy/open-proxy.ts` makes it: `openProxy(options): Promise<AuthorizationServer>`.
 * The door verifies its tokens (`typ: at+jwt`, issuer, audience, scopes) as it does any issuer's, and asks it whose vendor token is shown.
 */
export interface AuthorizationServer {
  /** As in `iss`, and as in its metadata (RFC 8414). */
  readonly issuer: string;
  /** Public keys of its access tokens. */
  readonly keys: JWTVerifyGetKey;
  /** The algorithms of its access tokens. */
  readonly algorithms: readonly string[];
  /**
   * Answers at its own paths: metadata, authorize, token, registration, consent, callback, keys.
   *
   * @param path Without the path of the public URL, and without a query.
   * @returns false: it is none of its paths.
   */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
  /** What the person of a verified token brings for the vendor; undefined: that sign-in was revoked, which is our 401. */
  credentialsOf(claims: JWTPayload): Promise<CallerCredentials | undefined>;
  close(): Promise<void>;
}

/** What an authorization server is told. */
export interface AuthorizationServerOptions {
  readonly deployment: Deployment;
  readonly settings: ProxySettings;
  /** Where people and clients reach this server: `https://mcp.acme.com`, or `http://localhost:<port>`; no slash at the end. */
  readonly publicUrl: URL;
  /** URLs of the MCP endpoint, the first is the usual one: the only values of `resource` (RFC 8707). */
  readonly resources: readonly URL[];
  /** Every scope of ours, the least first. */
  readonly scopes: readonly string[];
  /** Where clients, grants and vendor tokens lie, and the ring for cookies. */
  readonly vault: OpenVault;
  /** A proxy in front says where requests come from. */
  readonly trustProxy: boolean;
  /** Told what is not the doing of whoever asked. */
  readonly onFault?: ((error: Error) => void) | undefined;
}
