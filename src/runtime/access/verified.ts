import { OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import type { JWTPayload } from "jose";

/** What a token says once it was believed. */
export interface Verified {
  readonly claims: JWTPayload;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Reads who a token speaks for. */
export function verifiedOf(claims: JWTPayload): Verified {
  // Bound to a key that its holder must prove to have (RFC 9449, RFC 8705): whoever merely bears it may have stolen it.
  if (claims["cnf"] !== undefined) throw invalidToken("The token is bound to a key of its client");
  const clientId = textOf(claims["client_id"]) ?? textOf(claims["azp"]) ?? textOf(claims["cid"]) ?? "";
  const subject = textOf(claims.sub) ?? clientId;
  if (subject === "") throw invalidToken("The token names nobody");
  return { claims, subject, clientId, scopes: scopesIn(claims), expiresAt: claims.exp ?? 0 };
}

/** The error that is answered with 401. */
export function invalidToken(why: string): OAuthError {
  return new OAuthError(OAuthErrorCode.InvalidToken, why);
}

/** `scope` as RFC 8693 has it, or `scp`, a text or a list, as some issuers do. */
function scopesIn({ scope, scp }: JWTPayload): readonly string[] {
  const given = scope ?? scp;
  if (typeof given === "string") return given.split(" ").filter(Boolean);
  return Array.isArray(given) ? given.filter((one) => typeof one === "string") : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
