import type { Adapter, AdapterConstructor, AdapterPayload } from "oidc-provider";
import type { Vault } from "../../vault/vault.ts";
import { useOnce, isSpent } from "./rotation.ts";

/** Registered clients that nobody signs in with are forgotten after so long. */
export const CLIENT_TTL_SECONDS = 90 * 24 * 3600;

/** The kind under which the things of a model lie in the vault. */
export function kindOf(api: string, model: string): string {
  return `${api}.${model}`;
}

/**
 * The library's storage, in the vault. Sessions are not kept: everybody is asked each time (GHSA-6x8h-498w-gv8c), so there is nothing to
 * remember of a browser.
 */
export function providerAdapter(vault: Vault, api: string): AdapterConstructor {
  return class VaultAdapter implements Adapter {
    readonly kind: string;
    readonly model: string;

    constructor(model: string) {
      this.model = model;
      this.kind = kindOf(api, model);
    }

    async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
      if (this.model === "Session") return;
      const ttl = this.model === "Client" ? CLIENT_TTL_SECONDS : expiresIn;
      await vault.set(this.kind, id, payload, ttl);
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      const payload = (await vault.get(this.kind, id)) as AdapterPayload | undefined; // what `upsert` was given
      if (this.model !== "RefreshToken" || !payload) return payload;
      // A token that was traded in counts as used only once its successor is, or a minute later: clients race (§5.2).
      const { consumed: _, ...rest } = payload;
      return (await isSpent(vault, api, payload)) ? { ...rest, consumed: true } : rest;
    }

    /** Two who trade the same code in at once: one gets through. A refresh token may be traded in twice within its minute. */
    async consume(id: string): Promise<void> {
      await vault.locked(this.kind, id, async () => {
        const payload = (await vault.get(this.kind, id)) as AdapterPayload | undefined; // as above
        if (!payload) throw new Error("what is traded in is gone");
        if (this.model === "RefreshToken") return await useOnce(vault, api, payload);
        if (payload.consumed) throw new (await import("oidc-provider")).errors.InvalidGrant("already traded in");
        await vault.set(this.kind, id, { ...payload, consumed: Math.floor(Date.now() / 1000) }, secondsLeft(payload));
      });
    }

    async destroy(id: string): Promise<void> {
      await vault.delete(this.kind, id);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const { id, value } of await vault.list(this.kind)) {
        if ((value as AdapterPayload).grantId === grantId) await vault.delete(this.kind, id);
      }
    }

    findByUid(): Promise<undefined> {
      return Promise.resolve(undefined); // of sessions, which are not kept
    }

    findByUserCode(): Promise<undefined> {
      return Promise.resolve(undefined); // of the device flow, which is off
    }
  } as AdapterConstructor; // the library's type asks for `new (name)`, and knows no more of it
}

/** Keeps a registered client for another while, since somebody signs in with it. */
export async function keepClient(vault: Vault, api: string, clientId: string): Promise<void> {
  const kind = kindOf(api, "Client");
  const client = await vault.get(kind, clientId);
  if (client !== undefined) await vault.set(kind, clientId, client, CLIENT_TTL_SECONDS);
}

function secondsLeft({ exp }: AdapterPayload): number | undefined {
  return exp === undefined ? undefined : Math.max(1, exp - Math.floor(Date.now() / 1000));
}
