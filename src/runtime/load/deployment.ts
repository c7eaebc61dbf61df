import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { ApiDefinition, Credential } from "../../definition/api.ts";
import { credentialVariables, readAccess } from "../access/read-access.ts";
import { callersBring } from "../access/settings.ts";
import { credentialsInEffect, type Place } from "../credentials/in-effect.ts";
import { asksPerson } from "../credentials/obtain-problem.ts";
import type { Deployment, LoadedApi } from "../deployment.ts";
import { openSharedState } from "../shared-state/shared-state.ts";
import { type BaseUrl, baseUrl, isLoopback, parseBaseUrl } from "./base-url.ts";
import { didYouMean } from "../../definition/nearest.ts";
import { type Environment, fillFromEnvironment, missingIn, variablesIn } from "./environment.ts";
import { StartError } from "./start-error.ts";
import { defaultStateDirectory } from "./state-directory.ts";

/** What makes of a generated API one that runs here. */
export interface DeploymentOptions {
  readonly api: LoadedApi;
  readonly mode: "live" | "sandbox";
  /** Variables the definition reads: the process environment, or the sandbox's own values. */
  readonly environment: Environment;
  /** Named servers whose calls go elsewhere: a staging host, a stand-in on loopback. */
  readonly serverOverrides?: Readonly<Record<string, string>> | undefined;
  /** Folders that a file argument may name a path in. Default: none. */
  readonly uploadRoots?: readonly string[] | undefined;
  /** Default: the user's state directory when live, memory only in the sandbox. */
  readonly stateDirectory?: string | undefined;
  readonly readOnly?: boolean | undefined;
  /** What a person types to sign in. Default: `toolwright login <api>`. */
  readonly loginCommand?: string | undefined;
  /**
   * Given when it is served over HTTP: where the settings of `access` are read from. That is the operator's own environment in a sandbox
   * too. Without it there is one caller, whoever starts this (stdio, the command line), and `access` says nothing.
   */
  readonly accessEnvironment?: Environment | undefined;
  /** A person signs in or out: only the variables of what people sign in for are needed, or of the one that is named. */
  readonly signIn?: { readonly named: string | undefined } | undefined;
}

/**
 * Puts an API and its place together, and checks everything that would make a call fail for a reason that is known now.
 *
 * @throws {StartError} naming all missing variables at once, or what is wrong with a server, a limit or a folder.
 */
export function createDeployment(options: DeploymentOptions): Deployment {
  const { api, mode } = options;
  const overrides = options.serverOverrides ?? {};
  const { definition } = api;
  refuseUnknownServers(definition, Object.keys(overrides));
  const access = options.accessEnvironment && readAccess(definition, options.accessEnvironment);
  const ours = options.signIn
    ? signedInFor(definition, options.signIn.named)
    : ourCredentials({ api, access, environment: options.environment });
  const environment = callersBring(access)
    ? withoutCredentials(definition, ours, options.environment)
    : options.environment;
  const missing = new Set<string>();
  const servers: Record<string, URL> = {};
  for (const [name, server] of Object.entries(definition.servers)) {
    const override = overrides[name];
    if ("hosts" in server && override === undefined) continue; // an earlier answer says where to go
    if (mode === "sandbox" && override === undefined) {
      throw new StartError(
        `the sandbox of ${definition.title} has no stand-in for its server "${name}"`,
        "start it without --sandbox",
      );
    }
    const base: BaseUrl =
      override === undefined && "url" in server ? baseUrl(server, environment) : parseBaseUrl(override ?? "");
    if ("missing" in base) base.missing.forEach((variable) => missing.add(variable));
    else if ("problem" in base)
      throw new StartError(`server "${name}" of ${definition.title}: the URL ${base.problem}`, base.help);
    else servers[name] = base.url;
  }
  missingIn(ours, environment).forEach((variable) => missing.add(variable));
  if (missing.size > 0) throw missingVariables(definition, [...missing].sort());
  if (mode === "sandbox") refuseRealServers(definition, servers);
  checkLimits(definition, environment);
  const shared = mode === "live" ? openSharedState(environment) : undefined;
  return {
    api,
    mode,
    environment,
    servers,
    uploadRoots: (options.uploadRoots ?? []).map(uploadRoot),
    stateDirectory: options.stateDirectory ?? (mode === "live" ? defaultStateDirectory(environment) : undefined),
    readOnly: options.readOnly ?? false,
    ...(options.loginCommand !== undefined && { loginCommand: options.loginCommand }),
    ...(access && { access }),
    ...(shared && { shared }),
  };
}

