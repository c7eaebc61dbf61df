import type { Credential, OAuth2 } from "../../definition/api.ts";
import { nearest } from "../../definition/nearest.ts";
import { parseTemplate } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidSetting, unknownCredential, unknownServer } from "../../diagnostics/messages.ts";
import type { CredentialSettings, OAuth2Settings } from "../tools-file/credential-schema.ts";
import { within } from "../tools-file/origin.ts";
import { templateOf } from "../tools-file/variables.ts";
import type { ApiContext } from "./context.ts";
import { checkUrl } from "./servers.ts";
import { planSession } from "./session.ts";

/** Decides the credentials of an API: what is shown, where it comes from, and to which servers it goes. */
export function planCredentials(context: ApiContext): Record<string, Credential> {
  const credentials = Object.entries(context.entry.settings.credentials ?? {});
  return Object.fromEntries(credentials.map(([name, settings]) => [name, planCredential(context, name, settings)]));
}

function planCredential(context: ApiContext, name: string, settings: CredentialSettings): Credential {
  const at = within(context.entry.origin, "credentials", name);
  const shownTo = serversOf(context, at, settings.servers);
  checkInsteadOf(context, within(at, "instead_of"), settings.instead_of, shownTo);
  const { instead_of: insteadOf } = settings;
  return { ...showing(context, at, settings, shownTo), ...(insteadOf !== undefined && { insteadOf }) };
}

function showing(
  context: ApiContext,
  at: Origin,
  settings: CredentialSettings,
  servers: readonly string[],
): Credential {
  const { basic, bearer, headers = {}, query, oauth2, session } = settings;
  if (oauth2) return { servers, oauth2: planOAuth2(context, within(at, "oauth2"), oauth2) };
  if (session) {
    const names = [...new Set([...Object.keys(session.seed), ...Object.keys(session.values)])];
    return {
      servers,
      headers: templatesOf(context, within(at, "headers"), headers, names),
      session: planSession(context, within(at, "session"), session),
    };
  }
  const text = (value: string, ...path: readonly string[]) => templateIn(context, within(at, ...path), value, []);
  if (basic) {
    const { username, password } = basic;
    return {
      servers,
      basic: { username: text(username, "basic", "username"), password: text(password, "basic", "password") },
    };
  }
  if (bearer !== undefined) return { servers, bearer: text(bearer, "bearer") };
  if (query) return { servers, query: templatesOf(context, within(at, "query"), query, []) };
  return { servers, headers: templatesOf(context, within(at, "headers"), headers, []) };
}

/** What takes a place must fill it: that of a credential which stands for itself, at every server of it. */
function checkInsteadOf(context: ApiContext, at: Origin, name: string | undefined, servers: readonly string[]): void {
  if (name === undefined) return;
  const { settings } = context.entry;
  const credentials = settings.credentials ?? {};
  const known = Object.keys(credentials).filter((one) => credentials[one]?.instead_of === undefined);
  if (!known.includes(name)) {
    const near = nearest(name, known).map((one) => ({ name: one }));
    return context.report(unknownCredential({ at, name, near, known }));
  }
  const all = Object.keys(settings.servers).filter((server) => !settings.servers[server]?.hosts);
  const lacking = (credentials[name]?.servers ?? all).filter((server) => !servers.includes(server));
  if (lacking.length === 0) return;
  const expected = `a credential for ${servers.join(", ")}`;
  const got = `"${name}", which is for ${lacking.join(", ")} too`;
  context.report(invalidSetting({ at, problem: { kind: "wrong value", expected, got } }));
}

/** The servers that a credential is shown to; a URL that an answer gave is never among them. */
function serversOf({ entry, report }: ApiContext, at: Origin, named: readonly string[] | undefined): string[] {
  const known = Object.keys(entry.settings.servers).filter((name) => !entry.settings.servers[name]?.hosts);
  for (const [index, server] of named?.entries() ?? []) {
    if (known.includes(server)) continue;
    const near = nearest(server, known).map((one) => ({ name: one }));
    report(unknownServer({ at: within(at, "servers", index), name: server, near, known }));
  }
  return [...(named ?? known)];
}

