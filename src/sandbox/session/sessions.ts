import { createHash, randomBytes } from "node:crypto";
import type { SessionRule } from "../grammar/identity.ts";

/** Tokens by their names, all of one reading of the session. */
export type TokenSet = Readonly<Record<string, string>>;

/** Somebody's session: every token and cookie that came of one seed. */
export interface Line {
  readonly user: unknown;
  /** Nothing of it opens anything any more. */
  ended: boolean;
}

/** Everything that the session site gave out. */
export interface Sessions {
  /** The line of tokens of one set that are good now. */
  lineOf(tokens: TokenSet): Line | undefined;
  csrf(cookie?: string): { readonly token: string; readonly cookie: string };
  isCsrf(token: unknown, cookie: string | undefined): boolean;
  /** Opens a session with tokens that were given out, old ones too. */
  open(tokens: TokenSet): { readonly cookie: string; readonly tokens: TokenSet } | undefined;
  /** New tokens, and the cookie for the next time; undefined when the session is gone. */
  read(cookie: string | undefined): Reading | undefined;
  /** access: all tokens, or those of one set; session: cookies, and what could open them again. */
  expire(what: "access" | "session", tokens?: TokenSet): void;
}

/** What reading a session answers. */
export interface Reading {
  readonly line: Line;
  readonly tokens: TokenSet;
  readonly cookie: string;
  /** Milliseconds since the epoch at which the session ends. */
  readonly expires: number;
}

interface GivenSet {
  readonly line: Line;
  readonly tokens: TokenSet;
  expires: number;
}

/** @param count told when a session is opened or read. */
export function createSessions(rule: SessionRule, clock: () => number, count: (what: string) => void): Sessions {
  const key = randomBytes(16);
  const sets: GivenSet[] = rule.seeds.map(({ user, tokens }) => ({
    line: { user, ended: false },
    tokens,
    expires: clock() + rule.expiresIn * 1000,
  }));
  const cookies = new Map<string, { readonly line: Line; readonly expires: number }>();
  const names = Object.keys(rule.seeds[0]?.tokens ?? {});
  // A header may carry fewer tokens than a set has: those that are there decide.
  const setOf = (given: TokenSet) =>
    sets.findLast(({ tokens }) => Object.entries(given).every(([name, value]) => tokens[name] === value));
  const keep = (line: Line) => {
    const cookie = random();
    cookies.set(cookie, { line, expires: clock() + rule.sessionExpiresIn * 1000 });
    return cookie;
  };
  const mark = (token: string) => createHash("sha256").update(key).update(token).digest("hex");
  const isCsrf: Sessions["isCsrf"] = (token, cookie) =>
    typeof token === "string" && cookie !== undefined && decode(cookie) === `${token}|${mark(token)}`;

  return {
    lineOf(tokens) {
      const found = Object.keys(tokens).length > 0 ? setOf(tokens) : undefined;
      return found && !found.line.ended && found.expires > clock() ? found.line : undefined;
    },
    csrf(cookie) {
      const [kept = ""] = decode(cookie ?? "").split("|");
      const token = isCsrf(kept, cookie) ? kept : random();
      return { token, cookie: `${token}|${mark(token)}` };
    },
    isCsrf,
    open(tokens) {
      const found = names.every((name) => tokens[name] !== undefined) ? setOf(tokens) : undefined;
      if (!found || found.line.ended) return undefined;
      count("session_opened");
      return { cookie: keep(found.line), tokens: found.tokens };
    },
    read(cookie) {
      const known = cookie === undefined ? undefined : cookies.get(decode(cookie));
      if (!known || cookie === undefined || known.line.ended || known.expires <= clock()) return undefined;
      count("session_read");
      const tokens = Object.fromEntries(names.map((name) => [name, random()]));
      sets.push({ line: known.line, tokens, expires: clock() + rule.expiresIn * 1000 });
      if (rule.rotate) cookies.delete(decode(cookie));
      return {
        line: known.line,
        tokens,
        cookie: rule.rotate ? keep(known.line) : decode(cookie),
        expires: known.expires,
      };
    },
    expire(what, tokens) {
      const only = tokens && setOf(tokens);
      if (what === "access") for (const set of tokens ? [only] : sets) if (set) set.expires = 0;
      if (what === "session") for (const { line } of sets) line.ended = true;
    },
  };
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function random(): string {
  return randomBytes(24).toString("base64url");
}
