import type { IncomingMessage } from "node:http";
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";

/** A `Host` header that is a host, perhaps with a port, and nothing that a URL parser would read as something more. */
const HOST_HEADER = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Whom a server answers besides this machine. */
export interface Allowed {
  /** Host names, without a port; pages of theirs may call too. */
  readonly hosts: readonly string[];
  /** Origins of pages elsewhere, whole: `https://app.example.com`. */
  readonly origins: readonly string[];
}

/**
 * Why a request is refused before anything else looks at it, or undefined.
 *
 * A page on the web can make a browser send requests to this machine, under a host name of its own that it points here (DNS rebinding).
 * Such a request carries that name as `Host`, or the page as `Origin`; programs that are no browsers send no `Origin`.
 */
export function refusal({ headers }: IncomingMessage, { hosts, origins }: Allowed): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !HOST_HEADER.test(host)) return "The Host header is missing or malformed.";
  if (!validateHostHeader(host, [...localhostAllowedHostnames(), ...hosts]).ok)
    return "This server does not answer to that Host.";
  if (origin !== undefined && origins.includes(origin)) return undefined;
  if (!validateOriginHeader(origin, [...localhostAllowedOrigins(), ...hosts]).ok)
    return "This Origin may not use this server.";
  return undefined;
}
