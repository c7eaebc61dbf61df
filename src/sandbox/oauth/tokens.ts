import { createHash, randomBytes } from "node:crypto";
import type { OauthRule } from "../grammar/identity.ts";

/** What somebody allowed a client. */
export interface Grant {
  readonly client: string;
  /** Key of the user in their collection; undefined for a client that acts for nobody. */
  readonly user: unknown;
  readonly scopes: readonly string[];
}

/** A code, and what must come with it. */
export interface CodeRequest extends Grant {
  readonly redirectUri: string;
  /** SHA-256 of the verifier, base64url (RFC 7636); undefined when the client sent none. */
  readonly challenge: string | undefined;
}

/** The token endpoint's answer (RFC 6749 §5.1). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
}

interface Issued extends Grant {
  /** Everything that came of one consent. */
  readonly line: string;
  /** Milliseconds since the epoch. */
  expires: number;
}

/** Everything that the authorization server gave out. */
export interface Tokens {
  /** The grant of a good access token. */
  grantOf(accessToken: string): Grant | undefined;
  code(request: CodeRequest): string;
  /** Redeems a code, once: a second time ends all that came of it (RFC 6749 §4.1.2). */
  redeem(code: string, fits: (request: CodeRequest) => boolean): TokenAnswer | undefined;
  /** Redeems a refresh token; with rotation once, and a second time ends its line (RFC 9700 §4.14.2). */
  refresh(token: string, client: string, scopes?: readonly string[]): TokenAnswer | "invalid_scope" | undefined;
  issue(grant: Grant): TokenAnswer;
  /** Ends one access token, or all of a kind. */
  expire(what: "access" | "refresh", accessToken?: string): void;
}

/** @param count told of every token that is given out, by grant. */
export function createTokens(rule: OauthRule, clock: () => number, count: (grant: string) => void): Tokens {
  const access = new Map<string, Issued>();
  const refreshes = new Map<string, Issued & { used: boolean }>();
  const codes = new Map<string, CodeRequest & { readonly line: string; readonly expires: number; used: boolean }>();

  const give = (grant: Grant, line: string, lasting: boolean): TokenAnswer => {
    const token = random();
    access.set(token, { ...grant, line, expires: clock() + rule.expiresIn * 1000 });
    const answer = {
      access_token: token,
      token_type: "Bearer",
      expires_in: rule.expiresIn,
      scope: grant.scopes.join(" "),
    } as const;
    const { scope: needed } = rule.refresh;
    if (!lasting || (needed !== undefined && !grant.scopes.includes(needed))) return answer;
    const refresh = random();
    refreshes.set(refresh, { ...grant, line, expires: clock() + rule.refresh.expiresIn * 1000, used: false });
    return { ...answer, refresh_token: refresh };
  };
  const end = (line: string) => {
    for (const issued of [...access.values(), ...refreshes.values()]) if (issued.line === line) issued.expires = 0;
  };

  return {
    grantOf(token) {
      const issued = access.get(token);
      return issued && issued.expires > clock() ? issued : undefined;
    },
    code(request) {
      const code = random();
      codes.set(code, { ...request, line: random(), expires: clock() + rule.codeExpiresIn * 1000, used: false });
      return code;
    },
    redeem(code, fits) {
      const known = codes.get(code);
      if (known?.used === true) end(known.line);
      if (!known || known.used || known.expires <= clock() || !fits(known)) return undefined;
      known.used = true;
      count("authorization_code");
      return give(known, known.line, true);
    },
    refresh(token, client, scopes) {
      const known = refreshes.get(token);
      if (!known || known.client !== client || known.expires <= clock()) return undefined;
      if (known.used) {
        count("refresh_token_reused");
        end(known.line);
        return undefined;
      }
      if (scopes && !scopes.every((scope) => known.scopes.includes(scope))) return "invalid_scope";
      count("refresh_token");
      if (!rule.refresh.rotate) return { ...give({ ...known, scopes: scopes ?? known.scopes }, known.line, false) };
      known.used = true;
      return give({ ...known, scopes: scopes ?? known.scopes }, known.line, true);
    },
    issue(grant) {
      count("client_credentials");
      return give(grant, random(), false);
    },
    expire(what, token) {
      const kind = what === "access" ? access : refreshes;
      for (const [value, issued] of kind) if (token === undefined || value === token) issued.expires = 0;
    },
  };
}

/** The challenge of a verifier (RFC 7636 §4.2, S256). */
export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier, "ascii").digest("base64url");
}

function random(): string {
  return randomBytes(24).toString("base64url");
}
