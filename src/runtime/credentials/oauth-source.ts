import type { OAuth2 } from "../../definition/api.ts";
import { isExpired, type Held } from "./held.ts";
import { oauthFailure, type Subject } from "./obtain-problem.ts";
import { type OAuthClient, oauthClient } from "./oauth-client.ts";
import { tokenByClientCredentials, tokenByRefresh } from "./oauth-tokens.ts";
import { signInAtSandbox } from "./sandbox-sign-in.ts";
import { oauthSeed } from "./seed.ts";
import { RefusedError, type Source } from "./source.ts";

/** Tokens of OAuth 2. */
export function oauthSource(subject: Subject, oauth2: OAuth2): Source {
  const { deployment, credential } = subject;
  const { grant } = oauth2;
  const byCode = grant === "authorization_code";
  const ask = async (work: (client: OAuthClient) => Promise<Held>, why: string): Promise<Held> => {
    try {
      return await work(await oauthClient(deployment, { servers: credential.servers, oauth2 }));
    } catch (error) {
      const failure = oauthFailure(error, subject);
      if ("problem" in failure) throw failure.problem;
      throw new RefusedError(`${why} (${failure.refused})`);
    }
  };
  const begin = async (): Promise<Held> => {
    if (!byCode) return await ask(tokenByClientCredentials, "refused this server's client credentials");
    if (deployment.mode === "sandbox")
      return await ask(
        async (client) => await signInAtSandbox(client, oauth2.redirectPort),
        "refused this server's sign-in",
      );
    throw new RefusedError("has not been signed in to yet", true);
  };
  return {
    seed: () => oauthSeed(oauth2, deployment.environment),
    seedVersion: () => "environment", // which does not change
    initial: async ({ values }) =>
      Object.keys(values).length > 0 ? { values, obtainedAt: 0, expiresAt: 0 } : undefined,
    isUsable: (held) => held.values["accessToken"] !== undefined && !isExpired(held),
    beginsAtOnce: () => false,
    async renew(held) {
      const token = held?.values["refreshToken"];
      if (!byCode || held === undefined) return await begin();
      if (token === undefined)
        throw new RefusedError("no longer accepts this server's sign-in, and gave nothing to renew it with");
      return await ask(
        async (client) => await tokenByRefresh(client, token),
        "no longer accepts this server's sign-in",
      );
    },
    establish: async () => await begin(),
    rotates: byCode,
    refusalLasts: byCode,
  };
}
