import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import * as oauth from "oauth4webapi";
import { requestOptions } from "./issuer.ts";
import type { ResourceServerSettings } from "./settings.ts";
import { type Verified, invalidToken, verifiedOf } from "./verified.ts";

/** Asks the issuer about an opaque token. Throws as a verifier does. */
export type Introspect = (token: string, audiences: readonly string[], issuers: readonly string[]) => Promise<Verified>;

/** An answer is believed until the token ends, and never for longer: what was revoked ends within this time. */
const MAX_AGE_MS = 60_000;
/** Tokens that are remembered at a time. */
const MAX_KNOWN = 5_000;

/** Introspection (RFC 7662) at the endpoint that an operator named. Only tokens that are active are remembered, by their digest. */
export function introspection(issuer: URL, settings: NonNullable<ResourceServerSettings["introspection"]>): Introspect {
  const server = { issuer: issuer.href, introspection_endpoint: settings.url.href };
  const client = { client_id: settings.clientId };
  const known = new Map<string, { readonly until: number; readonly answer: oauth.IntrospectionResponse }>();

  async function ask(token: string): Promise<oauth.IntrospectionResponse> {
    const digest = createHash("sha256").update(token).digest("base64url");
    const before = known.get(digest);
    if (before && before.until > Date.now()) return before.answer;
    known.delete(digest);
    const response = await oauth.introspectionRequest(
      server,
      client,
      oauth.ClientSecretBasic(settings.clientSecret),
      token,
      { ...requestOptions(settings.url), additionalParameters: { token_type_hint: "access_token" } },
    );
    const answer = await oauth.processIntrospectionResponse(server, client, response);
    if (!answer.active) throw invalidToken("The token is not valid here");
    const [oldest] = known.keys();
    if (known.size >= MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    const until = Math.min(Date.now() + MAX_AGE_MS, (answer.exp ?? 0) * 1000); // without an end nothing is remembered
    known.set(digest, { until, answer });
    return answer;
  }

  return async (token, audiences, issuers) => {
    const answer = await ask(token);
    const { iss, aud, exp, nbf, token_type: type } = answer;
    if (iss !== undefined && !issuers.includes(iss)) throw invalidToken("The token is of another issuer");
    const forWhom = typeof aud === "string" ? [aud] : (aud ?? []);
    if (!forWhom.some((one) => audiences.includes(one))) throw invalidToken("The token is for another audience");
    if (nbf !== undefined && nbf * 1000 > Date.now() + 30_000) throw invalidToken("The token is not valid yet");
    if (type !== undefined && type.toLowerCase() !== "bearer" && type.toLowerCase() !== "access_token") {
      throw invalidToken("The token is no bearer token");
    }
    // The issuer has just said that it is active; the SDK wants to know until when.
    const lasts = exp ?? Math.floor(Date.now() / 1000) + 60;
    return verifiedOf({ ...(answer as JWTPayload), exp: lasts }); // the claims have the names that they have in a JWT
  };
}
