import type { Deployment } from "../deployment.ts";
import type { RequestCookies } from "../request/types.ts";
import type { Cookies } from "./cookies.ts";
import { asVendorUrl } from "./vendor-url.ts";

/**
 * The cookies of a session as a request to a server sees them. The jar speaks the vendor's own URLs: a stand-in at
 * `http://127.0.0.1:9000` that speaks for `https://acme.example` may set `__Host-` cookies, and gets those of that origin alone.
 *
 * @param own Whether the answer may set some: only those to the session's own steps.
 */
export function requestCookies(deployment: Deployment, server: string, cookies: Cookies, own: boolean): RequestCookies {
  return {
    header: (url) => cookies.header(asVendorUrl(deployment, server, url)),
    keep: (url, lines) => {
      if (own && lines.length > 0) cookies.keep(asVendorUrl(deployment, server, url), lines);
    },
  };
}
