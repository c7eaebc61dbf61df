import * as oauth from "oauth4webapi";
import { type Authorization, beginAuthorization } from "../credentials/begin-authorization.ts";
import { Problem } from "../problem.ts";
import { type Issuer, requestOptions } from "./issuer.ts";
import type { SignInSettings } from "./settings.ts";
import type { Verified } from "./verified.ts";
import type { VerifyToken } from "./verify-token.ts";

/** Signs a person in at the issuer whose tokens this server takes, to know who looks at a page of ours. */
export interface IssuerSignIn {
  /** Begins an authorization code flow with PKCE S256 (RFC 6749 §4.1, RFC 7636). */
  begin(at: SignInPlace): Promise<Authorization>;
  /**
   * Who came back.
   *
   * @throws {Problem} `reauthorize`: nobody; any other error: the issuer could not be asked, or gave no token that is good here.
   */
  finish(answered: URL, begun: Authorization, at: SignInPlace): Promise<Verified>;
}

/** What a sign-in is for. */
export interface SignInPlace {
  readonly redirectUri: string;
  /** URLs of the MCP endpoint, the usual one first: a token is asked for as any client of it asks (RFC 8707). */
  readonly resources: readonly URL[];
}

/** What a sign-in at an issuer is made of. */
export interface IssuerSignInOptions {
  readonly issuer: Issuer;
  readonly url: URL;
  readonly settings: SignInSettings;
  /** What tokens are for, instead of the URL of the endpoint. */
  readonly audience: string | undefined;
  readonly verify: VerifyToken;
}

/**
 * Signs people in with this server's own client at the issuer. Who it is says an access token for this very server, held against the same
 * rules as the tokens of clients: so the subject is the one by which clients' tokens call the person, whatever an ID token would say.
 */
export function issuerSignIn({ issuer, url: at, settings, audience, verify }: IssuerSignInOptions): IssuerSignIn {
  const client = { client_id: settings.clientId };
  const parametersOf = ({ resources: [usual] }: SignInPlace): Readonly<Record<string, string>> => ({
    ...(audience === undefined && usual && { resource: usual.href }),
    ...settings.parameters,
  });
  return {
    begin: async (place) =>
      await beginAuthorization(
        {
          library: oauth,
          server: await issuer.metadata(),
          client,
          scope: settings.scope,
          parameters: parametersOf(place),
        },
        place.redirectUri,
      ),
    async finish(answered, { state, verifier, redirectUri }, place) {
      const server = await issuer.metadata();
      const token = await refusedOr(async () => {
        const code = oauth.validateAuthResponse(server, client, answered, state);
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          authenticationOf(server, settings),
          code,
          redirectUri,
          verifier,
          { ...requestOptions(at), additionalParameters: parametersOf(place) },
        );
        return (await oauth.processAuthorizationCodeResponse(server, client, response)).access_token;
      });
      try {
        return await verify(token, audience === undefined ? place.resources.map(String) : [audience]);
      } catch (cause) {
        throw new Problem(
          "invalid_response",
          `${at.host} signed a person in at a link to connect an account, and its token is not good for this server (${cause instanceof Error ? cause.message : "no reason"}). Check access.resource_server.sign_in: its scope and parameters must lead to the tokens that clients get.`,
          { cause },
        );
      }
    },
  };
}

/** As the issuer says that it takes them; RFC 8414 §2 has Basic where it says nothing. */
function authenticationOf(
  { token_endpoint_auth_methods_supported: methods = ["client_secret_basic"] }: oauth.AuthorizationServer,
  { clientSecret }: SignInSettings,
): oauth.ClientAuth {
  if (clientSecret === undefined) return oauth.None();
  return methods.includes("client_secret_basic")
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret);
}

/** A person who said no, or whom the issuer did not let in. */
async function refusedOr<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) throw error;
    throw new Problem("reauthorize", `the issuer did not sign the person in (${error.error})`);
  }
}
