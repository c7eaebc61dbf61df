/** How one client connects by URL, as its documents and issues tell (security.md §6, 2026-07). */
export interface ClientShape {
  readonly name: string;
  /** What it registers (RFC 7591). */
  readonly registration: Readonly<Record<string, unknown>>;
  /** What it then uses; a loopback port may be another than the registered one. */
  readonly redirectUri: string;
  /** Documents that it asks for, in its order, after `resource_metadata` of the 401. `{mcp}` is the endpoint's path. */
  readonly wellKnown: readonly string[];
  /** Which scopes it asks for: those of the challenge, all that the metadata list, or none. */
  readonly scopes: "challenge" | "all" | "none";
  /** Whether it names the resource (RFC 8707). */
  readonly resource: boolean;
  /** The SDK that speaks for it. */
  readonly sdk: "v1" | "v2 legacy" | "v2";
  /** A tool call that it must be able to make with what it asked for. */
  readonly calls: "create_ticket" | "who_am_i";
}

const CODE = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
const PUBLIC = { ...CODE, token_endpoint_auth_method: "none" };
const INSERTED = ["/.well-known/oauth-protected-resource{mcp}", "/.well-known/oauth-authorization-server"];

export const SHAPES: readonly ClientShape[] = [
  {
    name: "Claude connector",
    registration: {
      client_name: "Claude",
      client_uri: "https://claude.ai",
      redirect_uris: ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
      ...CODE,
      token_endpoint_auth_method: "client_secret_post",
      scope: "read write",
    },
    redirectUri: "https://claude.ai/api/mcp/auth_callback",
    wellKnown: INSERTED,
    scopes: "all",
    resource: true,
    sdk: "v2 legacy",
    calls: "create_ticket",
  },
  {
    name: "Claude Code",
    registration: { client_name: "Claude Code (acme)", redirect_uris: ["http://localhost:54545/callback"], ...PUBLIC },
    redirectUri: "http://localhost:61022/callback", // another port than yesterday's
    wellKnown: INSERTED,
    scopes: "all",
    resource: true,
    sdk: "v2",
    calls: "create_ticket",
  },
  {
    name: "Copilot Studio",
    registration: {
      client_name: "Microsoft Copilot Studio",
      redirect_uris: ["https://global.consent.azure-apim.net/redirect/cr1a2-5facme-5f9c1d2e3f"],
      ...CODE,
      token_endpoint_auth_method: "client_secret_basic",
    },
    redirectUri: "https://global.consent.azure-apim.net/redirect/cr1a2-5facme-5f9c1d2e3f",
    // The path appended as well as inserted, of every document.
    wellKnown: [
      "{mcp}/.well-known/oauth-protected-resource",
      "/.well-known/oauth-protected-resource{mcp}",
      "/.well-known/oauth-protected-resource",
      "{mcp}/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server{mcp}",
      "/.well-known/oauth-authorization-server",
      "{mcp}/.well-known/openid-configuration",
      "/.well-known/openid-configuration{mcp}",
      "/.well-known/openid-configuration",
    ],
    scopes: "none",
    resource: false,
    sdk: "v1",
    calls: "create_ticket",
  },
  {
    name: "VS Code",
    registration: {
      client_name: "Visual Studio Code",
      client_uri: "https://code.visualstudio.com",
      redirect_uris: [
        "http://127.0.0.1:33418/",
        "http://127.0.0.1/",
        "https://vscode.dev/redirect",
        "https://insiders.vscode.dev/redirect",
      ],
      ...PUBLIC, // and no application_type
    },
    redirectUri: "http://127.0.0.1:59656/", // 33418 was busy
    wellKnown: [...INSERTED, "/.well-known/openid-configuration"],
    scopes: "challenge",
    resource: true,
    sdk: "v1",
    calls: "who_am_i",
  },
  {
    name: "Cursor",
    registration: { client_name: "Cursor", redirect_uris: ["cursor://anysphere.cursor-mcp/oauth/callback"], ...PUBLIC },
    redirectUri: "cursor://anysphere.cursor-mcp/oauth/callback",
    wellKnown: INSERTED,
    scopes: "all",
    resource: true,
    sdk: "v1",
    calls: "create_ticket",
  },
  {
    name: "mcp-remote",
    registration: {
      client_name: "MCP CLI Proxy",
      client_uri: "https://github.com/modelcontextprotocol/mcp-cli",
      redirect_uris: ["http://localhost:3334/oauth/callback"],
      software_id: "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
      software_version: "0.15.1",
      ...PUBLIC,
    },
    redirectUri: "http://localhost:3334/oauth/callback",
    wellKnown: ["/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource{mcp}"],
    scopes: "none",
    resource: true,
    sdk: "v1",
    calls: "create_ticket",
  },
];
