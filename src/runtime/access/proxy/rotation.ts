import type { AdapterPayload } from "oidc-provider";
import type { Vault } from "../../vault/vault.ts";

/** How long a refresh token that was traded in may be traded in once more. */
const GRACE_MS = 60_000;

/** How far the refresh tokens of a grant have been used. */
interface Used {
  /** `rotations` of the newest token that was traded in. */
  readonly rotation: number;
  /** When it first was, in milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Whether a refresh token is used up. The tokens of a grant form a chain; trading one in ends all before it, and itself a minute later.
 * So a client whose answer got lost, or that races itself, goes on, and a stolen token that was left behind ends the grant when it is
 * shown (RFC 9700 §4.14.2).
 */
export async function isSpent(vault: Vault, api: string, token: AdapterPayload): Promise<boolean> {
  const used = await usedOf(vault, api, token);
  if (!used) return false;
  const rotation = token.rotations ?? 0;
  return rotation < used.rotation || (rotation === used.rotation && Date.now() > used.since + GRACE_MS);
}

/** Notes that a refresh token is traded in. */
export async function useOnce(vault: Vault, api: string, token: AdapterPayload): Promise<void> {
  const { grantId = "" } = token;
  await vault.locked(`${api}.rotation`, grantId, async () => {
    const used = await usedOf(vault, api, token);
    const rotation = token.rotations ?? 0;
    if (used && used.rotation >= rotation) return;
    const entry: Used = { rotation, since: Date.now() };
    await vault.set(
      `${api}.rotation`,
      grantId,
      entry,
      token.exp === undefined ? undefined : token.exp - Date.now() / 1000,
    );
  });
}

async function usedOf(vault: Vault, api: string, { grantId = "" }: AdapterPayload): Promise<Used | undefined> {
  return (await vault.get(`${api}.rotation`, grantId)) as Used | undefined; // what `useOnce` put there
}
