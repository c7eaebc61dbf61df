import type { OAuth2 } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { listenForCallback } from "./callback.ts";
import { credentialNamed, liveCredentialOf, storeOf } from "./credentials.ts";
import type { Held } from "./held.ts";
import { oauthClient } from "./oauth-client.ts";
import { beginAuthorization } from "./begin-authorization.ts";
import { revokeTokens, tokenByCode } from "./oauth-tokens.ts";
import { oauthFailure } from "./obtain-problem.ts";

/** How a person is brought to sign in. */
export interface LoginOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Shows the person where to sign in. */
  readonly show: (where: { readonly url: string; readonly redirectUri: string }) => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Signs a person in: shows the vendor's page, waits for the answer on 127.0.0.1, trades it for tokens and puts them in place, also for
 * servers that run.
 *
 * @throws {Problem} `reauthorize` when the vendor or the person said no; the signal's reason when nobody came back in time;
 * `EADDRINUSE` when another program has the port.
 */
export async function login(deployment: Deployment, name: string, options: LoginOptions): Promise<Held> {
  const { credential, oauth2 } = oauthOf(deployment, name);
  const live = liveCredentialOf(deployment, name);
  if (!live) throw new Error(`${name} is no credential that anybody signs in for`);
  const { title } = deployment.api.definition;
  const oauth = await oauthClient(deployment, { servers: credential.servers, oauth2 });
  const callback = await listenForCallback(options.port);
  try {
    const begun = await beginAuthorization(oauth, callback.redirectUri);
    const held = callback.answerTo(begun.state, async (url) => await tokenByCode(oauth, url, begun), options.signal);
    options.show({ url: begun.url, redirectUri: begun.redirectUri });
    const obtained = await held;
    await live.replace(obtained);
    return obtained;
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof Error) || "syscall" in error) throw error; // the port, not the vendor
    const failure = oauthFailure(error, { deployment, name, credential });
    if ("problem" in failure) throw failure.problem;
    throw new Problem("reauthorize", `${title} did not sign this server in (${failure.refused}).`);
  } finally {
    callback.close();
  }
}

/** What became of a sign-in that was ended. */
export interface LoggedOut {
  /** There was one. */
  readonly removed: boolean;
  /** The vendor took its tokens back; `undefined`: it has no place for that. */
  readonly revoked: boolean | undefined;
}

/** Ends a sign-in: gives the tokens back where the vendor takes them, and removes what is kept of them in any case. */
export async function logout(deployment: Deployment, name: string): Promise<LoggedOut> {
  const store = storeOf(deployment, name);
  const current = await liveCredentialOf(deployment, name)?.look();
  const revoked = current && (await revoke(deployment, name, current.held));
  const removed = store !== undefined && (await store.locked(async () => await store.remove()));
  return { removed, revoked };
}

async function revoke(deployment: Deployment, name: string, held: Held): Promise<boolean | undefined> {
  const credential = credentialNamed(deployment, name);
  if (!("oauth2" in credential) || credential.oauth2.revocationUrl === undefined) return undefined;
  const { servers, oauth2 } = credential;
  try {
    return await revokeTokens(await oauthClient(deployment, { servers, oauth2 }), held);
  } catch {
    return false; // told to the person, who can do so at the vendor
  }
}

function oauthOf(deployment: Deployment, name: string) {
  const credential = credentialNamed(deployment, name);
  if (!("oauth2" in credential)) throw new Error(`${name} is not OAuth 2`);
  return { credential, oauth2: credential.oauth2 satisfies OAuth2 };
}
