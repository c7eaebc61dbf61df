import type { ForeignHosts } from "../../definition/api.ts";
import type { ExpressionText } from "../../definition/template.ts";
import type { Deployment } from "../deployment.ts";
import { isLoopback } from "../load/base-url.ts";
import { Problem } from "../problem.ts";
import { fillTemplate } from "./template.ts";
import type { Scope } from "./types.ts";

/**
 * The URL that an earlier answer gave, such as a presigned upload, if it leads to one of the hosts that the API names for it.
 *
 *     hosts ["*.amazonaws.com"]: https://b.s3.amazonaws.com/k?X-Amz-…  yes  ·  https://amazonaws.com/, https://b.amazonaws.com.evil.example/  no
 *
 * https at its usual port and without a user name, unless the deployment says where the host is: in a sandbox it is on this machine and nowhere
 * else; one that an operator put elsewhere (`--server`) is there and nowhere else.
 *
 * @throws {Problem} `invalid_response` naming the host and nothing else of the URL.
 */
export function foreignUrl(text: ExpressionText, server: string, scope: Scope, deployment: Deployment): URL {
  const { title, servers } = deployment.api.definition;
  const definition = Object.hasOwn(servers, server) ? servers[server] : undefined;
  if (!definition || !("hosts" in definition)) throw new Problem("internal", `"${server}" does not name hosts.`);
  const value = fillTemplate(text, scope);
  if (typeof value !== "string" || !URL.canParse(value)) {
    throw new Problem("invalid_response", `${title} gave no URL to send to. Nothing was sent there; try again later.`);
  }
  const url = new URL(value);
  url.hash = "";
  if (url.username + url.password !== "" || !leadsThere(url, definition, server, deployment)) {
    throw new Problem(
      "invalid_response",
      `${title} gave a URL of ${url.hostname.slice(0, 100) || "no host"}, where nothing may be sent. Whoever runs this server can allow that host in tools.yaml.`,
    );
  }
  return url;
}

function leadsThere(url: URL, { hosts }: ForeignHosts, server: string, { mode, servers }: Deployment): boolean {
  const web = url.protocol === "https:" || url.protocol === "http:";
  if (mode === "sandbox") return web && isLoopback(url.hostname);
  const elsewhere = Object.hasOwn(servers, server) ? servers[server] : undefined;
  if (elsewhere) return url.origin === elsewhere.origin;
  return url.protocol === "https:" && url.port === "" && hosts.some((host) => isHost(url.hostname, host));
}

/** `*.` stands for one label or more below a domain, never for the domain itself. */
function isHost(hostname: string, pattern: string): boolean {
  const host = hostname.toLowerCase();
  const wanted = pattern.toLowerCase();
  if (!wanted.startsWith("*.")) return host === wanted;
  const domain = wanted.slice(1);
  return host.endsWith(domain) && host.length > domain.length && !host.startsWith(".");
}
