import { z } from "zod";
import { entryName, variableText } from "./text-schema.ts";

const text = variableText;
const clients = z.array(
  z.strictObject({
    client_id: text.describe('Its id, usually "${NAME}".'),
    client_secret: text.optional().describe("Its secret; without one it is a public client, with PKCE."),
    redirect_uris: z.array(text).min(1).describe("Where it may be sent back to; compared exactly."),
  }),
);

/** Who may call over HTTP, as written in tools.yaml. */
export const access = z.strictObject({
  mode: text.meta({
    description: "`env`, `api-key-passthrough`, `oauth-resource-server` or `oauth-proxy`; exactly one holds.",
    examples: ['"${ACME_ACCESS:-env}"'],
  }),
  public_url: text.optional().describe("Where clients reach this server; https, needed off loopback."),
  scopes: z
    .strictObject({
      read: z.string().optional().describe("Of tools that only read."),
      write: z.string().optional().describe("Of tools that change something; whoever has it may read too."),
      destructive: z
        .string()
        .optional()
        .describe("Of tools that destroy or overwrite; whoever has it may do the rest too."),
    })
    .optional()
    .describe("The scope that a tool needs, by what it does. Default: read, write, write."),
  tool_scopes: z
    .record(z.string(), z.array(z.string()).min(1))
    .optional()
    .describe("Scopes that single tools need besides: `{ admin: [delete_ticket] }`."),
  initial_scopes: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("What a client is told to ask for at first. Default: the scope of tools that only read."),
  api_key: z
    .strictObject({
      credential: entryName.describe("The credential whose secret the caller's key takes the place of."),
      header: z.string().describe("Dedicated header: `X-Acme-Api-Key`."),
      scheme: z.string().describe("Dedicated scheme of `Authorization`: `Acme-Key`."),
      pattern: z.string().describe("What a key looks like; anything else is refused unseen."),
      raw_authorization: text.optional().describe("`true`: the bare key as `Authorization` too. Default: refused."),
    })
    .optional()
    .describe("For `api-key-passthrough`."),
  resource_server: z
    .strictObject({
      issuer: text.describe("The issuer of tokens (RFC 8414)."),
      audience: text.optional().describe("What tokens are for. Default: the URL of the MCP endpoint."),
      jwks_uri: text.optional().describe("Default: what the issuer's metadata say."),
      introspection: z
        .strictObject({
          url: text.describe("The issuer's introspection endpoint."),
          client_id: text.describe("What this server is to the issuer."),
          client_secret: text.describe("And its secret."),
        })
        .optional()
        .describe("For opaque tokens (RFC 7662)."),
      upstream: text.describe("`shared` or `per-person`: whose credential the vendor sees."),
      sign_in: z
        .strictObject({
          client_id: text.describe("What this server is to the issuer when it signs a person in."),
          client_secret: text.optional().describe("Its secret; without one it is a public client, with PKCE."),
          scope: text.optional().describe("What is asked for. Default: `initial_scopes`."),
          parameters: z
            .record(z.string(), text)
            .optional()
            .describe("What the issuer wants besides, such as `{ audience: ... }`."),
        })
        .optional()
        .describe("For `per-person`: who opens a link to connect an account is signed in at the issuer first."),
    })
    .optional()
    .describe("For `oauth-resource-server`."),
  proxy: z
    .strictObject({ credential: entryName.describe("An `oauth2` credential of the grant `authorization_code`.") })
    .optional()
    .describe("For `oauth-proxy`."),
  clients: clients.optional().describe("Clients that were given an id instead of registering themselves."),
});

/** Who may call over HTTP, as written in tools.yaml. */
export type AccessSettings = z.output<typeof access>;
