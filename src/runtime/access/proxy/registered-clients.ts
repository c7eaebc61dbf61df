import type { AdapterPayload } from "oidc-provider";
import type { Vault } from "../../vault/vault.ts";

/** Registered clients that nobody signs in with are forgotten after so long. */
const TTL_SECONDS = 90 * 24 * 3600;
/** Most of them that nobody has signed in with yet: anybody may register, and a disk is finite. */
export const MOST_UNUSED = 1_000;
/** Looking through all of them costs a second or less, so it is done once in so many registrations. */
const LOOK_EVERY = 50;

/** Clients that registered themselves (RFC 7591). */
export interface RegisteredClients {
  /** Keeps a registration; of those that were never of use the oldest go, once there are too many. */
  add(id: string, client: AdapterPayload): Promise<void>;
  find(id: string): Promise<AdapterPayload | undefined>;
  /** Keeps a client for another while, since somebody signed in with it. */
  used(id: string): Promise<void>;
}

/** What lies in the vault: what the library keeps of a client, and whether anybody signed in with it. */
export interface StoredClient extends AdapterPayload {
  /** Seconds since the epoch. */
  readonly first_used_at?: number;
}

/** Kind of registered clients in the vault. */
export function clientKind(api: string): string {
  return `${api}.Client`;
}

/** The registered clients of an API, in its vault. */
export function registeredClients(vault: Vault, api: string): RegisteredClients {
  const kind = clientKind(api);
  let added = 0;
  const stored = async (id: string) => (await vault.get(kind, id)) as StoredClient | undefined; // what is put there below
  return {
    async add(id, client) {
      if (added % LOOK_EVERY === 0) await forgetUnused(vault, kind);
      added += 1;
      await vault.set(kind, id, client, TTL_SECONDS);
    },
    async find(id) {
      const { first_used_at: _, ...client } = (await stored(id)) ?? {};
      return Object.keys(client).length === 0 ? undefined : client;
    },
    async used(id) {
      const client = await stored(id);
      if (client) await vault.set(kind, id, { first_used_at: Math.floor(Date.now() / 1000), ...client }, TTL_SECONDS);
    },
  };
}

/** Makes room for as many as may come until the next look. */
async function forgetUnused(vault: Vault, kind: string): Promise<void> {
  const unused = (await vault.list(kind))
    .map(({ id, value }) => ({ id, client: value as StoredClient })) // as above
    .filter(({ client }) => client.first_used_at === undefined)
    .sort((one, other) => issuedAt(other.client) - issuedAt(one.client));
  for (const { id } of unused.slice(MOST_UNUSED - LOOK_EVERY)) await vault.delete(kind, id);
}

function issuedAt({ client_id_issued_at: at }: StoredClient): number {
  return typeof at === "number" ? at : 0;
}
