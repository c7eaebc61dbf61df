import type { CookieJar } from "tough-cookie";
import type { SeedCookie } from "./seed.ts";

/** The cookies of one session, as a request sees them. URLs are the vendor's own. */
export interface Cookies {
  /** The `Cookie` header for a URL; `undefined`: none. */
  header(url: URL): string | undefined;
  /** Keeps what an answer set (RFC 6265 §5.3); what it may not set is dropped. */
  keep(url: URL, lines: readonly string[]): void;
  /** Every value, to be masked. */
  secrets(): readonly string[];
  isEmpty(): boolean;
  /** As it is written down. */
  save(): object;
}

/**
 * Opens a jar of cookies out of what one wrote down, or empty. Prefixes (`__Host-`, `__Secure-`), `Secure`, domains and paths are obeyed
 * as by a browser, domains that belong to everybody (public suffixes) included.
 */
export async function openCookies(saved: object | undefined): Promise<Cookies> {
  const { CookieJar } = await import("tough-cookie");
  const options = { prefixSecurity: "strict", rejectPublicSuffixes: true } as const;
  const jar = saved ? CookieJar.deserializeSync(JSON.stringify(saved)) : new CookieJar(undefined, options);
  return cookiesOf(jar);
}

/** Cookies that somebody copied out of a browser: those without a domain are of the URL's host alone. */
export async function seedCookies(seed: readonly SeedCookie[], url: URL): Promise<Cookies> {
  const cookies = await openCookies(undefined);
  for (const { name, value, domain, path = "/" } of seed) {
    const shared = domain?.startsWith(".") === true && !name.startsWith("__Host-");
    cookies.keep(url, [`${name}=${value}; Path=${path}; Secure; HttpOnly${shared ? `; Domain=${domain}` : ""}`]);
  }
  return cookies;
}

function cookiesOf(jar: CookieJar): Cookies {
  const all = () => jar.serializeSync()?.cookies ?? [];
  return {
    header: (url) => jar.getCookieStringSync(url.href) || undefined,
    keep(url, lines) {
      for (const line of lines) jar.setCookieSync(line, url.href, { ignoreError: true });
    },
    secrets: () => all().flatMap(({ value }) => (typeof value === "string" ? [value] : [])),
    isEmpty: () => all().length === 0,
    save: () => jar.serializeSync() ?? {},
  };
}
