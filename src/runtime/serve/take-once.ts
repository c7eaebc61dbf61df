import type { SharedState } from "../shared-state/shared-state.ts";
import { digestOfId } from "../sealing/digest.ts";
import { memoryVault } from "../vault/memory-vault.ts";
import type { Vault } from "../vault/vault.ts";

/** Takes something that counts once. @returns whether this was the first time; for so many seconds it is not again. */
export type TakeOnce = (id: string, seconds: number) => Promise<boolean>;

const KIND = "confirmation";

/** Where it is remembered what was taken. */
export interface Memory {
  /** What replicas share. While it is away nothing is taken: a `Problem` says so. */
  readonly shared?: SharedState | undefined;
  /** Asked each time, since it is opened after the server has begun to listen. */
  readonly vault?: (() => Vault | undefined) | undefined;
}

/** Remembers what was taken, for every process that shares the memory; where there is none, in this process. */
export function takeOnce({ shared, vault }: Memory): TakeOnce {
  if (shared) return async (id, seconds) => await shared.takeOnce(shared.key(KIND, digestOfId(id)), seconds);
  const own = memoryVault();
  return async (id, seconds) => {
    const kept = vault?.() ?? own;
    return await kept.locked(KIND, id, async () => {
      if ((await kept.get(KIND, id)) !== undefined) return false;
      await kept.set(KIND, id, true, seconds);
      return true;
    });
  };
}
