import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { forwarded } from "./forwarded.ts";

/** What of a request tells where it comes from. */
export interface Addressed {
  readonly headers: IncomingMessage["headers"];
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The IP address that a request comes from: of its connection, or, behind a proxy that an operator trusts, the one that this proxy saw.
 *
 * @returns undefined when the connection is over.
 */
export function clientAddress(request: Addressed, trustProxy: boolean): string | undefined {
  const told = trustProxy ? withoutPort(forwarded(request, "x-forwarded-for")) : undefined;
  return told ?? request.socket.remoteAddress;
}

/** Some proxies write the port too: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string | undefined): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text ?? "")?.[1] ?? text?.replace(/^([^:]+):\d+$/, "$1");
  return bare !== undefined && isIP(bare) !== 0 ? bare : undefined;
}
