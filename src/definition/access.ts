/**
 * Who may call, and with whose credential towards the vendor. Texts may be `$env.NAME`, or hold `{$env.NAME}`; an empty text is
 * one that is not set.
 */
export interface Access {
  /**
   * - `env`: one person or one machine; the server's own credentials; over HTTP on loopback only.
   * - `api-key-passthrough`: each caller brings a key of the vendor's. Not an authorization of MCP, and never called one.
   * - `oauth-resource-server`: an issuer elsewhere mints tokens for this server (RFC 9728, RFC 8707).
   * - `oauth-proxy`: this server is the authorization server, in front of a vendor that knows no dynamic registration (RFC 7591).
   */
  readonly mode: string;
  /** Where clients reach this server: `https://mcp.acme.com`. Needed off loopback; its path, if any, stands before `/mcp`. */
  readonly publicUrl?: string;
  /** The scope that a tool needs, by what it does; default: `read`, `write`, and `write` for what destroys. */
  readonly scopes?: { readonly read?: string; readonly write?: string; readonly destructive?: string };
  /** Scopes of single tools, besides: `{ admin: ["delete_ticket"] }`. */
  readonly toolScopes?: Readonly<Record<string, readonly string[]>>;
  /** What the first challenge asks for; default: the scope of tools that only read. */
  readonly initialScopes?: readonly string[];
  readonly apiKey?: ApiKeyAccess;
  readonly resourceServer?: ResourceServerAccess;
  readonly proxy?: ProxyAccess;
  /** Clients that were given an id, and perhaps a secret, instead of registering themselves. */
  readonly clients?: readonly StaticClient[];
}

/** How a caller hands over a key. */
export interface ApiKeyAccess {
  /** The credential whose secret the key takes the place of. */
  readonly credential: string;
  /** Dedicated header: `X-Acme-Api-Key`. */
  readonly header: string;
  /** Dedicated scheme of `Authorization`: `Acme-Key`. */
  readonly scheme: string;
  /** What a key looks like; everything else is refused unseen. */
  readonly pattern: string;
  /** `true`: the bare key as `Authorization`, and `Basic`, as some vendors' guides have it. Default: refused. */
  readonly rawAuthorization?: string;
}

/** An issuer elsewhere. */
export interface ResourceServerAccess {
  readonly issuer: string;
  /** Default: the URL of the MCP endpoint. */
  readonly audience?: string;
  /** Default: what the issuer's metadata say (RFC 8414). */
  readonly jwksUri?: string;
  /** For opaque tokens (RFC 7662). */
  readonly introspection?: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
  /** `shared`: everybody uses the server's own credentials. `per-person`: each connects an account of the vendor's once. */
  readonly upstream: string;
  /** This server's own client at the issuer: with `per-person`, who opens a link to connect an account signs in there first. */
  readonly signIn?: {
    readonly clientId: string;
    readonly clientSecret?: string;
    /** Default: what the first challenge asks for. */
    readonly scope?: string;
    /** Further parameters of the requests for a code and for a token, such as `audience`. */
    readonly parameters?: Readonly<Record<string, string>>;
  };
}

/** Our own authorization server in front of the vendor's. */
export interface ProxyAccess {
  /** An `oauth2` credential of the grant `authorization_code`: its endpoints, client and scope are the vendor's. */
  readonly credential: string;
}

/** A client that an operator knows. */
export interface StaticClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly redirectUris: readonly string[];
}
