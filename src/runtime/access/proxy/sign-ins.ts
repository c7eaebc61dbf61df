import type { JWTPayload } from "jose";
import type { Vault } from "../../vault/vault.ts";
import { kindOf } from "./provider-adapter.ts";

/** The claim of our access tokens that names the sign-in they come from. */
export const GRANT_CLAIM = "grant_id";

/** A sign-in: a person, by way of one client. In the library's words, a grant. */
export interface SignIn {
  readonly jti: string;
  readonly accountId: string;
  readonly clientId: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp?: number;
}

/** The sign-in that an access token comes from; undefined: it was ended. Asked for every request, so that ending it holds at once. */
export async function signInOf(vault: Vault, api: string, claims: JWTPayload): Promise<SignIn | undefined> {
  const id = claims[GRANT_CLAIM];
  if (typeof id !== "string") return undefined;
  const signIn = (await vault.get(kindOf(api, "Grant"), id)) as SignIn | undefined; // what the library stored
  if (signIn?.accountId !== claims.sub || signIn?.clientId !== claims["client_id"]) return undefined;
  return signIn;
}

/** Every sign-in of an API. */
export async function signInsOf(vault: Vault, api: string): Promise<readonly SignIn[]> {
  return (await vault.list(kindOf(api, "Grant"))).map(({ value }) => value as SignIn); // as above
}

/** Ends one sign-in: its tokens are worth nothing from the next request on. */
export async function endSignIn(vault: Vault, api: string, { jti, accountId }: SignIn): Promise<void> {
  await vault.delete(kindOf(api, "Grant"), jti);
  await vault.delete(`${api}.rotation`, jti);
  const others = (await signInsOf(vault, api)).filter((other) => other.accountId === accountId);
  if (others.length === 0) await vault.delete(`${api}.person`, accountId); // nobody is left who could use what the vendor gave
}

/** Ends every sign-in of a person. */
export async function endSignInsOf(vault: Vault, api: string, accountId: string): Promise<void> {
  for (const signIn of await signInsOf(vault, api)) {
    if (signIn.accountId === accountId) await vault.delete(kindOf(api, "Grant"), signIn.jti);
  }
}
