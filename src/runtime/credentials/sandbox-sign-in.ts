import { DEFAULT_REDIRECT_PORT } from "../../definition/api.ts";
import type { Held } from "./held.ts";
import type { OAuthClient } from "./oauth-client.ts";
import { beginAuthorization } from "./begin-authorization.ts";
import { tokenByCode } from "./oauth-tokens.ts";
import { RefusedError } from "./source.ts";

/**
 * Signs in to a stand-in, which asks nobody: it sends back with a code at once. Only ever called in a sandbox, where every URL is one of
 * this machine.
 */
export async function signInAtSandbox(oauth: OAuthClient, port: number = DEFAULT_REDIRECT_PORT): Promise<Held> {
  const begun = await beginAuthorization(oauth, `http://127.0.0.1:${port}/callback`);
  const response = await fetch(begun.url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  await response.body?.cancel();
  const location = response.headers.get("location");
  if (location === null) throw new RefusedError(`of the sandbox let nobody in (status ${response.status})`);
  return await tokenByCode(oauth, new URL(location, begun.url), begun);
}
