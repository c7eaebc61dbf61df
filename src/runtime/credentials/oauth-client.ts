import type * as OAuth from "oauth4webapi";
import type { OAuth2 } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { fillFromEnvironment } from "../load/environment.ts";
import { readBytes } from "../send/read-bytes.ts";
import { loadTransport } from "../send/transport.ts";
import { endpointUrl } from "./vendor-url.ts";

/** An OAuth 2 client towards the vendor, with everything of this place filled in. */
export interface OAuthClient {
  readonly library: typeof OAuth;
  readonly server: OAuth.AuthorizationServer;
  readonly client: OAuth.Client;
  readonly authentication: OAuth.ClientAuth;
  readonly grant: OAuth2["grant"];
  readonly scope: string | undefined;
  /** Further parameters that are not empty. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Those of a request for a token that belong into its body. */
  readonly bodyParameters: Readonly<Record<string, string>>;
  /** Whether `iss` of an answer is held against a name that is known; otherwise against an origin. */
  readonly knowsIssuer: boolean;
  /** For every request: our connections, our caps, and an end. */
  readonly request: OAuth.HttpRequestOptions<"POST", URLSearchParams>;
}

/** Longest that a vendor may take for a token. */
const TIMEOUT_MS = 20_000;

/** Prepares the client of a credential; the library is loaded by the first that needs it. */
export async function oauthClient(
  deployment: Deployment,
  { servers, oauth2 }: { readonly servers: readonly string[]; readonly oauth2: OAuth2 },
): Promise<OAuthClient> {
  const library = await import("oauth4webapi");
  const text = (template: string | undefined): string | undefined => {
    const filled = template === undefined ? undefined : fillFromEnvironment(template, deployment.environment);
    return filled && "text" in filled && filled.text !== "" ? filled.text : undefined;
  };
  const url = (template: string) => {
    const spelled = text(template) ?? template;
    return endpointUrl(deployment, servers, spelled);
  };
  const parameters = Object.fromEntries(
    Object.entries(oauth2.parameters ?? {}).flatMap(([name, template]) => {
      const value = text(template);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const inQuery = oauth2.tokenParametersIn === "query";
  const tokenUrl = url(oauth2.tokenUrl);
  if (inQuery) for (const [name, value] of Object.entries(parameters)) tokenUrl.searchParams.append(name, value);
  const authorizationUrl = oauth2.authorizationUrl === undefined ? undefined : url(oauth2.authorizationUrl);
  const issuer = text(oauth2.issuer);
  const secret = text(oauth2.clientSecret);
  return {
    library,
    server: {
      issuer: issuer ?? (authorizationUrl ?? tokenUrl).origin,
      token_endpoint: tokenUrl.href,
      ...(authorizationUrl && { authorization_endpoint: authorizationUrl.href }),
      ...(oauth2.revocationUrl !== undefined && { revocation_endpoint: url(oauth2.revocationUrl).href }),
    },
    client: { client_id: text(oauth2.clientId) ?? "" },
    authentication: authenticationOf(library, secret, oauth2),
    grant: oauth2.grant,
    scope: text(oauth2.scope),
    parameters,
    bodyParameters: inQuery ? {} : parameters,
    knowsIssuer: issuer !== undefined,
    request: {
      [library.customFetch]: tokenFetch,
      [library.allowInsecureRequests]: tokenUrl.protocol === "http:", // which is this machine: the URL was checked
      signal: () => AbortSignal.timeout(TIMEOUT_MS),
    },
  };
}

function authenticationOf(library: typeof OAuth, secret: string | undefined, { clientAuthentication }: OAuth2) {
  if (secret === undefined) return library.None();
  return clientAuthentication === "client_secret_basic"
    ? library.ClientSecretBasic(secret)
    : library.ClientSecretPost(secret);
}

/** The server, under the name that it gave itself in an answer (`iss`), where no other name of it is known and the origin is its own. */
export function serverNamed({ server, knowsIssuer }: OAuthClient, iss: string | null): OAuthClient["server"] {
  if (knowsIssuer || iss === null || !URL.canParse(iss)) return server;
  return new URL(iss).origin === server.issuer ? { ...server, issuer: iss } : server; // another origin is refused by the library
}

/** A request for a token over our connections: no redirect is followed, no endless answer is read. */
export async function sendForm(
  url: string,
  init: OAuth.CustomFetchOptions<"POST", URLSearchParams>,
): Promise<{ readonly response: Response; readonly bytes: Uint8Array }> {
  const { dispatcher } = await loadTransport();
  const { method, headers, body, signal } = init;
  const options: RequestInit = { method, headers, body, redirect: "manual", signal: signal ?? null };
  // Node's fetch takes the dispatcher; its types name another copy of undici, whose agents are the same.
  const response = await fetch(url, Object.assign(options, { dispatcher }));
  return { response, bytes: await readBytes(response) };
}

async function tokenFetch(url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>): Promise<Response> {
  const { response, bytes } = await sendForm(url, init);
  return tokenResponse(bytes, response.status, response.headers);
}

/**
 * What the library is shown of an answer. An ID token is left out: who signed in is none of our business, so nothing of it is relied
 * on. JSON is JSON under any content type.
 */
function tokenResponse(bytes: Uint8Array, status: number, given: Headers): Response {
  const empty = bytes.byteLength === 0 || [204, 205, 304].includes(status);
  const headers = new Headers();
  const challenge = given.get("www-authenticate");
  if (challenge !== null) headers.set("www-authenticate", challenge);
  const answer = empty ? undefined : objectIn(bytes);
  if (answer) headers.set("content-type", "application/json");
  const { id_token: _, ...rest } = answer ?? {};
  return new Response(answer ? JSON.stringify(rest) : null, {
    status: status >= 200 && status <= 599 ? status : 502,
    headers,
  });
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
