import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../state-files/whole-file.ts";
import type { Environment } from "../load/environment.ts";
import { whyUnusable } from "../load/file-fault.ts";
import { StartError } from "../load/start-error.ts";
import type { SharedState } from "../shared-state/shared-state.ts";
import { fileVault } from "./file-vault.ts";
import { type KeyRing, openKeyRing, passingKeyRing } from "../sealing/key-ring.ts";
import { memoryVault } from "./memory-vault.ts";
import { redisVault } from "./redis-vault.ts";
import type { Vault } from "./vault.ts";

/** A vault, and the ring that its keys are of: for cookies, which are signed and not stored. */
export interface OpenVault {
  readonly vault: Vault;
  readonly ring: KeyRing;
}

/**
 * Opens the vault that replicas share, or that of a state directory; without either it lasts as long as the process.
 *
 * @throws {StartError} when nothing can be written there, or the secret is unusable.
 */
export function openVault({
  stateDirectory,
  shared,
  environment,
}: {
  readonly stateDirectory: string | undefined;
  readonly shared?: SharedState | undefined;
  readonly environment: Environment;
}): OpenVault {
  if (shared) return { vault: redisVault(shared), ring: shared.ring };
  if (stateDirectory === undefined) return { vault: memoryVault(), ring: passingKeyRing() };
  const directory = join(stateDirectory, "vault");
  refuseUnwritable(directory, stateDirectory);
  const ring = openKeyRing(stateDirectory, environment);
  return { vault: fileVault(directory, ring.keysFor("vault")), ring };
}

/** T40: writes, replaces and removes a file, as everything later will. */
function refuseUnwritable(directory: string, stateDirectory: string): void {
  const probe = join(directory, `.probe-${process.pid}`);
  try {
    writeWhole(probe, "1");
    writeWhole(probe, "2");
    unlinkSync(probe);
  } catch (error) {
    throw new StartError(
      `the state directory ${stateDirectory} ${whyUnusable(error)}, and people's sign-ins are kept there`,
      "mount a folder there (not single files) that this user may write, or set TOOLWRIGHT_STATE_DIR to another",
    );
  }
}
