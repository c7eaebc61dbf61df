import { isLoopback } from "../../load/base-url.ts";

/** What a client is, by RFC 7591 §2 and OpenID Connect Registration: it decides which redirect URIs it may have. */
export type ApplicationType = "web" | "native";

/** Schemes that a browser runs, shows or reads from this machine instead of handing them to a program. */
const NEVER: ReadonlySet<string> = new Set([
  "about:",
  "blob:",
  "data:",
  "file:",
  "filesystem:",
  "ftp:",
  "javascript:",
  "mailto:",
  "tel:",
  "vbscript:",
  "view-source:",
  "ws:",
  "wss:",
]);

/**
 * Why a redirect URI is refused, or undefined. Allowed are https, http on loopback (RFC 8252 §7.3), and a private-use scheme of a program
 * (RFC 8252 §7.1).
 *
 *     https://claude.ai/api/mcp/auth_callback · http://127.0.0.1:33418/ · cursor://anysphere.cursor-mcp/oauth/callback  →  undefined
 *     http://evil.example/cb  →  "http is only for this machine: http://evil.example"
 */
export function redirectRefusal(uri: unknown): string | undefined {
  if (typeof uri !== "string" || !URL.canParse(uri)) return "a redirect URI is no URI";
  const { protocol, hostname, username, password, hash, origin } = new URL(uri);
  if (uri.includes("#") || hash !== "") return "a redirect URI may have no fragment";
  if (username !== "" || password !== "") return "a redirect URI may name no user";
  if (protocol === "https:") return undefined;
  if (protocol === "http:") return isLoopback(hostname) ? undefined : `http is only for this machine: ${origin}`;
  return NEVER.has(protocol) ? `${protocol} is no scheme to send a person to` : undefined;
}

/**
 * What a client is when it does not say so: one that listens on its own machine or has a scheme of its own is a program there, whose port
 * may change from one sign-in to the next (RFC 8252 §7.3).
 */
export function applicationTypeOf(uris: readonly unknown[]): ApplicationType {
  const native = uris.some((uri) => {
    if (typeof uri !== "string" || !URL.canParse(uri)) return false;
    const { protocol } = new URL(uri);
    return protocol !== "https:"; // http is loopback here
  });
  return native ? "native" : "web";
}

/** Where a person will be sent, in words for the consent page. */
export function redirectPlace(uri: string): string {
  const { protocol, hostname, host } = new URL(uri);
  if (protocol === "http:" || isLoopback(hostname)) return `a program on this computer (${hostname})`;
  return protocol === "https:" ? host : `a program on this computer (${protocol}//)`;
}
