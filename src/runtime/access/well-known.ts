import { buildOAuthProtectedResourceMetadata } from "@modelcontextprotocol/server";
import { allScopes } from "./scopes.ts";
import type { OpenAccess } from "./settings.ts";

/** Documents of discovery that clients ask for (RFC 9728, RFC 8414, OpenID Connect Discovery). */
const DOCUMENTS = ["oauth-protected-resource", "oauth-authorization-server", "openid-configuration"] as const;

/** Name of a document of discovery. */
export type DocumentName = (typeof DOCUMENTS)[number];

/** A document that was asked for, and of which resource. */
export interface AskedDocument {
  readonly document: DocumentName;
  /** `/mcp`; empty: the form at the root, which names none. */
  readonly resourcePath: string;
}

/**
 * Reads a path of discovery in any of the three forms in which clients ask.
 *
 *     /.well-known/oauth-protected-resource       at the root
 *     /.well-known/oauth-protected-resource/mcp   path inserted (RFC 9728 §3.1)
 *     /mcp/.well-known/oauth-protected-resource   path appended
 */
export function askedDocument(path: string): AskedDocument | undefined {
  const [, before = "", name, after = ""] = /^(.*?)\/\.well-known\/([a-z-]+)(\/.*)?$/.exec(path) ?? [];
  const document = DOCUMENTS.find((known) => known === name);
  if (!document || (before !== "" && after !== "")) return undefined;
  return { document, resourcePath: (before || after).replace(/\/$/, "") };
}

/** The metadata of a protected resource (RFC 9728 §2); no scope of a session's length is among its own. */
export function protectedResource(
  resource: URL,
  { issuer, settings, title }: { readonly issuer: string; readonly settings: OpenAccess; readonly title: string },
): object {
  return {
    ...buildOAuthProtectedResourceMetadata({
      // All that the SDK reads of it is the issuer, which it holds to https.
      oauthMetadata: {
        issuer,
        authorization_endpoint: issuer,
        token_endpoint: issuer,
        response_types_supported: ["code"],
      },
      resourceServerUrl: resource,
      scopesSupported: [...allScopes(settings.scopes)],
      resourceName: title,
    }),
    bearer_methods_supported: ["header"],
  };
}
