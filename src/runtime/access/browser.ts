import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RingKey } from "../sealing/key-ring.ts";

/** Tells browsers apart, so that what begins in one cannot end in another (CVE-2026-27124). */
export interface Browsers {
  /** The browser that a request comes from, if it was here before. */
  known(request: IncomingMessage): Browser | undefined;
  /** The same, or one that is given its cookie now. */
  greet(request: IncomingMessage, response: ServerResponse): Browser;
}

/** One browser. */
export interface Browser {
  /** Half a SHA-256 of its cookie: may be stored. */
  readonly key: string;
  /** What a form of a page for this browser carries, so that no page elsewhere can send it (CSRF). */
  token(purpose: string): string;
  /** Whether a form carries it. */
  holds(purpose: string, token: string | null): boolean;
}

const VALUE = /^[\w-]{43}$/;
/** As long as a sign-in may last: a person ends it from the same browser. */
const MAX_AGE_SECONDS = 180 * 24 * 3600;

/**
 * Browsers of one public URL. Over https the cookie is `__Host-`: no other host, and nothing over http, can set it. Over http, which is
 * this machine alone, browsers take no such name.
 */
export function browsers(publicUrl: URL, keys: readonly RingKey[]): Browsers {
  const secure = publicUrl.protocol === "https:";
  const name = secure ? "__Host-toolwright" : "toolwright";
  const [first] = keys;
  if (!first) throw new Error("a key ring has no key");
  const known = ({ headers }: IncomingMessage): Browser | undefined => {
    const value = cookieIn(headers.cookie, name);
    return value === undefined ? undefined : browserOf(value, first.key);
  };
  return {
    known,
    greet(request, response) {
      const before = known(request);
      if (before) return before;
      const value = randomBytes(32).toString("base64url");
      const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${MAX_AGE_SECONDS}${secure ? "; Secure" : ""}`;
      response.appendHeader("set-cookie", `${name}=${value}; ${attributes}`);
      return browserOf(value, first.key);
    },
  };
}

function browserOf(value: string, key: Uint8Array): Browser {
  const token = (purpose: string) => createHmac("sha256", key).update(`${value} ${purpose}`).digest("base64url");
  return {
    key: createHash("sha256").update(value).digest("hex").slice(0, 32),
    token,
    holds(purpose, given) {
      const wanted = Buffer.from(token(purpose));
      const shown = Buffer.from(given ?? "");
      return wanted.length === shown.length && timingSafeEqual(wanted, shown); // T45
    },
  };
}

/** Two cookies of the name are a trick (RFC 6265 §4.2.2 orders them by nothing that is known here): then there is none. */
function cookieIn(header: string | undefined, name: string): string | undefined {
  const found = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  const value = found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
  return value !== undefined && VALUE.test(value) ? value : undefined;
}
