import type * as OAuth from "oauth4webapi";
import { askForToken, TOKEN_TIMEOUT_MS } from "../../credentials/ask-for-token.ts";
import { type OAuthClient, oauthClient } from "../../credentials/oauth-client.ts";
import type { Deployment } from "../../deployment.ts";
import { isLoopback } from "../../load/base-url.ts";
import { StartError } from "../../load/start-error.ts";

/**
 * Prepares the client of the credential that `access.proxy` names.
 *
 * @throws {StartError} when it is no such credential, or a part of it is not set.
 */
export async function upstreamClient(deployment: Deployment, name: string): Promise<OAuthClient> {
  const { credentials = {}, title } = deployment.api.definition;
  const credential = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  const fail = (what: string, help: string) => new StartError(`access.mode oauth-proxy of ${title} ${what}`, help);
  const oauth2 = credential && "oauth2" in credential ? credential.oauth2 : undefined;
  if (!credential || oauth2?.grant !== "authorization_code" || oauth2.authorizationUrl === undefined) {
    throw fail(
      `needs an oauth2 credential of the grant authorization_code, and "${name}" is none`,
      "write one in tools.yaml, with authorization_url and token_url, and name it in access.proxy.credential",
    );
  }
  const client = await oauthClient(deployment, { servers: credential.servers, oauth2 });
  if (client.client.client_id !== "") return client;
  throw fail(
    `has no client id at the vendor: ${oauth2.clientId.replaceAll(/[{}$]|env\.|:-.*/g, "")} is not set`,
    "set it, and the secret beside it, to what the vendor gave you when you registered this server there",
  );
}

/** How a request for a token is sent, and where the ID token goes that comes with the answer. */
export function tokenRequest({ library, server }: OAuthClient, onIdToken: (token: string | undefined) => void) {
  const local = isLoopback(new URL(server.token_endpoint ?? "").hostname);
  return {
    [library.customFetch]: async (url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>) => {
      const { response, idToken } = await askForToken(url, init);
      onIdToken(idToken);
      return response;
    },
    [library.allowInsecureRequests]: local,
    signal: () => AbortSignal.timeout(TOKEN_TIMEOUT_MS),
  };
}
