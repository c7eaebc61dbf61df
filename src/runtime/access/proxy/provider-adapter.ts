import type { AdapterFactory, AdapterPayload } from "oidc-provider";
import type { Vault } from "../../vault/vault.ts";
import type { RegisteredClients } from "./registered-clients.ts";
import { useOnce, isSpent } from "./rotation.ts";

/** The kind under which the things of a model lie in the vault. */
export function kindOf(api: string, model: string): string {
  return `${api}.${model}`;
}

/**
 * The library's storage, in the vault. Sessions are not kept: everybody is asked each time (GHSA-6x8h-498w-gv8c), so there is nothing to
 * remember of a browser.
 */
export function providerAdapter(vault: Vault, api: string, clients: RegisteredClients): AdapterFactory {
  return (model) => {
    const kind = kindOf(api, model);
    const rotates = model === "RefreshToken";
    const stored = async (id: string) => (await vault.get(kind, id)) as AdapterPayload | undefined; // what `upsert` was given
    return {
      async upsert(id, payload, expiresIn) {
        if (model === "Session") return;
        if (model === "Client") return await clients.add(id, payload);
        await vault.set(kind, id, payload, expiresIn);
      },
      async find(id) {
        if (model === "Client") return await clients.find(id);
        const payload = await stored(id);
        if (!rotates || !payload) return payload;
        // A token that was traded in counts as used only once its successor is, or a minute later: clients race (§5.2).
        const { consumed: _, ...rest } = payload;
        return (await isSpent(vault, api, payload)) ? { ...rest, consumed: true } : rest;
      },
      /** Two who trade the same code in at once: one gets through. A refresh token may be traded in twice within its minute. */
      async consume(id) {
        await vault.locked(kind, id, async () => {
          const payload = await stored(id);
          if (!payload) throw new Error("what is traded in is gone");
          if (rotates) return await useOnce(vault, api, payload);
          if (payload.consumed) throw new (await import("oidc-provider")).errors.InvalidGrant("already traded in");
          await vault.set(kind, id, { ...payload, consumed: Math.floor(Date.now() / 1000) }, secondsLeft(payload));
        });
      },
      async destroy(id) {
        await vault.delete(kind, id);
      },
      async revokeByGrantId(grantId) {
        for (const { id, value } of await vault.list(kind)) {
          if ((value as AdapterPayload).grantId === grantId) await vault.delete(kind, id); // as above
        }
      },
      findByUid: () => Promise.resolve(undefined), // of sessions, which are not kept
      findByUserCode: () => Promise.resolve(undefined), // of the device flow, which is off
    };
  };
}

function secondsLeft({ exp }: AdapterPayload): number | undefined {
  return exp === undefined ? undefined : Math.max(1, exp - Math.floor(Date.now() / 1000));
}
