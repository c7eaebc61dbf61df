import { callersBring } from "../access/settings.ts";
import type { Caller, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";

/**
 * What the caller brings for a credential, in place of every variable that it reads; undefined: the server's own is shown.
 *
 * Where callers bring their own and nobody is there, nothing is shown: what the environment holds is never a caller's.
 *
 * @throws {Problem} `credential_rejected` when the caller brings nothing.
 */
export async function callerSecret(
  credential: string,
  deployment: Deployment,
  caller: Caller | undefined,
): Promise<string | undefined> {
  if (caller && caller.credentials !== "shared") return await caller.credentials.secret(credential, false);
  if (!callersBring(deployment.access)) return undefined;
  throw new Problem("credential_rejected", "Callers bring their own credential here, and none came with this request.");
}

/**
 * Whether the caller has another secret, after the vendor refused the one before.
 *
 * @throws {Problem} `credential_rejected` when there is none, in words for the person.
 */
export async function renewCallerSecret(credential: string | undefined, caller: Caller | undefined): Promise<boolean> {
  if (credential === undefined || !caller || caller.credentials === "shared") return false;
  await caller.credentials.secret(credential, true);
  return true;
}
