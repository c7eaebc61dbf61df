import type { IncomingMessage, ServerResponse } from "node:http";
import { carry } from "../access/asking.ts";
import { clientAddress } from "../access/client-address.ts";
import { answerCors } from "../access/cors.ts";
import { answerDiscovery } from "../access/discovery.ts";
import { type Door, openAccessOf } from "../access/door.ts";
import type { Endpoint } from "../access/gate.ts";
import { narrowingOf } from "../access/narrowing-headers.ts";
import { publicUrlOf, under, withoutPrefix } from "../access/public-url.ts";
import { askedDocument } from "../access/well-known.ts";
import type { Endpoints } from "./endpoints.ts";
import { Problem } from "../problem.ts";
import { type Allowed, refusal } from "../http/guards.ts";
import { answerProbe } from "./probes.ts";
import { sendJson, sendWeb } from "./send-response.ts";

/** Answers a request at a path; false: it is none of its own. */
export type Page = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

/** Everything that answers a request. */
export interface Responding {
  readonly mcp: Endpoints;
  readonly doors: readonly Door[];
  readonly allowed: Allowed;
  readonly trustProxy: boolean;
  readonly state: State;
  readonly page: Page | undefined;
  readonly onFault?: ((error: Error) => void) | undefined;
}

/** What a server says about itself while it lives. */
export interface State {
  stopping: boolean;
  /** The port is closed: whoever is still connected is told to connect elsewhere. */
  closed: boolean;
}

/** One request, guards first: nothing about it is looked at before it is known to come from where it may. */
export function respond(request: IncomingMessage, response: ServerResponse, responding: Responding): void {
  const { doors, allowed, state, mcp, page } = responding;
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
  if (state.closed) response.setHeader("connection", "close");
  const refused = refusal(request, allowed);
  if (refused !== undefined) return sendJson(response, 403, { error: "forbidden", message: refused });
  const path = pathOf(request, doors);
  if (answerProbe(path, request, response, { stopping: state.stopping, doors })) return;
  const asked = askedDocument(path);
  const inside = path === "/mcp" || path.startsWith("/mcp/");
  if ((inside || asked) && answerCors(request, response, headersOf(doors))) return;
  if (asked) {
    const urlOf = (door: Door, at: string) => endpointAt(request, door, at, responding).resource;
    if (answerDiscovery(asked, request, response, { doors, urlOf })) return;
  } else if (doors.some((door) => door.answer(path, request, response))) {
    return;
  } else if (inside) {
    return void enter(path, request, response, responding);
  } else if (page?.(path, request, response)) {
    return;
  }
  // JSON even here: some clients look for OAuth metadata and read whatever comes back as an OAuth error.
  sendJson(response, 404, { error: "not_found", message: `Nothing is here. MCP is at ${mcp.paths.join(" and ")}.` });
}

/** T27: whoever comes to the endpoint says who he is first, whatever he comes with. */
async function enter(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  responding: Responding,
): Promise<void> {
  const { doors, mcp, trustProxy, onFault } = responding;
  const door = doorAt(path, doors);
  const notFound = { error: "not_found", message: `Nothing is here. MCP is at ${mcp.paths.join(" and ")}.` };
  if (!door) return sendJson(response, 404, notFound);
  try {
    const at = endpointAt(request, door, path, responding);
    const admitted = await door.gate?.authenticate(request, at);
    if (admitted instanceof Response) return await sendWeb(response, admitted);
    const scopes = door.gate?.challenge && openAccessOf(door)?.scopes;
    const address = clientAddress(request, trustProxy);
    const asking = { caller: admitted, narrowing: narrowingOf(request.headers), scopes, address };
    const challenge = (missing: readonly string[]) => door.gate?.challenge?.(missing, at);
    if (!mcp.answer(path, request, response, { info: carry(asking), asking, challenge }))
      sendJson(response, 404, notFound);
  } catch (error) {
    onFault?.(error instanceof Error ? error : new Error(String(error)));
    if (response.headersSent) return;
    if (error instanceof Problem && error.facts.retryable) {
      response.setHeader("retry-after", String(error.facts.retryAfterSeconds ?? 5));
      return sendJson(response, 503, { error: "unavailable", message: error.message });
    }
    sendJson(response, 500, { error: "internal", message: "Something went wrong here." });
  }
}

/** With one API everything under `/mcp` is its; with several, each has its own part. */
function doorAt(path: string, doors: readonly Door[]): Door | undefined {
  const named = doors.find(({ deployment }) => {
    const own = `/mcp/${deployment.api.definition.name}`;
    return path === own || path.startsWith(`${own}/`);
  });
  return named ?? (doors.length === 1 ? doors[0] : undefined);
}

/** The endpoint as whoever asks calls it. */
function endpointAt(
  request: IncomingMessage,
  door: Door,
  path: string,
  { allowed, trustProxy }: Pick<Responding, "allowed" | "trustProxy">,
): Endpoint {
  const base = publicUrlOf(request, {
    publicUrl: openAccessOf(door)?.publicUrl,
    trustProxy,
    mayBe: (host) => allowed.hosts.includes(new URL(`http://${host}`).hostname),
  });
  const [usual = "/mcp"] = door.paths;
  const own = door.paths.includes(path) ? path : usual;
  return { base, resource: under(base, own), resources: door.paths.map((one) => under(base, one)) };
}

/** The path within this server, whatever a proxy puts before it; a doubled slash is no other way in. */
function pathOf(request: IncomingMessage, doors: readonly Door[]): string {
  const path = request.url?.split("?")[0] ?? "";
  for (const door of doors) {
    const within = withoutPrefix(path, openAccessOf(door)?.publicUrl);
    if (within !== path) return within;
  }
  return path;
}

function headersOf(doors: readonly Door[]): readonly string[] {
  return doors.flatMap(({ settings }) => (settings.mode === "api-key-passthrough" ? [settings.header] : []));
}