/** The credentials that are this server's own: those in effect, or, where callers bring theirs, what it is to the vendor's sign-in. */
function ourCredentials(place: Place): readonly Credential[] {
  const { credentials = {} } = place.api.definition;
  const signIn = place.access?.mode === "oauth-proxy" ? [place.access.credential] : [];
  const names = callersBring(place.access) ? signIn : credentialsInEffect(place);
  return names.flatMap((name) => credentials[name] ?? []);
}

/** The credentials that a person signs in for, or the one that is named. */
function signedInFor({ credentials = {} }: ApiDefinition, named: string | undefined): readonly Credential[] {
  return Object.entries(credentials).flatMap(([name, credential]) =>
    asksPerson(credential) && (named === undefined || name === named) ? [credential] : [],
  );
}

/** Takes away the variables of every other credential: where callers bring their own, there is nothing to fall back to. */
function withoutCredentials(
  { credentials = {} }: ApiDefinition,
  ours: readonly Credential[],
  environment: Environment,
): Environment {
  const all = Object.values(credentials);
  const kept = new Set(ours.flatMap(credentialVariables));
  const taken = new Set(all.flatMap(credentialVariables).filter((name) => !kept.has(name)));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !taken.has(name)));
}

/**
 * Reads `--server [NAME=]URL`; without a name it is the API's only server.
 *
 * @throws {StartError} when the name is missing and there are several servers, or is none of theirs.
 */
export function serverOverrides(definition: ApiDefinition, given: readonly string[]): Readonly<Record<string, string>> {
  const names = Object.keys(definition.servers);
  const pairs = given.map((text) => {
    const [, name, url] = /^([A-Za-z_][A-Za-z0-9_-]*)=(.*)$/.exec(text) ?? [];
    if (name !== undefined && url !== undefined) return [name, url] as const;
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return [only, text] as const;
    throw new StartError(
      `${definition.title} has several servers: ${names.join(", ")}`,
      `say which one: --server ${only}=${text}`,
    );
  });
  refuseUnknownServers(
    definition,
    pairs.map(([name]) => name),
  );
  return Object.fromEntries(pairs);
}

function refuseUnknownServers(definition: ApiDefinition, names: readonly string[]): void {
  const known = Object.keys(definition.servers);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new StartError(
      `${definition.title} has no server "${name}"${didYouMean(name, known)}`,
      `name one of its servers: ${known.join(", ")}`,
    );
  }
}

/** Whatever the environment and the flags say: nothing of a sandbox leaves this machine. */
function refuseRealServers(definition: ApiDefinition, servers: Readonly<Record<string, URL>>): void {
  for (const [name, url] of Object.entries(servers)) {
    if (isLoopback(url.hostname)) continue;
    throw new StartError(
      `the sandbox of ${definition.title} would send the calls of its server "${name}" to another machine`,
      "leave out --sandbox, or --server",
    );
  }
}

function checkLimits(definition: ApiDefinition, environment: Environment): void {
  const { calls = [], upstream = [], operations = {} } = definition.limits ?? {};
  for (const text of [...calls, ...upstream, ...Object.values(operations).flat()]) {
    const limit = fillFromEnvironment(text, environment);
    if ("text" in limit && /^[1-9]\d*\/(second|minute|hour|day|month)$/.test(limit.text)) continue;
    const [name] = variablesIn(text);
    throw name === undefined
      ? new StartError(
          `${definition.title} has the limit "${text}", which is no number of calls a time`,
          "write it like 100/minute",
        )
      : new StartError(
          `${name} must be a whole number of 1 or more: it is a limit of ${definition.title}`,
          `set it to a number, or leave it out: ${name}=100`,
        );
  }
}

function uploadRoot(folder: string): string {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new StartError(
      `the folder ${folder}, which is to be open to uploads, is not a folder`,
      "name an existing one",
    );
  }
  const real = realpathSync(folder);
  // With the whole disk open, so are keys, mail and everything that processes tell of themselves.
  if (dirname(real) === real) {
    throw new StartError(
      `${folder} would open the whole disk to uploads`,
      "name a folder that holds nothing but such files",
    );
  }
  return real;
}

function missingVariables(definition: ApiDefinition, names: readonly string[]): StartError {
  const are = names.length === 1 ? "is" : "are";
  return new StartError(
    `${definition.title} needs ${names.join(", ")}, which ${are} not set`,
    `set ${names.length === 1 ? "it" : "them"} in the environment or in a file .env: ${names.map((name) => `${name}=…`).join(" ")}`,
    names,
  );
}
