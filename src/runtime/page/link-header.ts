/** What a `Link` header says about the next page. */
export type NextLink = "none" | "here" | "elsewhere";

/**
 * Looks for `rel="next"` in a `Link` header. Its address is never followed and no page number is read from it; it only has to be on the
 * vendor's own server.
 *
 *     '< https://api.acme.example/tickets?page=2>;rel="next"' → "here"
 *     '<https://evil.example/?page=2>; rel=next'              → "elsewhere"
 *
 * Lenient where vendors differ: spaces within `<…>`, `rel` with or without quotes, among several values and in any case.
 *
 * @param base URL of the request, which relative addresses are relative to (RFC 8288 §3.2).
 */
export function nextLink(header: string | null, base: URL): NextLink {
  if (header === null) return "none";
  for (const [, address = "", parameters = ""] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!relations(parameters).includes("next")) continue;
    return isHere(address.trim(), base) ? "here" : "elsewhere";
  }
  return "none";
}

/** `;rel="next last"; title=x, ` → `["next", "last"]`; only the first `rel` counts (RFC 8288 §3.3). */
function relations(parameters: string): readonly string[] {
  const match = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters);
  return (match?.[1] ?? match?.[2] ?? "").toLowerCase().split(/\s+/);
}

function isHere(address: string, base: URL): boolean {
  if (!URL.canParse(address, base.href)) return false;
  const { origin, username, password } = new URL(address, base.href);
  return origin === base.origin && username === "" && password === "";
}
