import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import * as oauth from "oauth4webapi";
import { Problem } from "../problem.ts";
import type { Bounds } from "./bounds.ts";
import { requestOptions } from "./issuer.ts";
import type { ResourceServerSettings } from "./settings.ts";
import { type Verified, invalidToken, verifiedOf } from "./verified.ts";

/** Asks the issuer about an opaque token. Throws as a verifier does. */
export type Introspect = (token: string, asked: Asked) => Promise<Verified>;

/** What a token is shown for. */
interface Asked {
  /** What it may be for. */
  readonly audiences: readonly string[];
  /** `iss`, in any of its spellings. */
  readonly issuers: readonly string[];
  /** Where it came from, as strangers are counted by; undefined: the issuer itself gave it. */
  readonly address: string | undefined;
}

/** An answer is believed until the token ends, and never for longer: what was revoked ends within this time. */
const MAX_AGE_MS = 60_000;
/** Tokens that are remembered at a time. */
const MAX_KNOWN = 5_000;

/**
 * Introspection (RFC 7662) at the endpoint that an operator named. Only tokens that are active are remembered, by their digest; how often an
 * issuer is asked about others is bounded for each address (T42).
 */
export function introspection(
  issuer: URL,
  settings: NonNullable<ResourceServerSettings["introspection"]>,
  bounds: Bounds,
): Introspect {
  const server = { issuer: issuer.href, introspection_endpoint: settings.url.href };
  const client = { client_id: settings.clientId };
  const known = new Map<string, { readonly until: number; readonly answer: oauth.IntrospectionResponse }>();

  async function ask(token: string, address: string | undefined): Promise<oauth.IntrospectionResponse> {
    const digest = createHash("sha256").update(token).digest("base64url");
    const before = known.get(digest);
    if (before && before.until > Date.now()) return before.answer;
    known.delete(digest);
    const answer = await (address === undefined ? introspected(token) : counted(token, address));
    if (!answer.active) throw invalidToken("The token is not valid here");
    const [oldest] = known.keys();
    if (known.size >= MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    const until = Math.min(Date.now() + MAX_AGE_MS, (answer.exp ?? 0) * 1000); // without an end nothing is remembered
    known.set(digest, { until, answer });
    return answer;
  }

  async function counted(token: string, address: string): Promise<oauth.IntrospectionResponse> {
    const seconds = await bounds.take("stranger", address);
    if (seconds !== undefined) throw tooOften(seconds);
    let harmless = true; // so is a token of which the issuer says nothing, since it cannot be asked
    try {
      const answer = await introspected(token);
      harmless = answer.active;
      return answer;
    } finally {
      if (harmless) await bounds.giveBack("stranger", address);
    }
  }

  async function introspected(token: string): Promise<oauth.IntrospectionResponse> {
    const response = await oauth.introspectionRequest(
      server,
      client,
      oauth.ClientSecretBasic(settings.clientSecret),
      token,
      { ...requestOptions(settings.url), additionalParameters: { token_type_hint: "access_token" } },
    );
    return await oauth.processIntrospectionResponse(server, client, response);
  }

  return async (token, { audiences, issuers, address }) => {
    const answer = await ask(token, address);
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

function tooOften(seconds: number): Problem {
  const message = `Too many tokens that are not valid came from your network. Try again in ${seconds} seconds.`;
  return new Problem("rate_limited", message, { retryable: true, retryAfterSeconds: seconds });
}
