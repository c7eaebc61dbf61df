/** What a vendor says about the next page: nothing, its URL on the vendor's own server, or one that is somewhere else. */
export type NextLink = "none" | "elsewhere" | URL;

/**
 * Looks for `rel="next"` in a `Link` header. Its address is never followed and no page number is read from it; it only has to be on the
 * vendor's own server.
 *
 *     '< https://api.acme.example/tickets?page=2>;rel="next"' → its URL
 *     '<https://evil.example/?page=2>; rel=next'              → "elsewhere"
 *
 * Lenient where vendors differ: spaces within `<…>`, `rel` with or without quotes, among several values and in any case.
 *
 * @param base URL of the request, which relative addresses are relative to (RFC 8288 §3.2).
 */
export function nextLink(header: string | null, base: URL): NextLink {
  if (header === null) return "none";
  for (const [, address = "", parameters = ""] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (relations(parameters).includes("next")) return linkTo(address, base);
  }
  return "none";
}

/** The URL of the next page, as a vendor writes it into the answer; nothing, `null` and an empty text say that there is none. */
export function linkTo(address: unknown, base: URL): NextLink {
  if (typeof address !== "string" || address.trim() === "") return "none";
  const text = address.trim();
  if (!URL.canParse(text, base.href)) return "elsewhere";
  const url = new URL(text, base.href);
  return url.origin === base.origin && url.username === "" && url.password === "" ? url : "elsewhere";
}

/** `;rel="next last"; title=x, ` → `["next", "last"]`; only the first `rel` counts (RFC 8288 §3.3). */
function relations(parameters: string): readonly string[] {
  const match = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters);
  return (match?.[1] ?? match?.[2] ?? "").toLowerCase().split(/\s+/);
}
