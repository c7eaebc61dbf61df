import type { IncomingMessage, ServerResponse } from "node:http";
import type * as Library from "oidc-provider";
import type { Bound, Bounds } from "../bounds.ts";
import { ROUTES } from "./provider-settings.ts";
import { refuse } from "./sign-in.ts";

/** What clients of both SDKs know this refusal by; no RFC names one. */
const ERROR = "too_many_requests";

/**
 * Refuses what an address does too often, in place of the library: a registration in the words of RFC 7591 §3.2.2, a sign-in by a page.
 *
 * @returns whether it was refused.
 */
export async function refuseTooOften(
  request: IncomingMessage,
  response: ServerResponse,
  { path, address, bounds }: { readonly path: string; readonly address: string; readonly bounds: Bounds },
): Promise<boolean> {
  const bound = boundOf(request, path);
  const seconds = bound && (await bounds.take(bound, address));
  if (seconds === undefined) return false;
  response.setHeader("retry-after", String(seconds));
  if (bound === "authorize") {
    refuse(response, 429, `Too many sign-ins were begun from your network. Try again in ${seconds} seconds.`);
    return true;
  }
  const why = `too many clients were registered from this address: try again in ${seconds} seconds`;
  response.writeHead(429, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: ERROR, error_description: why }));
  return true;
}

function boundOf({ method }: IncomingMessage, path: string): Bound | undefined {
  if (path === ROUTES.registration && method === "POST") return "register";
  return path === ROUTES.authorization && method !== "OPTIONS" ? "authorize" : undefined;
}

/** Lets nobody try secrets of a client at will: wrong ones count, for the client and the address together, so that nobody is locked out by others. */
export function boundSecrets(provider: Library.Provider, library: typeof Library, bounds: Bounds): void {
  const { prototype } = provider.Client;
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the client that it is looked up on
  const { compareClientSecret } = prototype;
  prototype.compareClientSecret = async function (actual) {
    const { ctx } = library.Provider;
    const who = `${ctx?.ip ?? ""} ${this.clientId}`;
    const seconds = await bounds.take("secret", who);
    if (seconds !== undefined) {
      ctx?.set("retry-after", String(seconds));
      const refusal = new library.errors.CustomOIDCProviderError(ERROR, `try again in ${seconds} seconds`);
      throw Object.assign(refusal, { status: 429, statusCode: 429 });
    }
    const right = await compareClientSecret.call(this, actual);
    if (right) await bounds.giveBack("secret", who);
    return right;
  };
}
