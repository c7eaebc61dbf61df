import type { Credential } from "../../definition/api.ts";
import type { Deployment } from "../deployment.ts";
import { missingIn } from "../load/environment.ts";

/** What decides which of several credentials is shown. */
export type Place = Pick<Deployment, "api" | "access" | "environment">;

/**
 * The credential that is shown where a request names one: itself, or another that takes its place here.
 *
 *     { key: …, oauth: { insteadOf: "key", … } }  "key" → "oauth" where people sign in through it
 *
 * With the server's own credentials it is the one whose variables are set; where both are, the one that the request names.
 */
export function credentialInEffect({ api, access, environment }: Place, name: string): string {
  const credentials = Object.entries(api.definition.credentials ?? {});
  const others = credentials.filter(([, { insteadOf }]) => insteadOf === name).map(([other]) => other);
  if (others.length === 0) return name;
  if (access?.mode === "oauth-proxy") return others.find((other) => other === access.credential) ?? name;
  const own = access === undefined || access.mode === "env" || sharesOwn(access);
  if (!own || isSet(api.definition.credentials?.[name])) return name;
  return others.find((other) => isSet(api.definition.credentials?.[other])) ?? name;

  function isSet(credential: Credential | undefined): boolean {
    return missingIn(credential, environment).length === 0;
  }
}

function sharesOwn(access: NonNullable<Place["access"]>): boolean {
  return access.mode === "oauth-resource-server" && access.upstream === "shared";
}
