import { type JWTVerifyGetKey, createRemoteJWKSet, errors, jwtVerify } from "jose";
import type { Bounds } from "./bounds.ts";
import { isLoopback } from "../load/base-url.ts";
import { type Introspect, introspection } from "./introspect.ts";
import { issuerAt } from "./issuer.ts";
import type { ResourceServerSettings } from "./settings.ts";
import { type Verified, invalidToken, verifiedOf } from "./verified.ts";

/**
 * Believes a token, or not.
 *
 * @param audiences What it may be for.
 * @param address Where it came from, as strangers are counted by; undefined: the issuer itself gave it.
 * @throws {OAuthError} `invalid_token`; {Problem} `rate_limited`; any other error: the issuer could not be asked.
 */
export type VerifyToken = (token: string, audiences: readonly string[], address?: string) => Promise<Verified>;

/** Signatures by a key pair: none that a public key could forge, and never `none` (RFC 8725 §3.1). */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 30;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** What the tokens of one issuer are held against. */
export interface TokenRules {
  /** `iss`, in any of its spellings. */
  readonly issuers: readonly string[];
  readonly keys: JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  /** `typ` must be there: tokens are our own. */
  readonly ownTokens: boolean;
}

/** Verifies tokens of an issuer elsewhere: JWTs by its keys, opaque ones by asking it. */
export function verifierOf(settings: ResourceServerSettings, bounds: Bounds): VerifyToken {
  const { issuer } = settings;
  const elsewhere = issuerAt(issuer);
  const ask: Introspect | undefined = settings.introspection && introspection(issuer, settings.introspection, bounds);
  let keys: { readonly uri: string; readonly set: JWTVerifyGetKey } | undefined;
  const keysOf = async (): Promise<JWTVerifyGetKey> => {
    const uri = settings.jwksUri?.href ?? (await elsewhere.metadata()).jwks_uri;
    if (uri === undefined) throw new Error(`${issuer.host} names no keys: its metadata have no jwks_uri`);
    if (keys?.uri !== uri) keys = { uri, set: createRemoteJWKSet(keysUrl(uri), { timeoutDuration: 5_000 }) };
    return keys.set;
  };
  // The URL of an issuer without a path has two spellings, and issuers use either.
  const issuers = issuer.pathname === "/" ? [issuer.origin, `${issuer.origin}/`] : [issuer.href];
  return async (token, audiences, address) => {
    if (JWT.test(token)) {
      return await verifyJwt(token, audiences, {
        issuers,
        keys: await keysOf(),
        algorithms: ALGORITHMS,
        ownTokens: false,
      });
    }
    if (!ask) throw invalidToken("The token is of no kind that is taken here");
    return await ask(token, { audiences, issuers, address });
  };
}

/**
 * Verifies a JWT: signature, `alg`, `typ` where it is given, `iss`, `aud`, `exp` (RFC 9068 §4, RFC 8725).
 *
 * @throws {OAuthError} `invalid_token`.
 */
export async function verifyJwt(token: string, audiences: readonly string[], rules: TokenRules): Promise<Verified> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, rules.keys, {
      issuer: [...rules.issuers],
      audience: [...audiences],
      algorithms: [...rules.algorithms],
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ["exp"],
    });
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, "");
    const accepted = rules.ownTokens ? type === "at+jwt" : type === undefined || type === "jwt" || type === "at+jwt";
    if (!accepted) throw invalidToken("The token is not an access token");
    return verifiedOf(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw invalidToken("Token has expired");
    // What a token can be wrong with; its issuer's keys being out of reach is another matter.
    if (isTokenFault(error)) throw invalidToken("The token is not valid here");
    throw error;
  }
}

function isTokenFault(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC")
  );
}

function keysUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  throw new Error(`the keys of ${url.host} must be had by https`);
}
