import type * as OAuth from "oauth4webapi";
import { type OAuthClient, oauthClient, sendForm } from "../../credentials/oauth-client.ts";
import type { Deployment } from "../../deployment.ts";
import { isLoopback } from "../../load/base-url.ts";
import { StartError } from "../../load/start-error.ts";

/** Longest that a vendor may take for a token. */
const TIMEOUT_MS = 20_000;

/**
 * Prepares the client of the credential that `access.proxy` names.
 *
 * @throws {StartError} when it is no such credential, or a part of it is not set.
 */
export async function upstreamClient(deployment: Deployment, name: string): Promise<OAuthClient> {
  const { credentials = {}, title } = deployment.api.definition;
  const credential = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  const fail = (what: string, help: string) => new StartError(`access.mode oauth-proxy of ${title} ${what}`, help);
  const oauth2 = credential && "oauth2" in credential ? credential.oauth2 : undefined;
  if (!credential || oauth2?.grant !== "authorization_code" || oauth2.authorizationUrl === undefined) {
    throw fail(
      `needs an oauth2 credential of the grant authorization_code, and "${name}" is none`,
      "write one in tools.yaml, with authorization_url and token_url, and name it in access.proxy.credential",
    );
  }
  const client = await oauthClient(deployment, { servers: credential.servers, oauth2 });
  if (client.client.client_id !== "") return client;
  throw fail(
    `has no client id at the vendor: ${oauth2.clientId.replaceAll(/[{}$]|env\.|:-.*/g, "")} is not set`,
    "set it, and the secret beside it, to what the vendor gave you when you registered this server there",
  );
}

/** An answer of the token endpoint, and the ID token that was beside it. */
export interface TokenAnswer {
  readonly response: Response;
  readonly idToken: string | undefined;
}

/**
 * How a request for a token is sent: over our connections, no redirect followed, no endless answer read. An ID token is taken out: the
 * library holds it against an issuer that few vendors' descriptions tell.
 */
export function tokenRequest({ library, server }: OAuthClient, onIdToken: (token: string | undefined) => void) {
  const local = isLoopback(new URL(server.token_endpoint ?? "").hostname);
  return {
    [library.customFetch]: async (url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>) => {
      const { response, idToken } = await askForToken(url, init);
      onIdToken(idToken);
      return response;
    },
    [library.allowInsecureRequests]: local,
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
  };
}

async function askForToken(url: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>): Promise<TokenAnswer> {
  const { response, bytes } = await sendForm(url, init);
  const kept = new Headers();
  const challenge = response.headers.get("www-authenticate");
  if (challenge !== null) kept.set("www-authenticate", challenge);
  const answer = objectIn(bytes);
  if (answer) kept.set("content-type", "application/json"); // JSON is JSON under any content type
  const { id_token: idToken, ...rest } = answer ?? {};
  const status = response.status >= 200 && response.status <= 599 ? response.status : 502;
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
