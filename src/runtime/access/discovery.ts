import type { IncomingMessage, ServerResponse } from "node:http";
import { type Door, openAccessOf } from "./door.ts";
import { type AskedDocument, protectedResource } from "./well-known.ts";

/** What discovery is answered from. */
interface Discovery {
  readonly doors: readonly Door[];
  /** The URL of an endpoint, as the one who asks calls it. */
  readonly urlOf: (door: Door, path: string) => URL;
}

/**
 * Answers the documents of discovery, in all three forms in which clients ask.
 *
 * @returns false: there is no such document, since there is no OAuth.
 */
export function answerDiscovery(
  asked: AskedDocument,
  request: IncomingMessage,
  response: ServerResponse,
  { doors, urlOf }: Discovery,
): boolean {
  const door = doorOf(asked, doors);
  const settings = door && openAccessOf(door);
  if (!door?.issuer || !settings) return false;
  const { issuer, deployment, paths } = door;
  if (asked.document === "oauth-protected-resource") {
    const path = paths.includes(asked.resourcePath) ? asked.resourcePath : (paths[0] ?? "/mcp");
    const { title } = deployment.api.definition;
    const known = { issuer: issuer.name, settings, title };
    return send(request, response, 200, protectedResource(urlOf(door, path), known));
  }
  // Our own authorization server has its say at its own paths, whichever form was asked for.
  if (!issuer.elsewhere) return door.answer(`/.well-known/${asked.document}`, request, response);
  // Clients of older revisions look for the issuer here; they are shown what it says of itself.
  issuer.elsewhere.metadata().then(
    (metadata) => send(request, response, 200, metadata),
    () => send(request, response, 503, { error: "temporarily_unavailable", message: "The issuer cannot be asked." }),
  );
  return true;
}

/** The door of the resource that a path names; at the root, the only one that knows tokens. */
function doorOf({ resourcePath }: AskedDocument, doors: readonly Door[]): Door | undefined {
  const found = doors.find(({ paths }) => paths.includes(resourcePath));
  if (found || resourcePath !== "") return found;
  const [only, ...others] = doors.filter(({ issuer }) => issuer !== undefined);
  return others.length === 0 ? only : undefined;
}

function send(request: IncomingMessage, response: ServerResponse, status: number, body: object): true {
  // Read by pages of any origin: it is public, and the guards have had their say.
  response.setHeader("access-control-allow-origin", "*");
  const reads = request.method === "GET" || request.method === "HEAD";
  if (!reads) response.setHeader("allow", "GET, HEAD");
  response.writeHead(reads ? status : 405, { "content-type": "application/json" });
  const text = reads ? JSON.stringify(body) : JSON.stringify({ error: "method_not_allowed", message: "Use GET." });
  response.end(request.method === "HEAD" ? undefined : text);
  return true;
}
