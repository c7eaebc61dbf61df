import type { CredentialAction } from "../../definition/call.ts";
import { callersBring } from "../access/settings.ts";
import type { CallContext, Deployment } from "../deployment.ts";
import type { VendorAnswer } from "../request/types.ts";
import { Problem } from "../problem.ts";
import { credentialNamed, liveCredentialOf } from "./credentials.ts";
import { isExpired } from "./held.ts";
import { credentialInEffect } from "./in-effect.ts";
import type { Standing } from "./live-credential.ts";
import { remedyOf } from "./obtain-problem.ts";

/** How a credential stands, for the model: never a value of it. */
export interface CredentialStatus {
  readonly credential: string;
  /**
   * `set`: the environment says it, and it does not change. `missing`: nobody is signed in. `unknown`: the vendor was to be asked, and could
   * not be.
   */
  readonly status: "set" | "valid" | "expired" | "refused" | "missing" | "unknown";
  /** RFC 3339; absent when the vendor did not tell. */
  readonly expires_at?: string;
  readonly obtained_at?: string;
  /** When the vendor last took it, as far as this process knows. */
  readonly accepted_at?: string;
  /** What to do when it cannot be used. */
  readonly message?: string;
}

/**
 * Carries out an action of a credential and tells how it stands then. `check` asks nobody and renews nothing; `reload` reads again what
 * is on this machine; `refresh` and `establish` go to the vendor, whatever there is.
 *
 * @throws {Problem} `reauthorize` when only a person can help, another when it may work later.
 */
export async function carryOutAction(
  { credential, action }: CredentialAction,
  deployment: Deployment,
  context: CallContext,
): Promise<VendorAnswer> {
  const name = credentialInEffect(deployment, credential);
  refuseBrought(name, deployment);
  const live = liveCredentialOf(deployment, name);
  if (action === "reload") live?.reload();
  if (live && (action === "establish" || action === "refresh")) {
    await live.force(action === "establish" ? "establish" : "renew", context);
  }
  return answerOf(statusOf(deployment, name, await live?.standing()));
}

/**
 * Asks the vendor whether it takes a credential as it is. Nothing is renewed: what has ended is told of, and what is not there is not
 * asked about.
 *
 * @param ask Sends a harmless request with the credential.
 */
export async function checkByAsking(
  credential: string | undefined,
  deployment: Deployment,
  ask: () => Promise<unknown>,
): Promise<VendorAnswer> {
  if (credential === undefined) throw new Error("a check names its credential");
  const name = credentialInEffect(deployment, credential);
  refuseBrought(name, deployment);
  const live = liveCredentialOf(deployment, name);
  const before = await live?.standing();
  if (before && !before.usable) return answerOf(statusOf(deployment, name, before));
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof Problem) || OWN.has(error.code)) throw error;
    const refused = error.code === "reauthorize" || error.code === "credential_rejected";
    return answerOf(
      refused
        ? refusedStatus(deployment, name, before)
        : { credential: name, status: "unknown", message: error.message },
    );
  }
  const { message: _, ...status } = statusOf(deployment, name, await live?.standing());
  return answerOf({ ...status, status: "valid" }); // even where a renewal was refused before: what there is still works
}

/** Problems that are not about the vendor. */
const OWN: ReadonlySet<Problem["code"]> = new Set(["cancelled", "internal", "invalid_arguments"]);

/** The vendor's own word, whatever is known here. */
function refusedStatus(deployment: Deployment, name: string, before: Standing | undefined): CredentialStatus {
  const { title } = deployment.api.definition;
  if (before && !before.refused) {
    const message = `${title} no longer takes it. The next call that needs it renews it, if that can still be done.`;
    return { credential: name, status: "expired", message };
  }
  const remedy = remedyOf({ deployment, name, credential: credentialNamed(deployment, name) });
  return {
    credential: name,
    status: "refused",
    message: `${title} does not take it. Whoever runs this server must ${remedy}.`,
  };
}

function answerOf(body: CredentialStatus): VendorAnswer {
  return { status: 200, headers: new Headers(), body, bytes: 0 };
}

/** Where callers bring their own, what this server holds is none of theirs: not to use, to renew, nor to know of. */
function refuseBrought(name: string, deployment: Deployment): void {
  if (!callersBring(deployment.access)) return;
  throw new Problem(
    "forbidden",
    `The credential "${name}" is each caller's own here: there is nothing of this server's to look at or renew.`,
  );
}

/** How a credential stands. Nothing is sent. */
export async function credentialStatus(deployment: Deployment, name: string): Promise<CredentialStatus> {
  return statusOf(deployment, name, await liveCredentialOf(deployment, name)?.standing());
}

function statusOf(deployment: Deployment, name: string, standing: Standing | undefined): CredentialStatus {
  if (!standing) return { credential: name, status: "set" };
  const { held, usable, refused, acceptedAt } = standing;
  const status = refused
    ? "refused"
    : usable
      ? "valid"
      : held && isExpired(held) && held.obtainedAt > 0
        ? "expired"
        : "missing";
  const credential = credentialNamed(deployment, name);
  const message = {
    refused: `Whoever runs this server must ${remedyOf({ deployment, name, credential })}.`,
    missing: `Whoever runs this server must ${remedyOf({ deployment, name, credential })}.`,
    expired: "It is renewed by the next call that needs it.",
    valid: undefined,
  }[status];
  return {
    credential: name,
    status,
    ...(held?.expiresAt !== undefined && held.obtainedAt > 0 && { expires_at: moment(held.expiresAt) }),
    ...(held && held.obtainedAt > 0 && { obtained_at: moment(held.obtainedAt) }),
    ...(acceptedAt !== undefined && { accepted_at: moment(acceptedAt) }),
    ...(message !== undefined && { message }),
  };
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
