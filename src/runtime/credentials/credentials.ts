import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Credential } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { type LiveCredential, liveCredential } from "./live-credential.ts";
import type { Subject } from "./obtain-problem.ts";
import { oauthSource } from "./oauth-source.ts";
import { sessionSource } from "./session-source.ts";

/**
 * A credential of an API by its name.
 *
 * @throws {Problem} `internal`: the generator names only what there is.
 */
export function credentialNamed({ api }: Deployment, name: string): Credential {
  const credentials = api.definition.credentials ?? {};
  const credential = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (!credential) throw new Problem("internal", `There is no credential "${name}".`);
  return credential;
}

const opened = new WeakMap<Deployment, Map<string, LiveCredential>>();

/** The one holder of a credential that may change while the server runs; `undefined` when it is as the environment says. */
export function liveCredentialOf(deployment: Deployment, name: string): LiveCredential | undefined {
  const known = opened.get(deployment) ?? new Map<string, LiveCredential>();
  opened.set(deployment, known);
  const live = known.get(name) ?? openCredential(deployment, name);
  if (live) known.set(name, live);
  return live;
}

function openCredential(deployment: Deployment, name: string): LiveCredential | undefined {
  const credential = credentialNamed(deployment, name);
  const subject: Subject = { deployment, name, credential };
  const file = stateFileOf(deployment, name);
  if ("oauth2" in credential) return liveCredential(subject, oauthSource(subject, credential.oauth2), file);
  if ("session" in credential && credential.session) {
    return liveCredential(subject, sessionSource(subject, credential.session, credential.headers), file);
  }
  return undefined;
}

/**
 * Where a credential outlives the process: `<state directory>/credentials/<api>.<credential>.<digest>.json`. The digest is of the places
 * that it is for, so that what was obtained at one host is never shown to another.
 *
 * @returns `undefined` in a sandbox, whose tokens end with it.
 */
export function stateFileOf(deployment: Deployment, name: string): string | undefined {
  const { mode, stateDirectory, api, servers } = deployment;
  if (mode === "sandbox" || stateDirectory === undefined) return undefined;
  const places = credentialNamed(deployment, name).servers.map((server) => `${server} ${servers[server]?.href ?? ""}`);
  const digest = createHash("sha256").update(JSON.stringify(places.sort())).digest("hex").slice(0, 16);
  return join(stateDirectory, "credentials", `${api.definition.name}.${name}.${digest}.json`);
}
