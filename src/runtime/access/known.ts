import { createHash } from "node:crypto";
import type { Vault } from "../vault/vault.ts";
import { accountsOf } from "./accounts.ts";
import { redirectPlace } from "./proxy/redirect-policy.ts";
import { clientKind } from "./proxy/registered-clients.ts";
import { endSignIn, type SignIn, signInsOf } from "./proxy/sign-ins.ts";

/** A client that registered itself. */
export interface KnownClient {
  readonly id: string;
  readonly name: string;
  /** Where it sends people back to, without paths. */
  readonly places: readonly string[];
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
}

/** A person who signed in by way of a client. */
export interface KnownSignIn {
  /** Enough of its name to revoke it by. */
  readonly id: string;
  readonly clientId: string;
  /** Tells people apart, and nothing of them. */
  readonly who: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** An account of the vendor's that a person connected. */
export interface ConnectedAccount {
  /** Enough of the person's key, which is `caller` in the log of calls, to end it by. */
  readonly id: string;
  /** The credential that it takes the place of. */
  readonly credential: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Who is known to an API of a server that people share. */
export interface Known {
  readonly clients: readonly KnownClient[];
  readonly signIns: readonly KnownSignIn[];
  readonly accounts: readonly ConnectedAccount[];
}

/** What was ended. */
export interface Revoked {
  readonly clients: number;
  readonly signIns: number;
  readonly accounts: number;
}

/** Letters of an id that are shown, and that are enough to tell it. */
const SHOWN = 12;
const ENOUGH = 6;

/** Clients that registered, people who are signed in, and accounts that people connected, the newest first. */
export async function knownTo(vault: Vault, api: string): Promise<Known> {
  const clients = (await vault.list(clientKind(api))).map(({ id, value }) => clientOf(id, value));
  const signIns = (await signInsOf(vault, api)).map(({ jti, clientId, accountId, iat }) => ({
    id: jti.slice(0, SHOWN),
    clientId,
    who: createHash("sha256").update(accountId).digest("hex").slice(0, SHOWN),
    since: iat * 1000,
  }));
  const accounts = (await accountsOf(vault, api).list()).map(({ person, credential, since }) => ({
    id: person.slice(0, SHOWN),
    credential,
    since,
  }));
  return {
    accounts,
    clients: clients.sort((one, other) => (other.since ?? 0) - (one.since ?? 0)),
    signIns: signIns.sort((one, other) => other.since - one.since),
  };
}

/**
 * Ends a sign-in, a client with everything that it was given, or the accounts that a person connected. Holds from the next request on, in
 * every process that shares the vault.
 *
 * @param id Of a client, or of a sign-in or an account as {@link knownTo} shows it.
 */
export async function revokeKnown(vault: Vault, api: string, id: string): Promise<Revoked> {
  const all = await signInsOf(vault, api);
  const ofClient = all.filter(({ clientId }) => clientId === id);
  const registered = (await vault.get(clientKind(api), id)) !== undefined;
  const ended: readonly SignIn[] =
    registered || ofClient.length > 0 ? ofClient : all.filter(({ jti }) => id.length >= ENOUGH && jti.startsWith(id));
  for (const signIn of ended) await endSignIn(vault, api, signIn);
  if (registered) await vault.delete(clientKind(api), id);
  const found = registered || ended.length > 0;
  return { clients: registered ? 1 : 0, signIns: ended.length, accounts: found ? 0 : await disconnect(vault, api, id) };
}

/** @returns how many were connected. */
async function disconnect(vault: Vault, api: string, id: string): Promise<number> {
  const accounts = accountsOf(vault, api);
  const own = (await accounts.list()).filter(({ person }) => id.length >= ENOUGH && person.startsWith(id));
  const ended = await Promise.all(
    own.map(async ({ person, credential }) => await accounts.disconnect(person, credential)),
  );
  return ended.filter(Boolean).length;
}

function clientOf(id: string, value: unknown): KnownClient {
  // What the library stored of a registration, which passed the policy.
  const stored = value as {
    readonly client_name?: string;
    readonly redirect_uris?: readonly string[];
    readonly client_id_issued_at?: number;
  };
  const { client_name: name = "", redirect_uris: uris = [], client_id_issued_at: since } = stored;
  return {
    id,
    name: name.replaceAll(/[\p{Cc}\p{Cf}]/gu, " ").slice(0, 80), // T36: what a stranger called itself goes to a terminal
    places: [...new Set(uris.map(redirectPlace))],
    since: since === undefined ? undefined : since * 1000,
  };
}
