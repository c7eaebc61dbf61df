import type * as Library from "oidc-provider";
import type {
  AdapterFactory,
  Configuration,
  KoaContextWithOIDC,
  errors as Errors,
  interactionPolicy as Policy,
} from "oidc-provider";
import type { StaticClient } from "../../../definition/access.ts";
import type { Bounds } from "../bounds.ts";
import { fetchMetadata, mayFetch } from "./metadata-fetch.ts";
import { html, sendPage } from "../page.ts";
import { applicationTypeOf, redirectRefusal } from "./redirect-policy.ts";
import { SIGNING_ALGORITHM, type SigningKeys } from "./signing-keys.ts";
import { GRANT_CLAIM } from "./sign-ins.ts";

/** What the library is told, besides what never changes. */
export interface ProviderSettings {
  readonly adapter: AdapterFactory;
  readonly clients: readonly StaticClient[];
  readonly cookieKeys: readonly string[];
  readonly keys: SigningKeys;
  /** The values of `resource`, the first is meant when there is none. */
  readonly resources: readonly string[];
  readonly scopes: readonly string[];
  readonly secure: boolean;
  /** Path of the issuer, without a slash at the end. */
  readonly mount: string;
  readonly library: Pick<typeof Library, "errors" | "interactionPolicy" | "Provider">;
  readonly bounds: Bounds;
}

/** Paths at which the library answers, under the issuer's own. */
export const ROUTES = {
  authorization: "/oauth/authorize",
  token: "/oauth/token",
  registration: "/oauth/register",
  revocation: "/oauth/revoke",
  jwks: "/oauth/jwks",
  end_session: "/oauth/end",
} as const;

const DAY = 24 * 3600;
const HOUR = 3600;

/** The settings of our authorization server: OAuth 2.1, and nothing of OpenID Connect but what the library cannot do without. */
export function providerSettings(settings: ProviderSettings): Configuration {
  const { adapter, clients, cookieKeys, keys, resources, scopes, secure, mount, library } = settings;
  const { errors } = library;
  const prefix = secure ? "__Secure-" : "";
  return {
    adapter,
    routes: ROUTES,
    jwks: { keys: [keys.private] },
    clients: clients.map(staticClient),
    clientDefaults: {
      // Nothing, so that `judge` can tell what a client says of itself from the library's own `web`.
      ...({ application_type: null } as object),
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      id_token_signed_response_alg: SIGNING_ALGORITHM,
    },
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    responseTypes: ["code"],
    scopes: [...scopes],
    claims: {},
    cookies: {
      keys: [...cookieKeys],
      names: {
        session: secure ? "__Host-tw-session" : "tw-session",
        interaction: `${prefix}tw-interaction`,
        resume: `${prefix}tw-resume`,
      },
      long: { httpOnly: true, sameSite: "lax", signed: true },
      short: { httpOnly: true, sameSite: "lax", signed: true },
    },
    pkce: { required: () => true },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 60,
      Interaction: 600,
      Grant: 180 * DAY,
      RefreshToken: 30 * DAY,
      Session: 600,
      IdToken: HOUR,
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    expiresWithSession: () => false, // sessions are not kept
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    loadExistingGrant: grantOfThisInteraction,
    interactions: {
      policy: alwaysAsk(library.interactionPolicy),
      url: (_ctx, { uid }) => `${mount}/oauth/consent/${uid}`,
    },
    extraTokenClaims: (_ctx, token) => ("grantId" in token ? { [GRANT_CLAIM]: token.grantId } : undefined),
    extraClientMetadata: {
      properties: ["software_id"],
      validator: (_ctx, _key, _value, metadata) => judge(metadata, errors),
    },
    clientBasedCORS: () => true, // no cookie counts at the token endpoint, so an origin has nothing to lend
    fetch: async (url, init) => {
      const tooOften = await settings.bounds.take("fetch", library.Provider.ctx?.ip ?? "");
      if (tooOften !== undefined) throw new Error("too many documents were asked for from that address");
      return await fetchMetadata(url, init);
    },
    renderError: showError,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      registration: { enabled: true, initialAccessToken: false, issueRegistrationAccessToken: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      clientIdMetadataDocument: {
        enabled: true,
        ack: "draft-02",
        allowFetch: async (_ctx, clientId) => await mayFetch(clientId),
        allowClient: () => true,
        cacheDuration: { min: 60, max: DAY },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf ?? resources[0] ?? "",
        useGrantedResource: () => true,
        getResourceServerInfo(_ctx, resource) {
          const known = resources.find((one) => one === resource.replace(/\/$/, ""));
          if (known === undefined) throw new errors.InvalidTarget("that is no resource of this server");
          return {
            scope: scopes.join(" "),
            audience: known,
            accessTokenTTL: HOUR,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: SIGNING_ALGORITHM } },
          };
        },
      },
    },
  };
}

/** A client that an operator knows; with a secret it may show it either way. */
function staticClient({ clientId, clientSecret, redirectUris }: StaticClient) {
  return {
    client_id: clientId,
    redirect_uris: [...redirectUris],
    ...(clientSecret === undefined
      ? { token_endpoint_auth_method: "none" as const }
      : { client_secret: clientSecret, token_endpoint_auth_method: "client_secret_basic" as const }),
  };
}

/**
 * Judges what a client says of itself, however it came here, before the library does. Scopes are dropped: people grant them, a
 * registration does not.
 */
function judge(metadata: Record<string, unknown>, errors: typeof Errors): void {
  const uris = Array.isArray(metadata["redirect_uris"]) ? (metadata["redirect_uris"] as readonly unknown[]) : [];
  if (uris.length > 20) throw new errors.InvalidRedirectUri();
  for (const uri of uris) {
    const refused = redirectRefusal(uri);
    if (refused !== undefined) throw new errors.InvalidClientMetadata(refused);
  }
  const name = metadata["client_name"];
  if (typeof name === "string" && name.length > 200) throw new errors.InvalidClientMetadata("client_name is too long");
  metadata["application_type"] ??= applicationTypeOf(uris);
  metadata["scope"] = undefined;
}

/** Consent is asked for in every sign-in: one remembered for a client's id is one that an attacker can use (GHSA-6x8h-498w-gv8c). */
function alwaysAsk({ base, Check, Prompt }: typeof Policy) {
  const policy = base();
  for (const name of Array.from(policy, (prompt) => prompt.name)) policy.remove(name);
  const asked = new Check("consent", "people are asked each time", "interaction_required", ({ oidc }) =>
    oidc.result?.consent ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
  );
  policy.add(new Prompt({ name: "consent", requestable: true }, asked));
  policy.add(new Prompt({ name: "login", requestable: true }));
  return policy;
}

async function grantOfThisInteraction({ oidc }: KoaContextWithOIDC) {
  const id = oidc.result?.consent?.grantId;
  return id === undefined ? undefined : await oidc.provider.Grant.find(id);
}

/** A page for people; whatever was sent is text in it. */
function showError(
  ctx: KoaContextWithOIDC,
  out: { readonly error: string; readonly error_description?: string | undefined },
) {
  ctx.respond = false;
  const { error, error_description: why = "" } = out;
  sendPage(ctx.res, {
    status: ctx.status,
    title: "This sign-in cannot go on",
    body: html`<p>${why === "" ? "The program that sent you here asked for something that is not allowed." : why}</p>
      <p>Code: ${error}</p>`,
  });
}
