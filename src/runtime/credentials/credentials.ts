import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Credential } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { fileStore } from "./file-store.ts";
import { redisStore } from "./redis-store.ts";
import type { CredentialStore } from "./store.ts";
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
  const store = storeOf(deployment, name);
  if ("oauth2" in credential) return liveCredential(subject, oauthSource(subject, credential.oauth2), store);
  if ("session" in credential && credential.session) {
    return liveCredential(subject, sessionSource(subject, credential.session, credential.headers), store);
  }
  return undefined;
}

/** Where a credential outlives the process; `undefined` in a sandbox, whose tokens end with it. */
export function storeOf(deployment: Deployment, name: string): CredentialStore | undefined {
  if (deployment.mode === "sandbox") return undefined;
  if (deployment.shared) return redisStore(deployment.shared, placedName(deployment, name));
  const file = stateFileOf(deployment, name);
  return file === undefined ? undefined : fileStore(file);
}

/** `<state directory>/credentials/<api>.<credential>.<digest>.json`; `undefined` where there is no such directory. */
export function stateFileOf(deployment: Deployment, name: string): string | undefined {
  const { mode, stateDirectory } = deployment;
  if (mode === "sandbox" || stateDirectory === undefined) return undefined;
  return join(stateDirectory, "credentials", `${placedName(deployment, name)}.json`);
}

/**
 * What a credential is kept under: `<api>.<credential>.<digest>`. The digest is of the places that it is for, so that what was obtained at one
 * host is never shown to another.
 */
function placedName(deployment: Deployment, name: string): string {
  const { api, servers } = deployment;
  const places = credentialNamed(deployment, name).servers.map((server) => `${server} ${servers[server]?.href ?? ""}`);
  const digest = createHash("sha256").update(JSON.stringify(places.sort())).digest("hex").slice(0, 16);
  return `${api.definition.name}.${name}.${digest}`;
}
