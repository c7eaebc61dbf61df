import { createHash } from "node:crypto";
import type { Vault } from "../../vault/vault.ts";
import { kindOf } from "./provider-adapter.ts";
import { redirectPlace } from "./redirect-policy.ts";
import { endSignIn, type SignIn, signInsOf } from "./sign-ins.ts";

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

/** What was ended. */
export interface Revoked {
  readonly clients: number;
  readonly signIns: number;
}

/** Letters of an id that are shown, and that are enough to tell it. */
const SHOWN = 12;
const ENOUGH = 6;

/** Clients that registered, and people who are signed in, the newest first. */
export async function knownTo(
  vault: Vault,
  api: string,
): Promise<{ readonly clients: readonly KnownClient[]; readonly signIns: readonly KnownSignIn[] }> {
  const clients = (await vault.list(kindOf(api, "Client"))).map(({ id, value }) => clientOf(id, value));
  const signIns = (await signInsOf(vault, api)).map(({ jti, clientId, accountId, iat }) => ({
    id: jti.slice(0, SHOWN),
    clientId,
    who: createHash("sha256").update(accountId).digest("hex").slice(0, SHOWN),
    since: iat * 1000,
  }));
  return {
    clients: clients.sort((one, other) => (other.since ?? 0) - (one.since ?? 0)),
    signIns: signIns.sort((one, other) => other.since - one.since),
  };
}

/**
 * Ends a sign-in, or a client with everything that it was given. Holds from the next request on, in every process that shares the vault.
 *
 * @param id Of a client, or of a sign-in as {@link knownTo} shows it.
 */
export async function revokeKnown(vault: Vault, api: string, id: string): Promise<Revoked> {
  const all = await signInsOf(vault, api);
  const ofClient = all.filter(({ clientId }) => clientId === id);
  const registered = (await vault.get(kindOf(api, "Client"), id)) !== undefined;
  const ended: readonly SignIn[] =
    registered || ofClient.length > 0 ? ofClient : all.filter(({ jti }) => id.length >= ENOUGH && jti.startsWith(id));
  for (const signIn of ended) await endSignIn(vault, api, signIn);
  if (registered) await vault.delete(kindOf(api, "Client"), id);
  return { clients: registered ? 1 : 0, signIns: ended.length };
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
