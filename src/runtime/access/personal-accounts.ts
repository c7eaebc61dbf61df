import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallerCredentials, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { accountsOf } from "./accounts.ts";
import { connectLinks, type ConnectLinksOptions, type Person } from "./connect-links.ts";

/** Accounts at the vendor that people connected, each his own. */
export interface PersonalAccounts {
  credentialsOf(person: Person): CallerCredentials;
  /** Answers the page at which a person connects an account. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** What personal accounts are made of. */
export interface PersonalAccountsOptions extends Pick<ConnectLinksOptions, "vault" | "paths" | "signIn" | "onFault"> {
  readonly deployment: Deployment;
}

/**
 * Keeps what people show the vendor, sealed, one secret for each credential of the API. Whoever has connected nothing yet is told where to.
 */
export function personalAccounts({ deployment, ...options }: PersonalAccountsOptions): PersonalAccounts {
  const { name: api, title, credentials = {} } = deployment.api.definition;
  const accounts = accountsOf(options.vault.vault, api);
  const names = Object.keys(credentials).filter((one) => credentials[one]?.insteadOf === undefined);
  const links = connectLinks({ api, title, names, accounts, ...options });

  async function invite(person: Person, why: string): Promise<Problem> {
    const { href } = await links.invite(person);
    return new Problem(
      "credential_rejected",
      `${why} Show the person this link, which is for nobody else and works for ten minutes: ${href} Then call again.`,
    );
  }

  return {
    credentialsOf: (person) => ({
      async secret(credential, rejected) {
        if (rejected) {
          throw await invite(
            person,
            `${title} does not accept the account that was connected for this person any longer.`,
          );
        }
        const secret = await accounts.secretOf(person.key, credential);
        if (secret !== undefined) return secret;
        throw await invite(person, `No account of ${title} is connected for this person yet.`);
      },
    }),
    answer: (path, request, response) => links.answer(path, request, response),
  };
}
