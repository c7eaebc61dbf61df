import type { IncomingMessage } from "node:http";
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";

/** A `Host` header that is a host, perhaps with a port, and nothing that a URL parser would read as something more. */
const HOST_HEADER = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * Why a request is refused before anything else looks at it, or undefined.
 *
 * A page on the web can make a browser send requests to this machine, under a host name of its own that it points here (DNS rebinding).
 * Such a request carries that name as `Host`, or the page as `Origin`; programs that are no browsers send no `Origin`.
 *
 * @param hosts Host names besides this machine's own that this server answers to.
 */
export function refusal({ headers }: IncomingMessage, hosts: readonly string[]): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !HOST_HEADER.test(host)) return "The Host header is missing or malformed.";
  if (!validateHostHeader(host, [...localhostAllowedHostnames(), ...hosts]).ok)
    return "This server does not answer to that Host.";
  if (!validateOriginHeader(origin, [...localhostAllowedOrigins(), ...hosts]).ok)
    return "This Origin may not use this server.";
  return undefined;
}
