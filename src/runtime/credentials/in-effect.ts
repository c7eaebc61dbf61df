import type { ApiDefinition } from "../../definition/api.ts";
import { type AccessSettings, callersBring } from "../access/settings.ts";
import { type Environment, missingIn } from "../load/environment.ts";

/** What decides which of several credentials is shown; a deployment is one. */
export interface Place {
  readonly api: { readonly definition: ApiDefinition };
  readonly access?: AccessSettings | undefined;
  readonly environment: Environment;
}

/**
 * The credential that is shown where a request names one: itself, or another that takes its place here.
 *
 *     { key: …, oauth: { insteadOf: "key", … } }  "key" → "oauth" where people sign in through it
 *
 * Of the server's own it is the one whose variables are set; where both are, or neither is, the one that the request names.
 */
export function credentialInEffect({ api, access, environment }: Place, name: string): string {
  const credentials = api.definition.credentials ?? {};
  const others = Object.keys(credentials).filter((other) => credentials[other]?.insteadOf === name);
  if (access?.mode === "oauth-proxy") return others.find((other) => other === access.credential) ?? name;
  if (others.length === 0 || callersBring(access)) return name; // a caller brings the secret of the one that is named
  const isSet = (one: string) => missingIn(credentials[one], environment).length === 0;
  return isSet(name) ? name : (others.find(isSet) ?? name);
}

/** The credentials that requests are made with here, each once: those that stand for themselves, or what takes their place. */
export function credentialsInEffect(place: Place): readonly string[] {
  const credentials = Object.entries(place.api.definition.credentials ?? {});
  const named = credentials.flatMap(([name, { insteadOf }]) => (insteadOf === undefined ? [name] : []));
  return [...new Set(named.map((name) => credentialInEffect(place, name)))];
}
