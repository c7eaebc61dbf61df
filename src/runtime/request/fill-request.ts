import { randomUUID } from "node:crypto";
import { type Call, requestOf } from "../../definition/call.ts";
import { applyCredential } from "../credentials/apply-credential.ts";
import { liveCredentialOf } from "../credentials/credentials.ts";
import { credentialInEffect } from "../credentials/in-effect.ts";
import { renewCallerSecret } from "../credentials/caller-secret.ts";
import type { CallContext, Caller, Deployment } from "../deployment.ts";
import { fillWith } from "./fill-with.ts";
import type { FilledRequest, Scope, UsedCredential } from "./types.ts";

/**
 * Fills the request of a call and applies the credential that it names.
 *
 * @param context The call that waits while a token is obtained; without one nothing is sent, and `***` stands for what is not there.
 * @throws {Problem} `invalid_arguments` naming the argument that cannot be sent; `credential_rejected` naming a missing variable;
 * `reauthorize` when nobody is signed in.
 */
export async function fillRequest(
  call: Call,
  given: Scope,
  deployment: Deployment,
  context?: CallContext,
): Promise<FilledRequest> {
  const request = requestOf(call);
  if (!request) throw new Error("an action of a credential has no request");
  const uuid = randomUUID();
  const { server, credential: named } = request;
  const name = named === undefined ? undefined : credentialInEffect(deployment, named);
  // A check shows what there is: nothing is obtained for it, and nothing is renewed.
  const applied = await applyCredential(name, { deployment, server, uuid, context: call.check ? undefined : context });
  const filled = await fillWith(call, { ...given, uuid }, deployment, applied);
  const { caller } = context ?? {};
  if (name !== undefined && caller && caller.credentials !== "shared") {
    return { ...filled, credential: broughtBy(caller, name, () => fillRequest(call, given, deployment, context)) };
  }
  const { stamp, remedy = "" } = applied;
  const live = name === undefined ? undefined : liveCredentialOf(deployment, name);
  if (!live || stamp === undefined || !context) return filled;
  return {
    ...filled,
    credential: {
      remedy,
      accepted: () => live.accepted(stamp),
      renewed: async () =>
        call.check
          ? undefined
          : (await live.renewed(stamp, context)) && (await fillRequest(call, given, deployment, context)),
    },
  };
}

/** What a caller brought, as it was used: another one is the caller's to get, and so are the words when there is none. */
function broughtBy(caller: Caller, name: string, again: () => Promise<FilledRequest>): UsedCredential {
  return {
    remedy: "",
    accepted: () => {},
    renewed: async () => ((await renewCallerSecret(name, caller)) ? await again() : undefined),
    refused: async () => void (await renewCallerSecret(name, caller)), // which knows the words for the person by now
  };
}
