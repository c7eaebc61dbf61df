import type * as OAuth from "oauth4webapi";
import type { OAuth2 } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { fillFromEnvironment } from "../load/environment.ts";
import { askForToken, TOKEN_TIMEOUT_MS } from "./ask-for-token.ts";
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
      // Who signed in is none of our business here: nothing of an ID token is relied on.
      [library.customFetch]: async (url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>) =>
        (await askForToken(url, init)).response,
      [library.allowInsecureRequests]: tokenUrl.protocol === "http:", // which is this machine: the URL was checked
      signal: () => AbortSignal.timeout(TOKEN_TIMEOUT_MS),
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
