import type { Authorization } from "../../credentials/begin-authorization.ts";

/** Our client at the vendor's authorization server: one id and one secret, for everybody. */
export interface UpstreamOAuth {
  /** Begins an authorization code flow with PKCE S256 (RFC 6749 §4.1, RFC 7636). */
  begin(redirectUri: string): Promise<Authorization>;
  /**
   * Trades what the vendor sent a person back with for tokens. `iss`, where the vendor gives it, must be the vendor's (RFC 9207).
   *
   * @throws {UpstreamRefusedError} when the vendor or the person said no; anything else: the vendor could not be asked.
   */
  finish(answered: URL, begun: Authorization): Promise<UpstreamTokens>;
  /** Gets new tokens (RFC 6749 §6). Throws as {@link finish} does. */
  refresh(refreshToken: string): Promise<UpstreamTokens>;
  /** Gives tokens back (RFC 7009), where the vendor takes them. */
  revoke(tokens: UpstreamTokens): Promise<void>;
}

/** What the vendor gave for a person. JSON. */
export interface UpstreamTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Milliseconds since the epoch. */
  readonly obtainedAt: number;
  readonly expiresAt?: number;
  /** Who it is, where the vendor tells: half a SHA-256 of issuer, client and `sub`. */
  readonly subject?: string;
}

/** The vendor said no, and asking again changes nothing. */
export class UpstreamRefusedError extends Error {
  override readonly name = "UpstreamRefusedError";
  /** As RFC 6749 §4.1.2.1 and §5.2 have it: `invalid_grant`, `access_denied`. */
  readonly code: string;

  constructor(code: string) {
    super(`the vendor answered ${code}`);
    this.code = code;
  }
}
