import { createHash } from "node:crypto";
import type { Deployment } from "../deployment.ts";

/**
 * Names the account that a quota belongs to, without saying anything of it: half of a SHA-256, in hex.
 *
 * Where every customer has a host of his own (its URL is read from the environment), the host is the account: a new
 * key for the same account must not come with a new quota. Where all share one host, the credential tells them apart.
 */
export function accountDigest(deployment: Deployment): string {
  const { definition } = deployment.api;
  const hosts = Object.entries(deployment.servers)
    .map(([name, url]) => `${name} ${url.href}`)
    .sort();
  const ownHost = variablesIn(definition.servers).length > 0;
  const secrets = ownHost
    ? []
    : variablesIn(definition.credentials ?? {}).map((name) => deployment.environment[name] ?? "");
  return createHash("sha256")
    .update(JSON.stringify([definition.name, hosts, secrets]))
    .digest("hex")
    .slice(0, 32);
}

/** Names of the variables that a value reads, at any depth, sorted. */
function variablesIn(value: unknown): string[] {
  const names = JSON.stringify(value).matchAll(/\$env\.([A-Z][A-Z0-9_]*)/g);
  return [...new Set([...names].map((match) => match[1] ?? ""))].sort();
}
