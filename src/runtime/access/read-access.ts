import type { Access, ApiKeyAccess, StaticClient } from "../../definition/access.ts";
import type { ApiDefinition, Credential } from "../../definition/api.ts";
import { didYouMean } from "../../definition/nearest.ts";
import { parseBaseUrl } from "../load/base-url.ts";
import { type Environment, fillFromEnvironment, variablesIn } from "../load/environment.ts";
import { StartError } from "../load/start-error.ts";
import { headerName } from "../request/header.ts";
import { Problem } from "../problem.ts";
import { scopeSettings } from "./scopes.ts";
import type {
  AccessSettings,
  ApiKeySettings,
  OpenAccess,
  ProxySettings,
  ResourceServerSettings,
  SignInSettings,
} from "./settings.ts";

const MODES = ["env", "api-key-passthrough", "oauth-resource-server", "oauth-proxy"] as const;

/** An API whose access is read: where its texts are filled from, and how a person is told of one that is missing. */
interface Reading {
  readonly definition: ApiDefinition;
  /** The text of a setting; undefined: not set. */
  text(setting: string, template: string | undefined): string | undefined;
  /** The same for one that the mode cannot do without. */
  needed(setting: string, template: string | undefined): string;
  fail(problem: string, help: string): never;
}

/**
 * Reads who may call from the environment, as the server starts. The public URL is the one that tools.yaml says, or else
 * `TOOLWRIGHT_PUBLIC_URL`.
 *
 * @throws {StartError} naming the line that is missing or wrong. Security that is half there is not served.
 */
export function readAccess(definition: ApiDefinition, environment: Environment): AccessSettings {
  const { access } = definition;
  if (!access) return { mode: "env" };
  const reading = readingOf(definition, environment);
  const written = reading.text("mode", access.mode) ?? "env";
  const mode = MODES.find((known) => known === written);
  if (!mode) {
    return reading.fail(
      `has the mode "${written}"${didYouMean(written, [...MODES])}`,
      `set access.mode, or its variable, to one of ${MODES.join(", ")}`,
    );
  }
  if (mode === "env") return { mode };
  const open = openAccess(reading, access, environment["TOOLWRIGHT_PUBLIC_URL"]);
  if (mode === "api-key-passthrough") return apiKey(reading, access, open);
  if (mode === "oauth-resource-server") return resourceServer(reading, access, open);
  return proxy(reading, access, open);
}

function readingOf(definition: ApiDefinition, environment: Environment): Reading {
  const fail = (problem: string, help: string): never => {
    throw new StartError(`access of ${definition.title} ${problem}`, help);
  };
  const text = (setting: string, template: string | undefined): string | undefined => {
    if (template === undefined) return undefined;
    const filled = fillFromEnvironment(template, environment);
    if ("text" in filled) return filled.text.trim() === "" ? undefined : filled.text.trim();
    throw new StartError(
      `access.${setting} of ${definition.title} needs ${filled.missing.join(", ")}, which is not set`,
      `set it in the environment or in a file .env: ${filled.missing[0]}=…`,
      filled.missing,
    );
  };
  return {
    definition,
    text,
    fail,
    needed: (setting, template) => {
      const [variable] = variablesIn(template ?? "");
      return (
        text(setting, template) ??
        fail(
          `has no access.${setting}, which its mode needs`,
          variable === undefined ? `write access.${setting} in tools.yaml` : `set ${variable}=… for access.${setting}`,
        )
      );
    },
  };
}

function openAccess(reading: Reading, access: Access, fallback: string | undefined): OpenAccess {
  const publicUrl = reading.text("public_url", access.publicUrl) ?? fallback;
  return {
    publicUrl: publicUrl ? urlOf(reading, "public_url", publicUrl) : undefined,
    clients: (access.clients ?? []).flatMap((client, index) => staticClient(reading, client, index)),
    scopes: scopeSettings(access),
  };
}

function staticClient(reading: Reading, client: StaticClient, index: number): readonly StaticClient[] {
  const at = `clients[${index}]`;
  const clientId = reading.text(`${at}.client_id`, client.clientId);
  if (clientId === undefined) return [];
  const clientSecret = reading.text(`${at}.client_secret`, client.clientSecret);
  const redirectUris = client.redirectUris.map((uri) => reading.needed(`${at}.redirect_uris`, uri));
  return [{ clientId, ...(clientSecret !== undefined && { clientSecret }), redirectUris }];
}

function apiKey(reading: Reading, { apiKey: given }: Access, open: OpenAccess): ApiKeySettings {
  if (!given) return reading.fail("has no access.api_key, which its mode needs", "write access.api_key in tools.yaml");
  oneSecret(reading, given.credential);
  return {
    ...open,
    mode: "api-key-passthrough",
    credential: given.credential,
    header: headerOf(reading, given),
    scheme: schemeOf(reading, given),
    pattern: patternOf(reading, given),
    rawAuthorization: reading.text("api_key.raw_authorization", given.rawAuthorization) === "true",
  };
}

