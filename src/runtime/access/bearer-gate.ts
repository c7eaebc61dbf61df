import {
  OAuthError,
  OAuthErrorCode,
  bearerAuthChallengeResponse,
  getOAuthProtectedResourceMetadataUrl,
  verifyBearerToken,
} from "@modelcontextprotocol/server";
import type { Caller } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { callerAddress } from "./caller-address.ts";
import { personKey } from "./caller-key.ts";
import type { Endpoint, Gate } from "./gate.ts";
import { allScopes } from "./scopes.ts";
import type { OpenAccess } from "./settings.ts";
import { type Verified, invalidToken } from "./verified.ts";
import type { VerifyToken } from "./verify-token.ts";

/** What the gate of either OAuth mode is made of. */
export interface BearerGateOptions {
  readonly settings: OpenAccess;
  readonly verify: VerifyToken;
  /** `iss`: with subject and client, it tells people apart. */
  readonly issuer: string;
  /** What tokens must be for, instead of the URL of the endpoint. */
  readonly audience: string | undefined;
  /** What a person brings for the vendor; undefined: the sign-in was revoked. */
  readonly credentials: (verified: Verified, key: string, at: Endpoint) => Promise<Caller["credentials"] | undefined>;
  /** A proxy in front says in `X-Forwarded-For` where a caller is. */
  readonly trustProxy: boolean;
  /** Told why nobody can be let in, when that is not the token's fault. */
  readonly onFault?: ((error: Error) => void) | undefined;
}

/**
 * Lets in whoever bears a token that was issued for this endpoint (RFC 6750, RFC 9728). The SDK parses the header, compares resource and
 * expiry, and writes the challenges.
 */
export function bearerGate(options: BearerGateOptions): Gate {
  const { settings, issuer, audience, verify, credentials, trustProxy, onFault } = options;
  const known = allScopes(settings.scopes);
  const { initial } = settings.scopes;

  async function callerOf(
    token: string,
    at: Endpoint,
    address: string,
  ): Promise<{ caller: Caller; expiresAt: number }> {
    const verified = await verify(token, audience === undefined ? at.resources.map(String) : [audience], address);
    const key = personKey(issuer, verified.subject, verified.clientId);
    const brought = await credentials(verified, key, at);
    if (brought === undefined) throw invalidToken("That sign-in was ended");
    const { subject, clientId, scopes, expiresAt } = verified;
    const caller = { key, subject, clientId: clientId === "" ? undefined : clientId, scopes, credentials: brought };
    return { caller, expiresAt };
  }

  return {
    async authenticate(request, at) {
      let caller: Caller | undefined;
      const verifier = {
        async verifyAccessToken(token: string) {
          const found = await callerOf(token, at, callerAddress(request, trustProxy));
          ({ caller } = found);
          // The token itself goes no further than this.
          const { clientId = "", scopes } = caller;
          return { token: "", clientId, scopes: [...scopes], expiresAt: found.expiresAt, resource: at.resource };
        },
      };
      try {
        await verifyBearerToken(request.headers.authorization, { verifier, expectedResource: at.resource });
        if (!caller) throw new Error("a token was verified, and nobody was found");
        if (!known.some((scope) => caller?.scopes.includes(scope)))
          throw new OAuthError(OAuthErrorCode.InsufficientScope, "The token allows nothing here");
        return caller;
      } catch (error) {
        if (error instanceof OAuthError) return challenge(error, initial, at);
        if (error instanceof Problem && error.code === "rate_limited") return tooOften(error);
        onFault?.(error instanceof Error ? error : new Error(String(error)));
        return unavailable();
      }
    },
    challenge: (scopes, at) =>
      challenge(
        new OAuthError(OAuthErrorCode.InsufficientScope, "This tool needs more than the token allows"),
        scopes,
        at,
      ),
  };
}

function challenge(error: OAuthError, scopes: readonly string[], { resource }: Endpoint): Response {
  return bearerAuthChallengeResponse(error, {
    requiredScopes: [...scopes],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
  });
}

function tooOften({ message, facts }: Problem): Response {
  const headers = { "retry-after": String(facts.retryAfterSeconds ?? 5) };
  return Response.json({ error: "too_many_requests", message }, { status: 429, headers });
}

/** The issuer cannot be asked: the client's token may be as good as ever, so it must not be told to get another. */
function unavailable(): Response {
  const message = "Who you are cannot be checked just now. Try again in a while.";
  return Response.json({ error: "temporarily_unavailable", message }, { status: 503, headers: { "retry-after": "5" } });
}
