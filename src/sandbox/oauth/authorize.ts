import type { Answer } from "../answer.ts";
import type { ClientRule, OauthRule } from "../grammar/identity.ts";
import type { Tokens } from "./tokens.ts";

/** What the endpoints know: the rule, what was given out, and who may sign in. */
export interface Authority {
  readonly rule: OauthRule;
  readonly tokens: Tokens;
  /** Key of the user with that key, or that value of a field of `users.match`. */
  readonly userOf: (name: unknown) => unknown;
  /** Who signs in when nobody is named. */
  readonly signedIn: () => unknown;
}

/**
 * The authorization endpoint (RFC 6749 §4.1.1, RFC 7636 §4.3): sends a code back at once, as if somebody had agreed.
 *
 * A client or a redirect URI that is not registered is told to the person, never sent anywhere (§4.1.2.1).
 */
export function authorize(query: URLSearchParams, { rule, tokens, userOf, signedIn }: Authority): Answer {
  const client = rule.clients.find(({ id }) => id === query.get("client_id"));
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!client) return page("There is no such client_id.");
  if (!client.redirectUris.some((registered) => fitsRedirect(registered, redirectUri)))
    return page("That redirect_uri is not registered for this client.");
  const back = (parameters: Readonly<Record<string, string>>): Answer => {
    const url = new URL(redirectUri);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const state = query.get("state");
    if (state !== null) url.searchParams.set("state", state);
    return { status: 302, headers: { location: url.href, "cache-control": "no-store" }, body: undefined };
  };
  const fault = faultOf(query, client, rule);
  if (fault) return back({ error: fault[0], error_description: fault[1] });
  const named = query.get("user");
  const user = named === null ? signedIn() : userOf(named);
  if (user === undefined) return back({ error: "access_denied", error_description: "there is no such user" });
  const challenge = query.get("code_challenge") ?? undefined;
  const scopes = scopesOf(query.get("scope"));
  return back({ code: tokens.code({ client: client.id, user, scopes, redirectUri, challenge }) });
}

/** The first thing that is wrong, as error and description. */
function faultOf(query: URLSearchParams, client: ClientRule, rule: OauthRule): readonly [string, string] | undefined {
  for (const name of query.keys())
    if (query.getAll(name).length > 1) return ["invalid_request", `${name} is there more than once`];
  if (query.get("response_type") !== "code") return ["unsupported_response_type", "response_type must be code"];
  if (!client.grants.includes("authorization_code"))
    return ["unauthorized_client", "this client may not ask for codes"];
  for (const [name, value] of Object.entries(rule.parameters))
    if (query.get(name) !== value) return ["invalid_request", `${name} is missing, or is not known`];
  const challenge = query.get("code_challenge");
  if (challenge === null && (client.pkce === "required" || client.secret === undefined))
    return ["invalid_request", "code_challenge is required"];
  if (challenge !== null && query.get("code_challenge_method") !== "S256")
    return ["invalid_request", "code_challenge_method must be S256"];
  if (challenge !== null && !/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return ["invalid_request", "code_challenge is no SHA-256 in base64url"];
  const unknown = unknownScope(scopesOf(query.get("scope")), rule);
  return unknown === undefined ? undefined : ["invalid_scope", `there is no scope ${unknown}`];
}

/** Scopes of a request, by the blanks between them. */
export function scopesOf(text: string | null): readonly string[] {
  return [...new Set((text ?? "").split(" ").filter(Boolean))];
}

/** The first scope that the vendor does not have. */
export function unknownScope(scopes: readonly string[], { scopes: known }: OauthRule): string | undefined {
  return scopes.find((scope) => !known.includes(scope));
}

/** Compared character by character (RFC 9700 §2.1), but for a port that the registration leaves open. */
function fitsRedirect(registered: string, given: string): boolean {
  const [before = "", after] = registered.split("{port}");
  if (after === undefined) return registered === given;
  if (!given.startsWith(before) || !given.endsWith(after)) return false;
  return /^\d{1,5}$/.test(given.slice(before.length, given.length - after.length));
}

function page(text: string): Answer {
  return { status: 400, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
