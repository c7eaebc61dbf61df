import { DEFAULT_REDIRECT_PORT } from "../../definition/api.ts";
import { z } from "zod";
import { sessionSettings } from "./session-schema.ts";
import { entryName, fail, variableText } from "./text-schema.ts";

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/) // a token of RFC 9110 §5.6.2
  .meta({ title: "header name", examples: ["X-Api-Key"] });

const oauth2 = z
  .strictObject({
    grant: z
      .enum(["client_credentials", "authorization_code"])
      .describe("The server signs in by itself, or a person does with `toolwright login`."),
    token_url: variableText.meta({
      description:
        "Token endpoint; may hold the `{variables}` of a server. `/path`: on the origin of the first server.",
      examples: ["https://{domain}/auth/token"],
    }),
    authorization_url: variableText
      .optional()
      .describe("Where a person signs in. Needed for the grant authorization_code."),
    revocation_url: variableText.optional().describe("Where tokens are given back when somebody signs out (RFC 7009)."),
    issuer: variableText.optional().describe("What `iss` must say when the vendor sends people back (RFC 9207)."),
    client_id: variableText.describe("The application's id at the vendor."),
    client_secret: variableText.optional().describe('Left out, or "${NAME:-}", for a public client.'),
    client_authentication: z
      .enum(["client_secret_post", "client_secret_basic"])
      .optional()
      .describe("How the secret is shown. Default: client_secret_post."),
    scope: variableText.optional().describe("Scopes, separated by spaces."),
    refresh_token: variableText
      .optional()
      .describe("A refresh token that was got elsewhere, for a machine without a browser."),
    parameters: z
      .record(z.string().min(1), variableText)
      .optional()
      .describe("Further parameters of both endpoints; one whose variable is empty is not sent."),
    token_parameters_in: z
      .enum(["body", "query"])
      .optional()
      .describe("Where they stand in a request for a token. Default: body."),
    redirect_port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe(`Port on 127.0.0.1 to which the vendor sends people back. Default: ${DEFAULT_REDIRECT_PORT}.`),
  })
  .superRefine(({ grant, authorization_url, client_secret }, context) => {
    if (grant === "authorization_code" && authorization_url === undefined) {
      const example = 'authorization_url: "https://{domain}/auth/authorize"';
      fail(context, { expected: "an `authorization_url`, where people sign in", got: "none", example });
    }
    if (grant === "client_credentials" && client_secret === undefined) {
      const example = 'client_secret: "${ACME_CLIENT_SECRET}"';
      fail(context, { expected: "a `client_secret`, which is all that this grant shows", got: "none", example });
    }
  });

/** A credential, as written in tools.yaml. */
export const credential = z
  .strictObject({
    basic: z
      .strictObject({
        username: variableText.describe("User name, often the API key."),
        password: variableText.describe("Password; a fixed text when the vendor ignores it."),
      })
      .optional()
      .describe("HTTP Basic."),
    bearer: variableText
      .optional()
      .meta({ description: "The token of `Authorization: Bearer`.", examples: ['"${ACME_TOKEN}"'] }),
    headers: z
      .record(headerName, variableText)
      .optional()
      .describe("Request headers, all sent together; `{$uuid}` is made anew for each request."),
    query: z.record(z.string(), variableText).optional().describe("Query parameters, all sent together."),
    oauth2: oauth2.optional().describe("OAuth 2: client credentials, or `toolwright login`."),
    session: sessionSettings
      .optional()
      .describe("With `headers`: where their `{$credentials.name}` come from, and how they are renewed."),
    servers: z.array(z.string()).min(1).optional().describe("The servers that it is shown to. Default: all."),
    instead_of: entryName
      .optional()
      .describe(
        "The credential whose place it takes, where people sign in through it, or where only its own variables are set.",
      ),
  })
  .superRefine(({ basic, bearer, headers, query, oauth2: client, session }, context) => {
    const ways = [basic, bearer, headers, query, client].filter((way) => way !== undefined);
    if (ways.length !== 1) {
      fail(context, {
        expected: "one of `basic`, `bearer`, `headers`, `query` and `oauth2`",
        got: ways.length === 0 ? "none of them" : `${ways.length} of them`,
        example: 'bearer: "${ACME_TOKEN}"',
      });
    } else if (session !== undefined && headers === undefined) {
      const example = 'headers: { authorization: "Bearer {$credentials.token}" }';
      fail(context, { expected: "`headers` beside `session`", got: "none", example });
    } else if (!JSON.stringify([ways, session]).includes("${")) {
      const [, bare] = /"\$([A-Z][A-Z0-9_]*)"/.exec(JSON.stringify(ways)) ?? [];
      fail(context, {
        expected: "a variable of the environment",
        got:
          bare === undefined
            ? "a secret in this file, from where it would be committed"
            : `\`$${bare}\` without braces`,
        example: bare === undefined ? withVariable({ basic, headers, query, oauth2: client }) : `"\${${bare}}"`,
      });
    }
  });

type Ways = Readonly<Partial<Record<"basic" | "headers" | "query" | "oauth2", object | undefined>>>;

/** A credential of the same kind whose secret is a variable. */
function withVariable({ basic, headers, query, oauth2: client }: Ways): string {
  if (headers) return `headers: { ${Object.keys(headers)[0] ?? "X-Key"}: "\${ACME_KEY}" }`;
  if (query) return `query: { ${Object.keys(query)[0] ?? "key"}: "\${ACME_KEY}" }`;
  if (basic) return 'basic: { username: "${ACME_KEY}", password: X }';
  return client ? 'oauth2: { client_secret: "${ACME_CLIENT_SECRET}", … }' : 'bearer: "${ACME_TOKEN}"';
}

/** A credential, as written in tools.yaml. */
export type CredentialSettings = z.output<typeof credential>;
/** An OAuth 2 client, as written in tools.yaml. */
export type OAuth2Settings = z.output<typeof oauth2>;
