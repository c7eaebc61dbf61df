import { ROUTES } from "./provider-settings.ts";

/** What a path of our authorization server is for. */
export type Route =
  | { readonly to: "library" }
  | { readonly to: "metadata" }
  | { readonly to: "consent"; readonly uid: string }
  | { readonly to: "callback" }
  | { readonly to: "disconnect" };

const OWN: readonly string[] = Object.values(ROUTES);
const WELL_KNOWN = ["oauth-authorization-server", "openid-configuration"];

/**
 * Reads a path.
 *
 * @param base Path of the issuer within the public URL: empty, or `/mcp/acme` where several APIs are served.
 * @param resources Paths of the MCP endpoint; some clients look for our metadata there, inserted or appended.
 */
export function routeOf(path: string, base: string, resources: readonly string[]): Route | undefined {
  const places = ["", base, ...resources];
  for (const name of WELL_KNOWN) {
    const known = `/.well-known/${name}`;
    if (places.some((place) => path === `${known}${place}` || path === `${place}${known}`)) return { to: "metadata" };
  }
  if (!path.startsWith(`${base}/oauth/`)) return undefined;
  const own = path.slice(base.length);
  const uid = /^\/oauth\/consent\/([\w-]{1,64})$/.exec(own)?.[1];
  if (uid !== undefined) return { to: "consent", uid };
  if (own === "/oauth/callback") return { to: "callback" };
  if (own === "/oauth/disconnect") return { to: "disconnect" };
  return OWN.some((route) => own === route || own.startsWith(`${route}/`)) ? { to: "library" } : undefined;
}
