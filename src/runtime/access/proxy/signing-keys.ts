import { exportJWK, generateKeyPair, calculateJwkThumbprint, type JWK } from "jose";
import type { Vault } from "../../vault/vault.ts";

/** The algorithm of our access tokens. */
export const SIGNING_ALGORITHM = "ES256";

/** A key pair that signs access tokens; only the private one may sign, and only the public one verifies (§5.2). */
export interface SigningKeys {
  readonly private: JWK;
  readonly public: JWK;
}

/** The signing key of an API: the first start makes it, every process that shares the vault uses it. */
export async function signingKeys(vault: Vault, api: string): Promise<SigningKeys> {
  const kind = `${api}.key`;
  const key = await vault.locked(kind, "signing", async () => {
    const kept = (await vault.get(kind, "signing")) as JWK | undefined; // what the next lines put there
    if (kept) return kept;
    const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
    const made = await exportJWK(privateKey);
    const full = { ...made, alg: SIGNING_ALGORITHM, use: "sig", kid: await calculateJwkThumbprint(made) };
    await vault.set(kind, "signing", full);
    return full;
  });
  const { d: _, ...shown } = key;
  return { private: key, public: shown };
}
