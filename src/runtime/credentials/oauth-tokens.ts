import type { TokenEndpointResponse } from "oauth4webapi";
import type { Authorization } from "./begin-authorization.ts";
import type { Held } from "./held.ts";
import { type OAuthClient, serverNamed } from "./oauth-client.ts";

/**
 * Asks for a token with what the client has of its own (RFC 6749 §4.4).
 *
 * @throws what the library or `fetch` throws: `obtainProblem` turns it into words.
 */
export async function tokenByClientCredentials(oauth: OAuthClient): Promise<Held> {
  const { library, server, client, authentication, request, bodyParameters, scope } = oauth;
  const parameters = { ...bodyParameters, ...(scope !== undefined && { scope }) };
  const response = await library.clientCredentialsGrantRequest(server, client, authentication, parameters, request);
  return heldFrom(await library.processClientCredentialsResponse(server, client, response));
}

/** Asks for another token with a refresh token (RFC 6749 §6), which stays in use unless the vendor sends another. */
export async function tokenByRefresh(oauth: OAuthClient, refreshToken: string): Promise<Held> {
  const { library, server, client, authentication, request, bodyParameters } = oauth;
  const response = await library.refreshTokenGrantRequest(server, client, authentication, refreshToken, {
    ...request,
    additionalParameters: bodyParameters,
  });
  return heldFrom(await library.processRefreshTokenResponse(server, client, response), refreshToken);
}

/**
 * Trades what the vendor sent a person back with for tokens.
 *
 * `state` must be the one that was sent out, and `iss` (RFC 9207), where the vendor gives it, the vendor's: its name where tools.yaml
 * says it, otherwise something of the origin on which people signed in.
 */
export async function tokenByCode(oauth: OAuthClient, answered: URL, begun: Authorization): Promise<Held> {
  const { library, client, authentication, request, bodyParameters } = oauth;
  const server = serverNamed(oauth, answered.searchParams.get("iss"));
  const callback = library.validateAuthResponse(server, client, answered, begun.state);
  const { redirectUri, verifier } = begun;
  const response = await library.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    callback,
    redirectUri,
    verifier,
    { ...request, additionalParameters: bodyParameters },
  );
  return heldFrom(await library.processAuthorizationCodeResponse(server, client, response));
}

/** Gives tokens back (RFC 7009), the refresh token first; does nothing where the vendor has no place for it. */
export async function revokeTokens(oauth: OAuthClient, { values }: Held): Promise<boolean> {
  const { library, server, client, authentication, request } = oauth;
  if (server.revocation_endpoint === undefined) return false;
  for (const token of [values["refreshToken"], values["accessToken"]]) {
    if (token === undefined) continue;
    const response = await library.revocationRequest(server, client, authentication, token, request);
    await library.processRevocationResponse(response);
  }
  return true;
}

function heldFrom(answer: TokenEndpointResponse, refreshToken?: string): Held {
  const now = Date.now();
  const refresh = answer.refresh_token ?? refreshToken;
  return {
    values: { accessToken: answer.access_token, ...(refresh !== undefined && { refreshToken: refresh }) },
    obtainedAt: now,
    ...(answer.expires_in !== undefined && { expiresAt: now + answer.expires_in * 1000 }),
  };
}
