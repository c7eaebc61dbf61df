import type * as OAuth from "oauth4webapi";
import { isLoopback, parseBaseUrl } from "../../load/base-url.ts";
import { fillFromEnvironment } from "../../load/environment.ts";
import { StartError } from "../../load/start-error.ts";
import { readBytes } from "../../send/read-bytes.ts";
import { loadTransport } from "../../send/transport.ts";
import type { Deployment } from "../../deployment.ts";

/** The vendor's authorization server and our client there, with everything of this place filled in. */
export interface UpstreamClient {
  readonly library: typeof OAuth;
  readonly server: OAuth.AuthorizationServer;
  readonly client: OAuth.Client;
  readonly authentication: OAuth.ClientAuth;
  readonly scope: string | undefined;
  /** Further parameters of the authorization endpoint: a tenant. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Those of a request for a token that belong into its body. */
  readonly bodyParameters: Readonly<Record<string, string>>;
  /** Whether `iss` of an answer is held against a name that is known; otherwise against an origin. */
  readonly knowsIssuer: boolean;
}

/** What tools.yaml says of an OAuth 2 credential. */
interface OAuth2 {
  readonly grant: string;
  readonly tokenUrl: string;
  readonly authorizationUrl?: string;
  readonly revocationUrl?: string;
  readonly issuer?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post";
  readonly scope?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tokenParametersIn?: "query" | "body";
}

/** Longest that a vendor may take for a token. */
const TIMEOUT_MS = 20_000;

/**
 * Prepares the client of the credential that `access.proxy` names.
 *
 * @throws {StartError} when it is no such credential, or a part of it is not set.
 */
export async function upstreamClient({ api, environment }: Deployment, name: string): Promise<UpstreamClient> {
  const library = await import("oauth4webapi");
  const credentials = api.definition.credentials ?? {};
  const credential: object | undefined = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  const oauth2 = credential && "oauth2" in credential ? (credential.oauth2 as OAuth2) : undefined; // as the generator wrote it
  const fail = (what: string, help: string) =>
    new StartError(`access.mode oauth-proxy of ${api.definition.title} ${what}`, help);
  if (oauth2?.grant !== "authorization_code" || oauth2.authorizationUrl === undefined) {
    throw fail(
      `needs an oauth2 credential of the grant authorization_code, and "${name}" is none`,
      "write one in tools.yaml, with authorization_url and token_url, and name it in access.proxy.credential",
    );
  }
  const text = (template: string | undefined): string | undefined => {
    const filled = template === undefined ? undefined : fillFromEnvironment(template, environment);
    return filled && "text" in filled && filled.text !== "" ? filled.text : undefined;
  };
  const url = (template: string): URL => {
    const parsed = parseBaseUrl(text(template) ?? template);
    if ("url" in parsed) return parsed.url;
    throw fail(`cannot use ${template}: it ${parsed.problem}`, parsed.help);
  };
  const clientId = text(oauth2.clientId);
  if (clientId === undefined)
    throw fail(`has no client id at the vendor: ${oauth2.clientId} is not set`, "set it, and the secret beside it");
  const parameters = Object.fromEntries(
    Object.entries(oauth2.parameters ?? {}).flatMap(([key, template]) => {
      const value = text(template);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  const tokenUrl = url(oauth2.tokenUrl);
  const authorizationUrl = url(oauth2.authorizationUrl);
  const inQuery = oauth2.tokenParametersIn === "query";
  if (inQuery) for (const [key, value] of Object.entries(parameters)) tokenUrl.searchParams.append(key, value);
  const issuer = text(oauth2.issuer);
  const secret = text(oauth2.clientSecret);
  return {
    library,
    server: {
      issuer: issuer ?? authorizationUrl.origin,
      authorization_endpoint: authorizationUrl.href,
      token_endpoint: tokenUrl.href,
      ...(oauth2.revocationUrl !== undefined && { revocation_endpoint: url(oauth2.revocationUrl).href }),
    },
    client: { client_id: clientId },
    authentication:
      secret === undefined
        ? library.None()
        : oauth2.clientAuthentication === "client_secret_basic"
          ? library.ClientSecretBasic(secret)
          : library.ClientSecretPost(secret),
    scope: text(oauth2.scope),
    parameters,
    bodyParameters: inQuery ? {} : parameters,
    knowsIssuer: issuer !== undefined,
  };
}

/** An answer of the token endpoint, and the ID token that was beside it. */
export interface TokenAnswer {
  readonly response: Response;
  readonly idToken: string | undefined;
}

/**
 * How a request for a token is sent: over our connections, no redirect followed, no endless answer read. An ID token is taken out: the
 * library holds it against an issuer that few vendors' descriptions tell.
 */
export function tokenRequest({ library, server }: UpstreamClient, onIdToken: (token: string | undefined) => void) {
  const local = isLoopback(new URL(server.token_endpoint ?? "").hostname);
  return {
    [library.customFetch]: async (url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>) => {
      const { response, idToken } = await askForToken(url, init);
      onIdToken(idToken);
      return response;
    },
    [library.allowInsecureRequests]: local,
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
  };
}

async function askForToken(url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>): Promise<TokenAnswer> {
  const { dispatcher } = await loadTransport();
  const { method, headers, body, signal } = init;
  const options: RequestInit = { method, headers, body, redirect: "manual", signal: signal ?? null };
  // Node's fetch takes the dispatcher; its types name another copy of undici, whose agents are the same.
  const response = await fetch(url, Object.assign(options, { dispatcher }));
  const bytes = await readBytes(response);
  const kept = new Headers();
  const challenge = response.headers.get("www-authenticate");
  if (challenge !== null) kept.set("www-authenticate", challenge);
  const answer = objectIn(bytes);
  if (answer) kept.set("content-type", "application/json"); // JSON is JSON under any content type
  const { id_token: idToken, ...rest } = answer ?? {};
  const status = response.status >= 200 && response.status <= 599 ? response.status : 502;
  const bodiless = [204, 205, 304].includes(status);
  return {
    response: new Response(answer && !bodiless ? JSON.stringify(rest) : null, { status, headers: kept }),
    idToken: typeof idToken === "string" ? idToken : undefined,
  };
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
