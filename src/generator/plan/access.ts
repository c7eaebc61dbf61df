import type { Access } from "../../definition/access.ts";
import { judgePattern } from "../../definition/pattern.ts";
import { invalidSetting, unknownCredential } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import type { AccessSettings } from "../tools-file/access-schema.ts";
import { within } from "../tools-file/origin.ts";
import { templateOf } from "../tools-file/variables.ts";
import type { ApiContext } from "./context.ts";

/** Decides who may call over HTTP: texts become templates, and the credentials that are named must exist. */
export function planAccess(context: ApiContext, settings: AccessSettings): Access {
  const { public_url, scopes, tool_scopes, initial_scopes, api_key, resource_server, proxy, clients } = settings;
  for (const [section, named] of Object.entries({ api_key, proxy })) {
    if (named) checkCredential(context, section, named.credential);
  }
  if (api_key) checkPattern(context, api_key.pattern);
  return {
    mode: templateOf(settings.mode),
    ...(public_url !== undefined && { publicUrl: templateOf(public_url) }),
    ...(scopes && { scopes: defined(scopes) }),
    ...(tool_scopes && { toolScopes: tool_scopes }),
    ...(initial_scopes && { initialScopes: initial_scopes }),
    ...(api_key && { apiKey: planApiKey(api_key) }),
    ...(resource_server && { resourceServer: planResourceServer(resource_server) }),
    ...(proxy && { proxy }),
    ...(clients && {
      clients: clients.map(({ client_id, client_secret, redirect_uris }) => ({
        clientId: templateOf(client_id),
        ...(client_secret !== undefined && { clientSecret: templateOf(client_secret) }),
        redirectUris: redirect_uris.map(templateOf),
      })),
    }),
  };
}

function planApiKey({
  credential,
  header,
  scheme,
  pattern,
  raw_authorization,
}: NonNullable<AccessSettings["api_key"]>) {
  const raw = raw_authorization === undefined ? {} : { rawAuthorization: templateOf(raw_authorization) };
  return { credential, header, scheme, pattern, ...raw };
}

function planResourceServer(settings: NonNullable<AccessSettings["resource_server"]>) {
  const { issuer, audience, jwks_uri, introspection, upstream, sign_in } = settings;
  return {
    issuer: templateOf(issuer),
    ...(audience !== undefined && { audience: templateOf(audience) }),
    ...(jwks_uri !== undefined && { jwksUri: templateOf(jwks_uri) }),
    ...(introspection && {
      introspection: {
        url: templateOf(introspection.url),
        clientId: templateOf(introspection.client_id),
        clientSecret: templateOf(introspection.client_secret),
      },
    }),
    upstream: templateOf(upstream),
    ...(sign_in && { signIn: planSignIn(sign_in) }),
  };
}

function planSignIn({
  client_id,
  client_secret,
  scope,
  parameters,
}: NonNullable<NonNullable<AccessSettings["resource_server"]>["sign_in"]>) {
  return {
    clientId: templateOf(client_id),
    ...(client_secret !== undefined && { clientSecret: templateOf(client_secret) }),
    ...(scope !== undefined && { scope: templateOf(scope) }),
    ...(parameters && {
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, templateOf(text)])),
    }),
  };
}

function checkCredential({ entry, report }: ApiContext, section: string, name: string): void {
  const known = Object.keys(entry.settings.credentials ?? {});
  if (known.includes(name)) return;
  const at = within(entry.origin, "access", section, "credential");
  report(unknownCredential({ at, name, near: nearest(name, known).map((one) => ({ name: one })), known }));
}

/** T22: the pattern is run on whatever anybody sends. */
function checkPattern({ entry, report }: ApiContext, pattern: string): void {
  const at = within(entry.origin, "access", "api_key", "pattern");
  if (judgePattern(pattern).enforced) return;
  report(
    invalidSetting({
      at,
      problem: {
        kind: "wrong value",
        expected: "a pattern that ends in good time on any text",
        got: `"${pattern}"`,
        example: "^[A-Za-z0-9]{16,64}$",
      },
    }),
  );
}

/** Leaves out what is undefined: `exactOptionalPropertyTypes` tells the two apart. */
function defined<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>;
  }; // what is left
}
