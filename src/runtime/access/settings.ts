import type { StaticClient } from "../../definition/access.ts";

/** The access of an API as it holds here: texts filled from the environment, everything that its mode needs is there. */
export type AccessSettings = EnvAccess | ApiKeySettings | ResourceServerSettings | ProxySettings;

/** One person or one machine, with the server's own credentials. */
export interface EnvAccess {
  readonly mode: "env";
}

/** What every mode has in which callers are told apart. */
export interface OpenAccess {
  /** Where clients reach this server, without a slash at the end; undefined: this machine only, at whatever port it has. */
  readonly publicUrl: URL | undefined;
  /** Clients that an operator knows. */
  readonly clients: readonly StaticClient[];
  readonly scopes: ScopeSettings;
}

/** The scopes of tools, by what they do and by their names. */
export interface ScopeSettings {
  readonly read: string;
  readonly write: string;
  readonly destructive: string;
  /** Tool → scopes that it needs besides. */
  readonly tools: Readonly<Record<string, readonly string[]>>;
  /** What the first challenge asks for. */
  readonly initial: readonly string[];
}

/** Each caller brings a key of the vendor's. */
export interface ApiKeySettings extends OpenAccess {
  readonly mode: "api-key-passthrough";
  readonly credential: string;
  /** In small letters, as Node has headers. */
  readonly header: string;
  readonly scheme: string;
  readonly pattern: RegExp;
  readonly rawAuthorization: boolean;
}

/** Tokens of an issuer elsewhere. */
export interface ResourceServerSettings extends OpenAccess {
  readonly mode: "oauth-resource-server";
  readonly issuer: URL;
  /** Undefined: the URL of the MCP endpoint. */
  readonly audience: string | undefined;
  readonly jwksUri: URL | undefined;
  readonly introspection: { readonly url: URL; readonly clientId: string; readonly clientSecret: string } | undefined;
  readonly upstream: "shared" | "per-person";
  /** This server's own client at the issuer: there with `per-person`. */
  readonly signIn: SignInSettings | undefined;
}

/** How a person who opens a link to connect an account is signed in at the issuer. */
export interface SignInSettings {
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: string | undefined;
  readonly scope: string;
  /** Further parameters of both requests, such as `audience`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Our own authorization server. */
export interface ProxySettings extends OpenAccess {
  readonly mode: "oauth-proxy";
  readonly credential: string;
}

/** Name of a mode. */
export type AccessMode = AccessSettings["mode"];

/** Whether callers bring what the vendor is shown; the server's own credentials are then out of reach. */
export function callersBring(access: AccessSettings | undefined): boolean {
  if (access === undefined || access.mode === "env") return false;
  return access.mode !== "oauth-resource-server" || access.upstream === "per-person";
}
