import { z } from "zod";
import { Fields, Names } from "./values.ts";

/** What opens the vendor: any of these. */
export const Credentials = z.strictObject({
  basic: z
    .union([
      z.strictObject({ username: z.string() }),
      z.strictObject({
        users: z.record(z.string(), z.json()).describe("User names, and the key of the user behind each."),
      }),
    ])
    .optional(),
  bearer: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional().describe("All of these together."),
  oauth: z.literal(true).optional().describe("A bearer token that the `oauth` section gave out."),
  session: z
    .record(z.string(), z.string())
    .optional()
    .describe("All of these together: Bearer {authToken} names a token, {uuid} must be new in every request."),
});

const Client = z.strictObject({
  id: z.string(),
  secret: z.string().optional().describe("In the form or as Basic; a client without one must use PKCE."),
  redirectUris: Names.default([]).describe("Compared as they are; {port} stands for any port."),
  grants: z
    .array(z.enum(["authorization_code", "refresh_token", "client_credentials"]))
    .default(["authorization_code", "refresh_token"]),
  pkce: z.enum(["required", "allowed"]).default("required"),
  user: z.json().optional().describe("Key of the user as whom it acts with its own credentials."),
});

/** An OAuth 2 authorization server (RFC 6749, 7636, 6750) that asks nobody. */
export const Oauth = z.strictObject({
  authorize: z.string().default("/authorize").describe("Below the server's path."),
  token: z.string().default("/token"),
  parameters: z
    .record(z.string(), z.string())
    .default({})
    .describe("What requests to both must carry, in the query or the form: { tenant: acme }."),
  clients: z.array(Client).min(1),
  users: z.strictObject({
    collection: z.string().describe("Whose objects sign in: {user.id} and the like in patterns."),
    match: Names.default([]).describe("Fields by which `?user=` names one, beside the key."),
    default: z.json().describe("Key of the one who signs in when nobody is named."),
  }),
  scopes: Names.describe("All there are; any other is refused."),
  expiresIn: z.number().default(3600).describe("Seconds of an access token."),
  codeExpiresIn: z.number().default(60),
  refresh: z
    .strictObject({
      scope: z.string().optional().describe("Scope that must be asked for to get a refresh token."),
      rotate: z.boolean().default(true).describe("Each is good once; used again, it ends all of its line."),
      expiresIn: z.number().default(30 * 86_400),
    })
    .default({ rotate: true, expiresIn: 30 * 86_400 }),
});

/** A session by cookies: a form with a CSRF token opens it, reading it answers new tokens. */
export const Session = z.strictObject({
  users: z.string().describe("Collection of those who have sessions."),
  seeds: z
    .array(z.strictObject({ user: z.json(), tokens: z.record(z.string(), z.string()) }))
    .min(1)
    .describe("Tokens that are good at the start, and whose they are. All seeds have the same names of tokens."),
  cookies: z.strictObject({
    csrf: z.string(),
    session: z.string(),
    extra: z.record(z.string(), z.string()).default({}).describe("Set when it is opened: {origin}, {tokens.x}."),
  }),
  csrfField: z.string().default("csrfToken").describe("In the answer, and in the form that opens."),
  opened: Fields.default({}).describe("What opening answers: {origin}."),
  read: Fields.describe("What reading answers: {user.x}, {tokens.x}, {expires}."),
  expiresIn: z.number().default(3600).describe("Seconds of a token."),
  sessionExpiresIn: z.number().default(30 * 86_400),
  rotate: z.boolean().default(true).describe("Reading gives a new session cookie; the old one ends."),
});

export type CredentialsRule = z.infer<typeof Credentials>;
export type OauthRule = z.infer<typeof Oauth>;
export type ClientRule = z.infer<typeof Client>;
export type SessionRule = z.infer<typeof Session>;
