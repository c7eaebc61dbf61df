import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import type { TokenEndpointResponse } from "oauth4webapi";
import { beginAuthorization } from "../../credentials/begin-authorization.ts";
import { type OAuthClient, serverNamed } from "../../credentials/oauth-client.ts";
import { type UpstreamOAuth, UpstreamRefusedError, type UpstreamTokens } from "./upstream.ts";
import { tokenRequest } from "./upstream-client.ts";

/** Our client at the vendor's authorization server. State, PKCE and the shapes of answers are the library's. */
export function upstreamOAuth(upstream: OAuthClient): UpstreamOAuth {
  const { library, server, client, authentication, scope, bodyParameters } = upstream;
  return {
    begin: async (redirectUri) => {
      const nonce = scope?.split(" ").includes("openid") ? library.generateRandomNonce() : undefined;
      return await beginAuthorization(upstream, redirectUri, nonce);
    },
    finish: async (answered, begun) =>
      await refusedOr(upstream, async () => {
        let idToken: string | undefined;
        const named = serverNamed(upstream, answered.searchParams.get("iss"));
        const callback = library.validateAuthResponse(named, client, answered, begun.state);
        const response = await library.authorizationCodeGrantRequest(
          named,
          client,
          authentication,
          callback,
          begun.redirectUri,
          begun.verifier,
          { ...tokenRequest(upstream, (token) => (idToken = token)), additionalParameters: bodyParameters },
        );
        const answer = await library.processAuthorizationCodeResponse(named, client, response);
        const subject = subjectOf(upstream, idToken, begun.nonce);
        return { ...tokensFrom(answer), ...(subject !== undefined && { subject }) };
      }),
    refresh: async (refreshToken) =>
      await refusedOr(upstream, async () => {
        const response = await library.refreshTokenGrantRequest(server, client, authentication, refreshToken, {
          ...tokenRequest(upstream, () => undefined),
          additionalParameters: bodyParameters,
        });
        return tokensFrom(await library.processRefreshTokenResponse(server, client, response), refreshToken);
      }),
    async revoke({ refreshToken, accessToken }) {
      if (server.revocation_endpoint === undefined) return;
      const options = tokenRequest(upstream, () => undefined);
      const token = refreshToken ?? accessToken;
      await library.processRevocationResponse(
        await library.revocationRequest(server, client, authentication, token, options),
      );
    },
  };
}

/** What the vendor said no with; its 5xx and what is no answer at all say nothing of the person. */
async function refusedOr<T>({ library }: OAuthClient, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof library.AuthorizationResponseError) throw new UpstreamRefusedError(error.error);
    if (error instanceof library.ResponseBodyError && error.status < 500) throw new UpstreamRefusedError(error.error);
    throw error;
  }
}

function tokensFrom(answer: TokenEndpointResponse, refreshToken?: string): UpstreamTokens {
  const obtainedAt = Date.now();
  const refresh = answer.refresh_token ?? refreshToken;
  return {
    accessToken: answer.access_token,
    ...(refresh !== undefined && { refreshToken: refresh }),
    obtainedAt,
    ...(answer.expires_in !== undefined && { expiresAt: obtainedAt + answer.expires_in * 1000 }),
  };
}

/**
 * Who an ID token speaks of. It came from the token endpoint itself, which stands in for its signature (OpenID Connect Core §3.1.3.7, 6);
 * one that is for somebody else, of another sign-in or of another issuer tells nothing.
 */
function subjectOf(
  { server, client, knowsIssuer }: OAuthClient,
  idToken: string | undefined,
  nonce: string | undefined,
): string | undefined {
  if (idToken === undefined) return undefined;
  try {
    const { iss = "", sub, aud, exp = 0, nonce: given } = decodeJwt(idToken);
    const issued = knowsIssuer ? iss === server.issuer : URL.canParse(iss) && new URL(iss).origin === server.issuer;
    const ours = [aud].flat().includes(client.client_id) && given === nonce && exp * 1000 > Date.now();
    if (!issued || !ours || sub === undefined || sub === "") return undefined;
    return createHash("sha256")
      .update(JSON.stringify([iss, client.client_id, sub]))
      .digest("hex")
      .slice(0, 32);
  } catch {
    return undefined;
  }
}
