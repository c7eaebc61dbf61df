import type { IncomingMessage, ServerResponse } from "node:http";
import { createLocalJWKSet } from "jose";
import type { AuthorizationServer, AuthorizationServerOptions } from "../authorization-server.ts";
import { openBounds } from "../bounds.ts";
import { browsers } from "../browser.ts";
import { answerCors } from "../cors.ts";
import { callerAddress } from "../caller-address.ts";
import { disconnect } from "./disconnect.ts";
import { loadProvider } from "./load-provider.ts";
import { credentialsOf, type People } from "./people.ts";
import { providerAdapter } from "./provider-adapter.ts";
import { providerSettings, ROUTES } from "./provider-settings.ts";
import { registeredClients } from "./registered-clients.ts";
import { type Route, routeOf } from "./routes.ts";
import { callback, consent, refuse, type SignInOptions } from "./sign-in.ts";
import { SIGNING_ALGORITHM, signingKeys } from "./signing-keys.ts";
import { boundSecrets, refuseTooOften } from "./too-often.ts";
import { upstreamClient } from "./upstream-client.ts";
import { upstreamOAuth } from "./upstream-oauth.ts";

/**
 * Opens our authorization server in front of a vendor that registers no clients: the library's endpoints, our consent page between them
 * and the vendor's sign-in, and the vendor's tokens in the vault.
 *
 * @throws {StartError} when the credential that `access.proxy` names is not one that people can sign in for.
 */
export async function openProxy(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { deployment, settings, publicUrl, scopes } = options;
  const { vault, ring } = options.vault;
  const { name: api, title } = deployment.api.definition;
  const upstream = upstreamOAuth(await upstreamClient(deployment, settings.credential));
  const keys = await signingKeys(vault, api);
  const place = placeOf(options);
  const resources = options.resources.map((url) => url.href.replace(/\/$/, ""));
  const clients = registeredClients(vault, api);
  const bounds = openBounds(deployment.shared);
  const library = await loadProvider();
  const provider = new library.Provider(
    place.issuer,
    providerSettings({
      adapter: providerAdapter(vault, api, clients),
      clients: settings.clients,
      cookieKeys: ring.keysFor("cookies").map(({ key }) => Buffer.from(key).toString("base64url")),
      keys,
      resources,
      scopes,
      secure: publicUrl.protocol === "https:",
      mount: place.mount,
      library,
      bounds,
    }),
  );
  provider.proxy = true; // what it then believes of the public URL is what `answer` writes
  provider.use(async (ctx, next) => {
    await next();
    // The library counts `openid` in, which means nothing here, and some clients ask for all that is listed.
    if (routeName(ctx) === "discovery") Object.assign(ctx.body as object, { scopes_supported: scopes });
  });
  const told = (error: unknown) => options.onFault?.(error instanceof Error ? error : new Error(String(error)));
  provider.on("server_error", (_ctx, error) => told(error));
  boundSecrets(provider, library, bounds);
  const handle = provider.callback();
  const people: People = { deployment, vault, upstream, credential: settings.credential, unsaved: new Map(), told };
  const signIns: SignInOptions = {
    api,
    title,
    provider,
    vault,
    clients,
    browsers: browsers(publicUrl, ring.keysFor("browsers")),
    people,
    callbackUrl: `${place.issuer}/oauth/callback`,
    scopes,
    resources,
    origin: publicUrl.origin,
  };

  async function go(route: Route, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = callerAddress(request, options.trustProxy);
    asCalled(request, publicUrl, address);
    switch (route.to) {
      case "consent":
        if (!isOneOf(request, response, ["GET", "POST"])) return;
        return await consent(signIns, request, response, route.uid);
      case "disconnect":
        if (!isOneOf(request, response, ["GET", "POST"])) return;
        return await disconnect(signIns, request, response);
      case "callback":
        if (!isOneOf(request, response, ["GET"])) return;
        return await callback(signIns, request, response);
      case "metadata":
      case "library": {
        const own = route.to === "metadata" ? "/.well-known/oauth-authorization-server" : path.slice(place.base.length);
        // Clients in a browser register from there; for every other endpoint of theirs the library answers CORS itself.
        if (own === ROUTES.registration && answerCors(request, response, [])) return;
        if (await refuseTooOften(request, response, { path: own, address, bounds })) return;
        const query = own === ROUTES.authorization ? scopedQuery(request, options) : queryOf(request);
        request.url = `${own}${query}`;
        Object.assign(request, { originalUrl: `${place.mount}${request.url}` });
        return await handle(request, response);
      }
    }
  }

  return {
    issuer: place.issuer,
    keys: createLocalJWKSet({ keys: [keys.public] }),
    algorithms: [SIGNING_ALGORITHM],
    answer(path, request, response) {
      const route = routeOf(path, place.base, place.resourcePaths);
      if (!route) return false;
      go(route, path, request, response).catch((error: unknown) => {
        told(error);
        if (!response.headersSent)
          refuse(response, 500, "Something went wrong on this server, which its log tells of.");
        else response.destroy();
      });
      return true;
    },
    credentialsOf: async (claims) => await credentialsOf(people, claims),
    close: () => Promise.resolve(),
  };
}

/** The library's name of what it answered; it defines `oidc` on contexts of its own routes alone. */
function routeName(ctx: { readonly [name: string]: unknown }): unknown {
  const { oidc } = ctx;
  return typeof oidc === "object" && oidc !== null && "route" in oidc ? oidc.route : undefined;
}

/** Where the authorization server is: at the public URL itself, or at the API's own endpoint where several are served. */
function placeOf({ publicUrl, resources }: AuthorizationServerOptions) {
  const prefix = publicUrl.pathname.replace(/\/$/, "");
  const resourcePaths = resources.map(({ pathname }) => pathname.slice(prefix.length).replace(/\/$/, ""));
  const alone = resourcePaths.includes("/mcp");
  const base = alone ? "" : (resourcePaths[0] ?? "");
  const mount = `${prefix}${base}`;
  return { base, mount, resourcePaths, issuer: `${publicUrl.origin}${mount}` };
}

/** T44: the library believes what a request says of itself, so it is made to say where this server is and who asks, whatever it said. */
function asCalled(request: IncomingMessage, publicUrl: URL, address: string): void {
  const { headers } = request;
  headers.host = publicUrl.host;
  headers["x-forwarded-host"] = publicUrl.host;
  headers["x-forwarded-proto"] = publicUrl.protocol.slice(0, -1);
  headers["x-forwarded-for"] = address;
  delete headers.forwarded;
}

/**
 * The query of an authorization request with the scopes that mean something here. A client that names none gets all that the person
 * agrees to; one that names only others, such as `openid`, what a first sign-in asks for.
 */
function scopedQuery(request: IncomingMessage, { scopes, settings }: AuthorizationServerOptions): string {
  const query = new URLSearchParams(queryOf(request));
  const [asked] = query.getAll("scope");
  const known = asked?.split(" ").filter((scope) => scopes.includes(scope)) ?? [...scopes];
  query.set("scope", (known.length > 0 ? known : settings.scopes.initial).join(" "));
  return `?${query.toString()}`;
}

function queryOf({ url = "" }: IncomingMessage): string {
  const at = url.indexOf("?");
  return at === -1 ? "" : url.slice(at);
}

function isOneOf({ method = "" }: IncomingMessage, response: ServerResponse, methods: readonly string[]): boolean {
  if (methods.includes(method)) return true;
  response.writeHead(405, { allow: methods.join(", "), "content-length": "0" }).end();
  return false;
}
