import * as oauth from "oauth4webapi";

/** How long an issuer's metadata are believed; its keys are looked after by `jose`. */
const FRESH_MS = 10 * 60_000;
/** And how long one that could not be asked is left alone. */
const FAILED_MS = 2_000;
const TIMEOUT_MS = 5_000;

/** The metadata of an authorization server elsewhere (RFC 8414, or OpenID Connect Discovery), asked for when they are needed. */
export interface Issuer {
  /** @throws when it cannot be reached, or its metadata name another issuer. */
  metadata(): Promise<oauth.AuthorizationServer>;
}

/** An issuer by its URL. */
export function issuerAt(url: URL): Issuer {
  let asked: { readonly until: number; readonly answer: Promise<oauth.AuthorizationServer> } | undefined;
  return {
    async metadata() {
      if (!asked || asked.until < Date.now()) {
        const answer = discover(url);
        asked = { until: Date.now() + FRESH_MS, answer };
        answer.catch(() => (asked = { until: Date.now() + FAILED_MS, answer }));
      }
      return await asked.answer;
    },
  };
}

/** Looks at both places, OAuth's first; the document must name the issuer that was asked (RFC 8414 §3.3). */
async function discover(url: URL): Promise<oauth.AuthorizationServer> {
  const first = await attempt(url, "oauth2").catch((error: unknown) => asError(error));
  if (!(first instanceof Error)) return first;
  try {
    return await attempt(url, "oidc");
  } catch (error) {
    throw new AggregateError([first, error], `${url.host} gave no metadata of an authorization server`, {
      cause: error,
    });
  }
}

async function attempt(url: URL, algorithm: "oauth2" | "oidc"): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(url, { algorithm, ...requestOptions(url) });
  return await oauth.processDiscoveryResponse(url, response);
}

/** For every request to an issuer: plain http is for this machine only, which the settings saw to. */
export function requestOptions(url: URL) {
  return {
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
    [oauth.allowInsecureRequests]: url.protocol === "http:",
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
