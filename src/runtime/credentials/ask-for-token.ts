import type * as OAuth from "oauth4webapi";
import { readBytes } from "../send/read-bytes.ts";
import { loadTransport } from "../send/transport.ts";

/** Longest that a vendor may take for a token. */
export const TOKEN_TIMEOUT_MS = 20_000;

/** An answer of the token endpoint as the library is shown it, and the ID token that was beside it. */
export interface TokenAnswer {
  readonly response: Response;
  readonly idToken: string | undefined;
}

/**
 * Asks a token endpoint over our connections: no redirect is followed, no endless answer is read. JSON is JSON under any content type. An
 * ID token is taken out: the library would hold it against an issuer that few vendors' descriptions tell.
 */
export async function askForToken(
  url: string,
  init: OAuth.CustomFetchOptions<"POST", URLSearchParams>,
): Promise<TokenAnswer> {
  const { dispatcher } = await loadTransport();
  const { method, headers, body, signal } = init;
  const options: RequestInit = { method, headers, body, redirect: "manual", signal: signal ?? null };
  // Node's fetch takes the dispatcher; its types name another copy of undici, whose agents are the same.
  const answered = await fetch(url, Object.assign(options, { dispatcher }));
  const answer = objectIn(await readBytes(answered));
  const { id_token: idToken, ...rest } = answer ?? {};
  const kept = new Headers();
  const challenge = answered.headers.get("www-authenticate");
  if (challenge !== null) kept.set("www-authenticate", challenge);
  if (answer) kept.set("content-type", "application/json");
  const status = answered.status >= 200 && answered.status <= 599 ? answered.status : 502;
  const bodiless = [204, 205, 304].includes(status);
  return {
    response: new Response(answer && !bodiless ? JSON.stringify(rest) : null, { status, headers: kept }),
    idToken: typeof idToken === "string" ? idToken : undefined,
  };
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