function planOAuth2(context: ApiContext, at: Origin, settings: OAuth2Settings): OAuth2 {
  const { grant, client_authentication, token_parameters_in, redirect_port } = settings;
  const url = (key: "token_url" | "authorization_url" | "revocation_url"): string | undefined => {
    const text = settings[key];
    if (text === undefined) return undefined;
    const servers = Object.values(context.entry.settings.servers);
    const known = servers.flatMap(({ variables = {} }) => Object.keys(variables));
    const base = text.startsWith("/") && !text.startsWith("//") ? "https://relative" : "";
    checkUrl(context.report, base + text.replaceAll("${", "{$"), { at: within(at, key), known, addVariable: false });
    return templateOf(text);
  };
  const authorizationUrl = url("authorization_url");
  const revocationUrl = url("revocation_url");
  const { client_secret, issuer, scope, refresh_token, parameters } = settings;
  const more = Object.entries(parameters ?? {}).map(([name, text]) => [name, templateOf(text)]);
  return {
    grant,
    tokenUrl: url("token_url") ?? "",
    ...(authorizationUrl !== undefined && { authorizationUrl }),
    ...(revocationUrl !== undefined && { revocationUrl }),
    ...(issuer !== undefined && { issuer: templateOf(issuer) }),
    clientId: templateOf(settings.client_id),
    ...(client_secret !== undefined && { clientSecret: templateOf(client_secret) }),
    ...(client_authentication && { clientAuthentication: client_authentication }),
    ...(scope !== undefined && { scope: templateOf(scope) }),
    ...(refresh_token !== undefined && { refreshToken: templateOf(refresh_token) }),
    ...(more.length > 0 && { parameters: Object.fromEntries(more) as Record<string, string> }), // entries of two texts
    ...(token_parameters_in && { tokenParametersIn: token_parameters_in }),
    ...(redirect_port !== undefined && { redirectPort: redirect_port }),
  };
}

function templatesOf(
  context: ApiContext,
  at: Origin,
  texts: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  const entries = Object.entries(texts);
  return Object.fromEntries(entries.map(([key, text]) => [key, templateIn(context, within(at, key), text, names)]));
}

const EXPRESSION = /\{\$(?:uuid|credentials\.[A-Za-z_][A-Za-z0-9_-]*)\}/g;

/**
 * A text of a credential as a template: variables and `{$uuid}`, and of a session `{$credentials.name}`; all else is literal.
 *
 *     "{$credentials.id}-{$uuid}" → the same
 *     "${ACME_KEY}"               → "$env.ACME_KEY"
 */
function templateIn({ report }: ApiContext, at: Origin, text: string, names: readonly string[]): string {
  const expressions = text.match(EXPRESSION) ?? [];
  for (const expression of expressions) {
    const [parsed] = parseTemplate(expression);
    if (typeof parsed !== "object" || parsed.from !== "credentials" || names.includes(parsed.name)) continue;
    const known = names.map((name) => `{$credentials.${name}}`).join(" or ");
    const expected = names.length > 0 ? known : "a value that a `session` gives";
    const example = `{$credentials.${nearest(parsed.name, names)[0] ?? names[0] ?? "token"}}`;
    report(invalidSetting({ at, problem: { kind: "wrong value", expected, got: `"${expression}"`, example } }));
  }
  if (expressions.length === 0) return templateOf(text);
  const literals = text.split(EXPRESSION);
  return literals.map((literal, i) => `${embedded(literal, i)}${expressions[i] ?? ""}`).join("");
}

/** A part of a template beside an expression: even a variable alone stands in braces. */
function embedded(literal: string, index: number): string {
  if (literal === "") return "";
  const template = templateOf(index === 0 ? `${literal} ` : `- ${literal} `); // never alone, and only the first at the start
  return template.slice(index === 0 ? 0 : 2, -1);
}
