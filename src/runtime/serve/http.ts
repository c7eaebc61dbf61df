import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "../load/base-url.ts";
import type { ServedApi } from "../load/narrow.ts";
import { StartError } from "../load/start-error.ts";
import { drain } from "./drain.ts";
import { type Endpoints, endpoints } from "./endpoints.ts";
import { refusal } from "./guards.ts";
import { type InFlight, trackCalls } from "./in-flight.ts";
import type { ServingOptions } from "./mcp-server.ts";

/** How APIs are served over HTTP. */
export interface HttpOptions extends ServingOptions {
  /** One answers at `/mcp` and `/mcp/<api>`, several at `/mcp/<api>` each. */
  readonly apis: readonly ServedApi[];
  /** Default: 8000. 0: any free port. */
  readonly port?: number | undefined;
  /** Address to bind. Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** Host names besides this machine's own that clients may use. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Time for running calls when the server is closed. Default: 25 s. */
  readonly graceMs?: number | undefined;
  /** What answers a person's browser besides MCP; made once the endpoints are known. Default: nothing. */
  readonly page?: ((calls: InFlight) => Page) | undefined;
  /** Time between `/readyz` saying no and the port being closed, for a load balancer to notice. Default: none on loopback, else 5 s. */
  readonly preStopMs?: number | undefined;
}

/** Answers a request at a path; false: it is none of its own. */
export type Page = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

/** A server that listens. */
export interface HttpServing {
  /** Where MCP clients connect: `http://localhost:8000/mcp`, or `…/mcp/<api>` of the first of several. */
  readonly url: string;
  /** The same for every API, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Stops: lets running calls end, then closes everything. */
  readonly close: () => Promise<void>;
}

/** What a server says about itself while it lives. */
interface State {
  stopping: boolean;
  /** The port is closed: whoever is still connected is told to connect elsewhere. */
  closed: boolean;
}

/**
 * Serves over HTTP.
 *
 * @throws {StartError} when live APIs would be open to other machines, or the address cannot be bound.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServing> {
  const { apis, port = 8000, host = "127.0.0.1", graceMs = 25_000 } = options;
  const local = isLoopback(host);
  if (!local) refuseOpenDoor(apis, host);
  const calls = trackCalls();
  const mcp = endpoints(apis, calls, options);
  const page = options.page?.(calls);
  const state: State = { stopping: false, closed: false };
  const hosts = [...(options.allowedHosts ?? []), ...(local || isWildcard(host) ? [] : [bracketed(host)])];
  const server = createServer(SERVER_LIMITS, (request, response) =>
    respond(request, response, { mcp, hosts, state, page }),
  );
  server.maxConnections = 1_000; // an open socket is cheap, but not free
  server.keepAliveTimeout = 72_000; // longer than a load balancer keeps an idle connection (60 s), or it meets a closed one
  await listen(server, port, host);
  const origin = originOf(server, host);
  let closing: Promise<void> | undefined;
  return {
    url: `${origin}${mcp.paths[0]}`,
    urls: Object.fromEntries(
      apis.map(({ deployment: { api } }) => [api.definition.name, `${origin}/mcp/${api.definition.name}`]),
    ),
    close: () =>
      (closing ??= drain({ server, mcp, calls, state, graceMs, preStopMs: options.preStopMs ?? (local ? 0 : 5_000) })),
  };
}

/** Against clients that send slowly on purpose; Node's own times are several times as long. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};

/** One request, guards first: nothing about it is looked at before it is known to come from where it may. */
function respond(
  request: IncomingMessage,
  response: ServerResponse,
  {
    mcp,
    hosts,
    state,
    page,
  }: {
    readonly mcp: Endpoints;
    readonly hosts: readonly string[];
    readonly state: State;
    readonly page: Page | undefined;
  },
): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
  if (state.closed) response.setHeader("connection", "close");
  const refused = refusal(request, hosts);
  if (refused !== undefined) return sendJson(response, 403, { error: "forbidden", message: refused });
  const path = request.url?.split("?")[0] ?? "";
  if (path === "/livez" || path === "/readyz") {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return sendJson(response, 405, { error: "method_not_allowed", message: "Use GET." });
    }
    response.writeHead(path === "/readyz" && state.stopping ? 503 : 200).end();
    return;
  }
  if (mcp.answer(path, request, response) || page?.(path, request, response)) return;
  // JSON even here: some clients look for OAuth metadata and read whatever comes back as an OAuth error.
  sendJson(response, 404, { error: "not_found", message: `Nothing is here. MCP is at ${mcp.paths.join(" and ")}.` });
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: { readonly error: string; readonly message: string },
): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body));
}

function refuseOpenDoor(apis: readonly ServedApi[], host: string): void {
  const live = apis.find(({ deployment }) => deployment.mode === "live");
  if (!live) return;
  throw new StartError(
    `everyone who reaches ${host} could use ${live.deployment.api.definition.title} with your credentials: callers are not authenticated yet`,
    "leave out --host to serve this machine only, or add --sandbox",
  );
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: host.replace(/^\[(.*)\]$/, "$1") }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new StartError(
        `port ${port} on ${host} is in use`,
        `stop what listens there, or choose another port: --http ${port + 1}`,
      );
    }
    if (code === "EACCES")
      throw new StartError(`port ${port} may not be used by this user`, "choose a port above 1023: --http 8000");
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new StartError(
        `${host} is no address of this machine`,
        "leave out --host, or name an address that `ip addr` shows",
      );
    }
    throw error;
  }
}

/** Where people reach it: any address of this machine is `localhost` to them. */
function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  return `http://${isLoopback(host) || isWildcard(host) ? "localhost" : bracketed(host)}:${port}`;
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "[::]";
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
