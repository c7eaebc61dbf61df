import type { LocatedServer } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { baseUrl } from "../load/base-url.ts";

/**
 * The vendor's own URL of a server, wherever its calls go here: a stand-in on loopback speaks for the vendor, whose cookies and whose
 * sign-in belong to the vendor's origin.
 */
export function ownUrl(deployment: Deployment, name: string): URL {
  const server = serverOf(deployment, name);
  const base = server && baseUrl(server, deployment.environment);
  if (base && "url" in base) return base.url;
  return new URL(`https://${name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}.invalid`); // its variables are not set, since calls go elsewhere
}

/** What a URL that was asked is called at the vendor. */
export function asVendorUrl(deployment: Deployment, name: string, url: URL): URL {
  const own = ownUrl(deployment, name);
  const here = deployment.servers[name];
  if (!here || here.href === own.href) return url;
  const rest = url.pathname.startsWith(here.pathname) ? url.pathname.slice(here.pathname.length) : url.pathname;
  return new URL(`${own.pathname.replace(/\/$/, "")}/${rest.replace(/^\//, "")}${url.search}`, own);
}

/**
 * An endpoint of the vendor's sign-in, as it is asked from here.
 *
 *     "/oauth/token"                  →  on the origin of the first server
 *     "https://{domain}/auth/token"   →  with the variables of the servers
 *
 * Where the calls of a server go elsewhere, so does what lies on its origin; in a sandbox everything goes to the first server's
 * stand-in, so that nothing leaves this machine (T14).
 */
export function endpointUrl(deployment: Deployment, servers: readonly string[], text: string): URL {
  const [first = ""] = servers;
  const variables = Object.assign(
    {},
    ...Object.keys(deployment.api.definition.servers).map((name) => serverOf(deployment, name)?.variables ?? {}),
  ) as Readonly<Record<string, string>>; // texts by name, all of them
  const relative = text.startsWith("/") && !text.startsWith("//");
  const spelled = relative ? `${ownUrl(deployment, first).origin}${text}` : text;
  const base = baseUrl({ url: spelled, variables }, deployment.environment);
  const own =
    "url" in base
      ? base.url
      : new URL(new URL(spelled.replaceAll(/\{[^{}]*\}/g, "x")).pathname, ownUrl(deployment, first));
  const moved = Object.keys(deployment.servers).find((name) => ownUrl(deployment, name).origin === own.origin);
  const there = moved ?? (deployment.mode === "sandbox" ? first : undefined);
  const origin = there === undefined ? own.origin : (deployment.servers[there]?.origin ?? own.origin);
  return new URL(own.pathname, origin);
}

function serverOf({ api }: Deployment, name: string): LocatedServer | undefined {
  const { servers } = api.definition;
  const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
  return server && "url" in server ? server : undefined;
}
