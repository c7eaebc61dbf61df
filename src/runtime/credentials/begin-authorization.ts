import type { OAuthClient } from "./oauth-client.ts";

/** A sign-in that was begun: where to send the person, and what must fit when the answer comes. JSON, so that it can wait in the vault. */
export interface Authorization {
  readonly url: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly verifier: string;
  /** Wanted back in an ID token. */
  readonly nonce?: string;
}

/** What an authorization request says of the client; `scope` undefined: what the server gives by itself. */
export type Requesting = Pick<OAuthClient, "library" | "server" | "client" | "scope" | "parameters">;

/**
 * Begins an authorization code flow (RFC 6749 §4.1) with PKCE S256 (RFC 7636). Further parameters never take the place of the flow's own.
 *
 * @throws when the server has no authorization endpoint.
 */
export async function beginAuthorization(
  { library, server, client, scope, parameters }: Requesting,
  redirectUri: string,
  nonce?: string,
): Promise<Authorization> {
  const { authorization_endpoint: endpoint } = server;
  if (endpoint === undefined) throw new Error(`${server.issuer} has no authorization endpoint`);
  const verifier = library.generateRandomCodeVerifier();
  const state = library.generateRandomState();
  const url = new URL(endpoint);
  const query = {
    ...parameters,
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    ...(scope !== undefined && { scope }),
    state,
    ...(nonce !== undefined && { nonce }),
    code_challenge: await library.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, redirectUri, state, verifier, ...(nonce !== undefined && { nonce }) };
}
