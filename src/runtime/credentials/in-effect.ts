import type { ApiDefinition, Credential } from "../../definition/api.ts";
import type { AccessSettings } from "../access/settings.ts";
import { type Environment, missingIn } from "../load/environment.ts";

/** Where credentials are in effect. */
export interface Place {
  readonly definition: Pick<ApiDefinition, "credentials">;
  readonly environment: Environment;
  readonly access: AccessSettings | undefined;
}

/**
 * The credential that is shown where a request names one: that one, or the one that takes its place here.
 *
 *     key (API key), person (oauth2, insteadOf: "key")
 *     oauth-proxy by `person`         →  person
 *     only the variables of `person`  →  person
 *     otherwise                       →  key
 */
export function credentialInEffect(name: string, { definition, environment, access }: Place): string {
  const credentials = definition.credentials ?? {};
  const others = Object.entries(credentials).filter(([, { insteadOf }]) => insteadOf === name);
  if (others.length === 0) return name;
  if (access?.mode === "oauth-proxy") return others.find(([other]) => other === access.credential)?.[0] ?? name;
  const complete = (credential: Credential | undefined) => missingIn(credential, environment).length === 0;
  if (complete(credentials[name])) return name;
  return others.find(([, credential]) => complete(credential))?.[0] ?? name;
}
