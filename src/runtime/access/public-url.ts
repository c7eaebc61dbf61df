import type { IncomingMessage } from "node:http";
import { forwarded } from "./forwarded.ts";

/** How the URL of this server, as clients call it, is found. */
export interface PublicAddress {
  /** What an operator said: it wins over everything that a request says. */
  readonly publicUrl: URL | undefined;
  /** A proxy stands in front, and what it says in `X-Forwarded-*` is believed. */
  readonly trustProxy: boolean;
  /** Hosts that may be named, besides this machine's own. */
  readonly mayBe: (host: string) => boolean;
}

/**
 * The URL of this server as the one who asks calls it, without a slash at the end.
 *
 * Only the operator's word, a trusted proxy's, or this machine's own name and port make it: with a `Host` of somebody's choice, a token
 * for another place could be passed off as one for here.
 */
export function publicUrlOf(request: IncomingMessage, address: PublicAddress): URL {
  const { headers, socket } = request;
  if (address.publicUrl) return address.publicUrl;
  const host = forwarded(request, "x-forwarded-host");
  if (address.trustProxy && host !== undefined && isHost(host) && address.mayBe(host)) {
    const scheme = forwarded(request, "x-forwarded-proto") === "http" ? "http" : "https";
    return new URL(`${scheme}://${host}`);
  }
  const { hostname } = new URL(`http://${headers.host ?? "localhost"}`); // the guards read it before
  return new URL(`http://${hostname}:${socket.localPort ?? 80}`);
}

/** `https://mcp.acme.com/tools` and `/mcp` → `https://mcp.acme.com/tools/mcp`. */
export function under(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, "")}${path}`;
  return url;
}

/** A path without that of the public URL: a proxy may take it away, or leave it. */
export function withoutPrefix(path: string, publicUrl: URL | undefined): string {
  const prefix = publicUrl?.pathname.replace(/\/$/, "") ?? "";
  if (prefix === "") return path;
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  // The inserted form has the prefix behind: /.well-known/oauth-protected-resource/tools/mcp
  return path.replace(/^(\/\.well-known\/[a-z-]+)(\/.*)$/, (whole, document: string, rest: string) =>
    rest === prefix || rest.startsWith(`${prefix}/`) ? `${document}${rest.slice(prefix.length)}` : whole,
  );
}

function isHost(text: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(text) && URL.canParse(`http://${text}`);
}
