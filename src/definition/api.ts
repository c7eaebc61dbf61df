import type { Access } from "./access.ts";
import type { Criterion, Step } from "./call.ts";
import type { ExpressionText, Template } from "./template.ts";

/** Where requests go: a place of the vendor's, or hosts that an earlier answer names. */
export type Server = LocatedServer | ForeignHosts;

/** A server of the vendor: a URL, its variables filled when the server starts (OAS Server Object). */
export interface LocatedServer {
  readonly url: string;
  /** Values for `{variables}` of the URL; `$env.NAME` is read from the environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What an answer of status 2xx must be for a success; all hold. They look at `$statusCode` and `$response.…` (Arazzo). */
  readonly successCriteria?: readonly Criterion[];
  /** What says that the credential was refused; one is enough. Default: `$statusCode == 401`. */
  readonly unauthorizedCriteria?: readonly Criterion[];
}

/** Hosts to which a whole URL of an earlier answer may lead, such as presigned uploads: `*.example.com`. Nothing of ours is sent along. */
export interface ForeignHosts {
  readonly hosts: readonly string[];
}

/** What we show the vendor, and to which of its servers: to no other. */
export type Credential = {
  readonly servers: readonly string[];
  /**
   * Name of the credential that it takes the place of, in every request that names that one: where people sign in through it
   * (`access.proxy`), and where its own variables are set while those of the other are not.
   */
  readonly insteadOf?: string;
} & (
  | { readonly basic: { readonly username: string; readonly password: string } } // RFC 7617
  | { readonly bearer: string } // RFC 6750
  | { readonly headers: Readonly<Record<string, string>>; readonly session?: never }
  | { readonly query: Readonly<Record<string, string>> }
  | { readonly oauth2: OAuth2 } // shown as a bearer token
  /** Headers made of the values that a session gives: `Bearer {$credentials.authToken}`. */
  | { readonly headers: Readonly<Record<string, string>>; readonly session: Session }
);

/**
 * An OAuth 2 client towards the vendor (RFC 6749). URLs may hold `{variables}` of the credential's servers; a URL without a host is
 * relative to the origin of the first of them.
 */
export interface OAuth2 {
  readonly grant: "client_credentials" | "authorization_code"; // the latter with PKCE S256 (RFC 7636)
  readonly tokenUrl: string;
  readonly authorizationUrl?: string;
  /** Where tokens are given back when somebody signs out (RFC 7009). */
  readonly revocationUrl?: string;
  /** What `iss` must say when the vendor sends people back (RFC 9207). Default: it need only be of the origin of `authorizationUrl`. */
  readonly issuer?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** How the secret is shown to the token endpoint. Default: `client_secret_post`. */
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post";
  readonly scope?: string;
  /** A refresh token that was got elsewhere, for a machine without a browser; a login wins over it. */
  readonly refreshToken?: string;
  /** Further parameters of both endpoints, by the vendor's names; one whose variable is empty is not sent. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where they stand in a request for a token. Default: `body`. */
  readonly tokenParametersIn?: "query" | "body";
  /** Port on 127.0.0.1 to which the vendor sends people back. Default: {@link DEFAULT_REDIRECT_PORT}. */
  readonly redirectPort?: number;
}

/** Where the vendor sends people back to on their own machine, unless tools.yaml or the command line says another port. */
export const DEFAULT_REDIRECT_PORT = 7437;

/** A session with the vendor that is begun and renewed by requests of its own, as a browser would. */
export interface Session {
  /** Values to begin with, by name: `{ authToken: "$env.ACME_AUTH_TOKEN:-" }`. */
  readonly seed: Readonly<Record<string, string>>;
  /**
   * Path of a JSON file with values of the same names, and `sessionCookies`; the environment goes before it. It is only read.
   * `$env.ACME_CONFIG:-`: empty, there is none.
   */
  readonly configFile?: string;
  /** Begins a session out of the seed. */
  readonly establish: readonly Step[];
  /** Gets new values out of the session that there is; empty: by beginning another. */
  readonly refresh: readonly Step[];
  /** What the steps came to: `{ authToken: "$steps.session.outputs.authToken" }`. A name that is not here keeps its seed. */
  readonly values: Readonly<Record<string, ExpressionText>>;
  /** When the values end, as the steps tell it: a date, or the seconds that are left. */
  readonly expires?: ExpressionText;
  /** Cookies are kept: taken from the answers to the session's own steps, shown to the servers of those and of the credential. */
  readonly cookies?: true;
}

/** Limits kept on our side, each `"100/minute"`, `"5000/month"` (also `second`, `hour`, `day`). */
export interface Limits {
  /** Tool calls. */
  readonly calls?: readonly string[];
  /** HTTP requests to the vendor. */
  readonly upstream?: readonly string[];
  /** HTTP requests to one operation, by `METHOD /path`. */
  readonly operations?: Readonly<Record<string, readonly string[]>>;
  /** Where the figures come from, said to who is refused by one that nobody overrode: `the vendor guide's figure`. */
  readonly source?: string;
  /** Response headers that tell what is left and what the request cost, in requests. */
  readonly headers?: { readonly remaining?: string; readonly cost?: string };
}

/** A prompt that the tools solve, with the calls it should lead to. */
export interface Example {
  readonly ask: string;
  readonly calls: readonly Readonly<Record<string, Template>>[];
}

/** Everything of an API that its tools share: `generated/<api>/index.ts` says it. */
export interface ApiDefinition {
  readonly name: string;
  readonly title: string;
  readonly servers: Readonly<Record<string, Server>>;
  readonly credentials?: Readonly<Record<string, Credential>>;
  readonly access?: Access;
  readonly limits?: Limits;
  readonly instructions?: string;
  /** Who asks, told to the model as far as the environment says it: `{ agent_id: "$env.AGENT_ID" }`. */
  readonly identity?: Readonly<Record<string, ExpressionText>>;
  readonly examples?: readonly Example[];
  /** Tool name → the variables that it cannot do without, such as the id of a tenant's report: unless they are set it is not served. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** Tool name → its module, loaded on the first call. */
  readonly tools: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>>;
}
