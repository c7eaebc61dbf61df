import { createHash } from "node:crypto";
import { callersBring } from "../access/settings.ts";
import type { Caller, Deployment } from "../deployment.ts";
import { variablesWithin } from "../load/environment.ts";

/**
 * Names the account that a quota belongs to, without saying anything of it: half of a SHA-256, in hex.
 *
 * Where every customer has a host of his own (its URL is read from the environment), the host is the account: a new
 * key for the same account must not come with a new quota. Where all share one host, the credential tells them apart: the server's own,
 * or the caller's, by the caller's key.
 */
export function accountDigest(deployment: Deployment, caller: Caller | undefined): string {
  const { definition } = deployment.api;
  const hosts = Object.entries(deployment.servers)
    .map(([name, url]) => `${name} ${url.href}`)
    .sort();
  const secrets = hasOwnHost(deployment)
    ? []
    : callersBring(deployment.access)
      ? [caller?.key ?? ""]
      : variablesWithin(definition.credentials ?? {}).map((name) => deployment.environment[name] ?? "");
  return createHash("sha256")
    .update(JSON.stringify([definition.name, hosts, secrets]))
    .digest("hex")
    .slice(0, 32);
}

/** Whose account a call is charged to: the one of this server, which is `""`, or the caller's own. */
export function accountOf(deployment: Deployment, caller: Caller | undefined): string {
  return hasOwnAccounts(deployment) ? (caller?.key ?? "") : "";
}

/** Whether every caller is charged to an account of his own. */
export function hasOwnAccounts(deployment: Deployment): boolean {
  return callersBring(deployment.access) && !hasOwnHost(deployment);
}

function hasOwnHost({ api }: Deployment): boolean {
  return variablesWithin(api.definition.servers).length > 0;
}
