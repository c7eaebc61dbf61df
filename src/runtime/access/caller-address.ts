import ipaddr from "ipaddr.js";
import { type Addressed, clientAddress } from "./client-address.ts";

/** Of an IPv6 address, the half that one household or one machine in a cloud is given; the rest it chooses by itself. */
const NETWORK_GROUPS = 4;

/**
 * Where a request comes from, as strangers are counted by.
 *
 *     203.0.113.7 · ::ffff:203.0.113.7  →  203.0.113.7
 *     2001:db8:1:2:aaaa::1              →  2001:db8:1:2
 */
export function callerAddress(request: Addressed, trustProxy: boolean): string {
  const address = clientAddress(request, trustProxy) ?? "";
  if (!ipaddr.isValid(address)) return "unknown"; // the connection is over
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : networkOf(parsed.toNormalizedString());
}

function networkOf(normalized: string): string {
  return normalized.split(":").slice(0, NETWORK_GROUPS).join(":");
}
