import type { ApiDefinition } from "../../definition/api.ts";
import type { AccessSettings, OpenAccess } from "../../runtime/access/settings.ts";
import type { IssuerFacts } from "./access-issuer.ts";
import type { Finding } from "./finding.ts";

/** A client as its vendor describes it. */
interface Client {
  readonly name: string;
  /** It comes from its maker's own machines, not from the person's. */
  readonly remote: boolean;
  /** A person can give it headers to send. */
  readonly headers: string | undefined;
  /** Ways in which it becomes known to an authorization server, best first. */
  readonly known: readonly ("metadata document" | "registration" | "id and secret")[];
  /** Where it is sent back to; the first is what a static client needs. */
  readonly redirect: RegExp;
  readonly redirectExample: string;
}

const CLIENTS: readonly Client[] = [
  {
    name: "Claude (claude.ai, Desktop)",
    remote: true,
    headers: undefined,
    known: ["metadata document", "registration", "id and secret"],
    redirect: /^https:\/\/claude\.(?:ai|com)\/api\/mcp\/auth_callback$/,
    redirectExample: "https://claude.ai/api/mcp/auth_callback",
  },
  {
    name: "Claude Code",
    remote: false,
    headers: "claude mcp add --header",
    known: ["metadata document", "registration", "id and secret"],
    redirect: /^http:\/\/localhost:\d+\/callback$/,
    redirectExample: "http://localhost:<port>/callback",
  },
  {
    name: "Copilot Studio",
    remote: true,
    headers: "API key, type Header",
    known: ["registration", "id and secret"],
    redirect: /^https:\/\/global\.consent\.azure-apim\.net\/redirect\//,
    redirectExample: "https://global.consent.azure-apim.net/redirect/<connection>",
  },
  {
    name: "VS Code",
    remote: false,
    headers: '"headers" in mcp.json',
    known: ["metadata document", "registration", "id and secret"],
    redirect: /^http:\/\/127\.0\.0\.1(?::\d+)?\/$|^https:\/\/(?:insiders\.)?vscode\.dev\/redirect$/,
    redirectExample: "http://127.0.0.1:33418/",
  },
  {
    name: "Cursor",
    remote: false,
    headers: '"headers" in mcp.json',
    known: ["registration", "id and secret"],
    redirect: /^http:\/\/localhost:8787\/callback$|^cursor:\/\//,
    redirectExample: "http://localhost:8787/callback",
  },
  {
    name: "mcp-remote",
    remote: false,
    headers: "--header",
    known: ["registration"],
    redirect: /^http:\/\/localhost:\d+\/oauth\/callback$/,
    redirectExample: "http://localhost:<port>/oauth/callback",
  },
];

/** What each of the usual clients will do with this server. */
export function clientFindings(
  settings: AccessSettings,
  definition: ApiDefinition,
  facts: IssuerFacts | undefined,
): readonly Finding[] {
  if (settings.mode === "env") {
    return CLIENTS.map(({ name, remote }) =>
      remote
        ? { state: "skipped", what: `${name}: comes from elsewhere and cannot reach a server with access.mode env` }
        : { state: "ok", what: `${name}: connects on this machine, and asks for nothing` },
    );
  }
  const unreachable = settings.publicUrl === undefined;
  return CLIENTS.map((client): Finding => {
    if (client.remote && unreachable) {
      const what = `${client.name}: comes from elsewhere, and there is no access.public_url`;
      return { state: "skipped", what };
    }
    if (settings.mode === "api-key-passthrough") return byKey(client, definition);
    return facts
      ? byOAuth(client, settings, facts)
      : { state: "skipped", what: `${client.name}: depends on the issuer` };
  });
}

function byKey({ name, headers }: Client, { access }: ApiDefinition): Finding {
  if (headers !== undefined) {
    return { state: "ok", what: `${name}: sends ${access?.apiKey?.header ?? "the key"} (${headers})` };
  }
  return {
    state: "warning",
    what: `${name}: has no place for a header, so it cannot connect with a key`,
    fix: "choose oauth-proxy or oauth-resource-server for it",
  };
}

function byOAuth(client: Client, { clients }: OpenAccess, { registers, metadataDocuments }: IssuerFacts): Finding {
  const possible = {
    "metadata document": metadataDocuments,
    registration: registers,
    "id and secret": clients.some(({ redirectUris }) => redirectUris.some((uri) => client.redirect.test(uri))),
  };
  const way = client.known.find((one) => possible[one]);
  const words = {
    "metadata document": "is known by its metadata document",
    registration: "registers itself",
    "id and secret": "is given an id and a secret of access.clients",
  };
  if (way) return { state: "ok", what: `${client.name}: ${words[way]}, then signs the person in` };
  return {
    state: "warning",
    what: `${client.name}: cannot become known to the authorization server`,
    fix: client.known.includes("id and secret")
      ? `register it there by hand, sent back to ${client.redirectExample}, and give people its id and secret`
      : "let the issuer take registrations (RFC 7591), or choose oauth-proxy",
  };
}
