import type { Deployment } from "../runtime/deployment.ts";
import { asksPerson } from "../runtime/credentials/obtain-problem.ts";
import { UsageError, UserError } from "./command.ts";

/**
 * The credential that a person signs in for: the one that is named, or the only one of the API.
 *
 * @throws {UserError} when there is none; {@link UsageError} when one has to be named.
 */
export function signInCredential(deployment: Deployment, named: string | undefined, command: string): string {
  const { name: api, title, credentials = {} } = deployment.api.definition;
  const names = Object.keys(credentials).filter((name) => {
    const credential = credentials[name];
    return credential !== undefined && asksPerson(credential);
  });
  const [only, ...others] = names;
  if (only === undefined) {
    throw new UserError(
      `nobody signs in to ${title}: its credentials come from the environment`,
      `see \`toolwright doctor ${api}\` for the variables that it reads`,
    );
  }
  if (named === undefined) {
    if (others.length === 0) return only;
    throw new UsageError(`${command}: ${title} has several sign-ins; name one: ${names.join(", ")}`);
  }
  if (names.includes(named)) return named;
  throw new UsageError(`${command}: ${title} has no sign-in "${named}"; there is ${names.join(", ")}`);
}