/** A header that carries a secret, and that means nothing else to a server in between. */
function headerOf(reading: Reading, { header }: ApiKeyAccess): string {
  try {
    const name = headerName(header);
    if (!/^(?:mcp-|sec-|x-mcp-|x-forwarded-)/.test(name)) return name;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return reading.fail(
    `cannot take a key as ${header}`,
    "name a header of its own in access.api_key.header: X-Acme-Api-Key",
  );
}

function schemeOf(reading: Reading, { scheme }: ApiKeyAccess): string {
  if (/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(scheme) && !/^(?:bearer|basic|digest|dpop|negotiate|mutual)$/i.test(scheme))
    return scheme;
  return reading.fail(
    `cannot take a key by the scheme ${scheme}`,
    "name one of its own in access.api_key.scheme: Acme-Key",
  );
}

function patternOf(reading: Reading, { pattern }: ApiKeyAccess): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, "u"); // judged when it was generated; here it fits the whole key
  } catch {
    return reading.fail(`has the pattern ${pattern}, which is none`, "mend access.api_key.pattern in tools.yaml");
  }
}

function resourceServer(reading: Reading, { resourceServer: given }: Access, open: OpenAccess): ResourceServerSettings {
  if (!given) {
    return reading.fail(
      "has no access.resource_server, which its mode needs",
      "write access.resource_server in tools.yaml",
    );
  }
  const upstream = reading.needed("resource_server.upstream", given.upstream);
  if (upstream !== "shared" && upstream !== "per-person") {
    return reading.fail(
      `has access.resource_server.upstream "${upstream}"`,
      "set it to per-person, or to shared: then everybody uses the server's own account",
    );
  }
  if (upstream === "per-person") {
    const credentials = Object.entries(reading.definition.credentials ?? {});
    for (const [name, { insteadOf }] of credentials) if (insteadOf === undefined) oneSecret(reading, name);
  }
  const url = (setting: string, template: string | undefined) => {
    const text = reading.text(`resource_server.${setting}`, template);
    return text === undefined ? undefined : urlOf(reading, `resource_server.${setting}`, text);
  };
  return {
    ...open,
    mode: "oauth-resource-server",
    issuer: issuerOf(reading, reading.needed("resource_server.issuer", given.issuer)),
    audience: reading.text("resource_server.audience", given.audience),
    jwksUri: url("jwks_uri", given.jwksUri),
    introspection: introspectionOf(reading, given.introspection),
    upstream,
    signIn: upstream === "per-person" ? signIn(reading, given.signIn, open.scopes.initial) : undefined,
  };
}

/** Who opens a link to connect an account must be signed in, or he could connect his for somebody else. */
function signIn(
  reading: Reading,
  given: NonNullable<Access["resourceServer"]>["signIn"],
  initial: readonly string[],
): SignInSettings {
  const at = "resource_server.sign_in";
  const parameters = Object.entries(given?.parameters ?? {}).flatMap(([name, template]) => {
    const value = reading.text(`${at}.parameters`, template);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    clientId: reading.needed(`${at}.client_id`, given?.clientId),
    clientSecret: reading.text(`${at}.client_secret`, given?.clientSecret),
    scope: reading.text(`${at}.scope`, given?.scope) ?? initial.join(" "),
    parameters: Object.fromEntries(parameters),
  };
}

/** All of its three settings, or none. */
function introspectionOf(
  reading: Reading,
  given: NonNullable<Access["resourceServer"]>["introspection"],
): ResourceServerSettings["introspection"] {
  const at = "resource_server.introspection";
  const texts = given && [given.url, given.clientId, given.clientSecret].map((one) => reading.text(at, one));
  if (!given || !texts || texts.every((one) => one === undefined)) return undefined;
  return {
    url: urlOf(reading, `${at}.url`, reading.needed(`${at}.url`, given.url)),
    clientId: reading.needed(`${at}.client_id`, given.clientId),
    clientSecret: reading.needed(`${at}.client_secret`, given.clientSecret),
  };
}

function proxy(reading: Reading, { proxy: given }: Access, open: OpenAccess): ProxySettings {
  if (!given) return reading.fail("has no access.proxy, which its mode needs", "write access.proxy in tools.yaml");
  if (!Object.hasOwn(reading.definition.credentials ?? {}, given.credential)) {
    return reading.fail(
      `names the credential "${given.credential}", which there is not`,
      "mend access.proxy.credential",
    );
  }
  return { ...open, mode: "oauth-proxy", credential: given.credential };
}

/** As it is written: whether an issuer's path ends with a slash is part of its name. */
function issuerOf(reading: Reading, text: string): URL {
  urlOf(reading, "resource_server.issuer", text);
  return new URL(text);
}

function urlOf(reading: Reading, setting: string, text: string): URL {
  const parsed = parseBaseUrl(text);
  if ("url" in parsed) return parsed.url;
  return reading.fail(`has the access.${setting} ${text}, which ${parsed.problem}`, parsed.help);
}

/** What a caller brings is one text: it takes the place of the one variable of a credential. */
function oneSecret(reading: Reading, name: string): void {
  const credentials = reading.definition.credentials ?? {};
  const credential = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (!credential)
    return reading.fail(`names the credential "${name}", which there is not`, "mend access.api_key.credential");
  if ("oauth2" in credential) return; // it shows one thing, an access token
  const variables = credentialVariables(credential);
  if (variables.length === 1) return;
  reading.fail(
    `lets callers bring the credential "${name}", which reads ${variables.length} variables`,
    "write a credential with one variable: what a caller brings is one secret",
  );
}

/** Names of the variables that a credential reads. */
export function credentialVariables({
  servers: _servers,
  insteadOf: _insteadOf,
  ...texts
}: Credential): readonly string[] {
  const found = JSON.stringify(texts).matchAll(/\$env\.([A-Z][A-Z0-9_]*)/g);
  return [...new Set([...found].map(([, name = ""]) => name))];
}
