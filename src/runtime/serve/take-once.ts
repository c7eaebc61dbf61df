import { memoryVault } from "../vault/memory-vault.ts";
import type { Vault } from "../vault/vault.ts";

/** Takes something that counts once. @returns whether this was the first time; for so many seconds it is not again. */
export type TakeOnce = (id: string, seconds: number) => Promise<boolean>;

const KIND = "confirmation";

/**
 * Remembers what was taken: in the vault, for every process that shares it; where there is none, in this process.
 *
 * @param vault Asked each time, since it is opened after the server has begun to listen.
 */
export function takeOnce(vault: () => Vault | undefined): TakeOnce {
  const own = memoryVault();
  return async (id, seconds) => {
    const kept = vault() ?? own;
    return await kept.locked(KIND, id, async () => {
      if ((await kept.get(KIND, id)) !== undefined) return false;
      await kept.set(KIND, id, true, seconds);
      return true;
    });
  };
}
