import type { AuthInfo } from "@modelcontextprotocol/server";
import type { Caller } from "../deployment.ts";
import type { RequestNarrowing } from "./narrowing-headers.ts";
import type { ScopeSettings } from "./settings.ts";

/** Who asks, and for how much: everything on which what he sees depends. */
export interface Asking {
  /** Undefined: whoever started the server. */
  readonly caller: Caller | undefined;
  readonly narrowing: RequestNarrowing;
  /** The scopes of tools; undefined: the mode knows none. */
  readonly scopes: ScopeSettings | undefined;
  /** IP address that the request came from, as far as it is known. */
  readonly address?: string | undefined;
}

/** The SDK hands on an object of its own kind; what we know stays on our side of it, and the token with neither. */
const carried = new WeakMap<AuthInfo, Asking>();

/** What the SDK carries for a request. */
export function carry(asking: Asking): AuthInfo {
  const { clientId = "", scopes = [] } = asking.caller ?? {};
  const info = { token: "", clientId, scopes: [...scopes] };
  carried.set(info, asking);
  return info;
}

/**
 * What it carried; undefined: a connection of this machine's own, over stdio.
 *
 * @throws when it is none of ours: then nobody was authenticated.
 */
export function askingOf(info: AuthInfo | undefined): Asking | undefined {
  if (!info) return undefined;
  const asking = carried.get(info);
  if (!asking) throw new Error("a request came in past the door");
  return asking;
}
