import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { forwarded } from "../forwarded.ts";

/** What is read of a request. */
interface Asking {
  readonly headers: IncomingMessage["headers"];
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Of an IPv6 address, the half that one household or one machine in a cloud is given; the rest it chooses by itself. */
const NETWORK_GROUPS = 4;

/**
 * Where a request comes from, as strangers are counted by: the address of its connection, or, behind a proxy that an operator trusts, the
 * one that this proxy saw.
 *
 *     203.0.113.7 · ::ffff:203.0.113.7  →  203.0.113.7
 *     2001:db8:1:2:aaaa::1              →  2001:db8:1:2
 */
export function callerAddress(request: Asking, trustProxy: boolean): string {
  const told = trustProxy ? withoutPort(forwarded(request, "x-forwarded-for")) : undefined;
  const address = told ?? request.socket.remoteAddress ?? "";
  if (!ipaddr.isValid(address)) return "unknown"; // the connection is over
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : networkOf(parsed.toNormalizedString());
}

/** Some proxies write the port too: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string | undefined): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text ?? "")?.[1] ?? text?.replace(/^([^:]+):\d+$/, "$1");
  return bare !== undefined && ipaddr.isValid(bare) ? bare : undefined;
}

function networkOf(normalized: string): string {
  return normalized.split(":").slice(0, NETWORK_GROUPS).join(":");
}
