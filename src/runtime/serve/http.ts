import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Door, openAccessOf, openDoor } from "../access/door.ts";
import { isLoopback } from "../load/base-url.ts";
import type { ServedApi } from "../load/narrow.ts";
import { StartError } from "../load/start-error.ts";
import { drain } from "./drain.ts";
import { endpoints, type Vaults } from "./endpoints.ts";
import { type InFlight, trackCalls } from "./in-flight.ts";
import { listen } from "../http/listen.ts";
import type { ServingOptions } from "./mcp-server.ts";
import { type Page, type Responding, type State, respond } from "./respond.ts";
import { sendJson } from "./send-response.ts";

/** How APIs are served over HTTP. */
export interface HttpOptions extends ServingOptions {
  /** One answers at `/mcp` and `/mcp/<api>`, several at `/mcp/<api>` each. */
  readonly apis: readonly ServedApi[];
  /** Default: 8000. 0: any free port. */
  readonly port?: number | undefined;
  /** Address to bind. Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** Host names besides this machine's own that clients may use; the public URL's is one anyway. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of pages elsewhere that may call: `https://app.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** A proxy in front says in `X-Forwarded-*` how it was called. Without this nothing of it is believed. */
  readonly trustProxy?: boolean | undefined;
  /** Everyone who reaches the address may use the server's own credentials. */
  readonly unsafeOpen?: boolean | undefined;
  /** Time for running calls when the server is closed. Default: 25 s. */
  readonly graceMs?: number | undefined;
  /** A client that takes nothing of its answer for so long is cut off. Default: 30 s. */
  readonly stuckMs?: number | undefined;
  /** What answers a person's browser besides MCP; made once the endpoints are known. Default: nothing. */
  readonly page?: ((calls: InFlight) => Page) | undefined;
  /** Time between `/readyz` saying no and the port being closed, for a load balancer to notice. Default: none on loopback, else 5 s. */
  readonly preStopMs?: number | undefined;
}

/** A server that listens. */
export interface HttpServing {
  /** Where MCP clients connect: `http://localhost:8000/mcp`, or `…/mcp/<api>` of the first of several. */
  readonly url: string;
  /** The same for every API, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Stops: lets running calls end, then closes everything. */
  readonly close: () => Promise<void>;
}

/**
 * Serves over HTTP.
 *
 * @throws {StartError} when live APIs would be open to other machines, or the address cannot be bound.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServing> {
  const { apis, port = 8000, host = "127.0.0.1", graceMs = 25_000 } = options;
  const local = isLoopback(host);
  if (!local) refuseOpenDoor(apis, host, options.unsafeOpen ?? false);
  const calls = trackCalls(options.timeoutMs);
  const vaults: Vaults = new Map();
  const mcp = endpoints(apis, calls, options, vaults);
  const page = options.page?.(calls);
  const state: State = { stopping: false, closed: false };
  // Doors need the port, which is known once it listens; whoever comes before they are made is told to come again.
  let responding: Responding | undefined;
  const server = createServer(SERVER_LIMITS, (request, response) => {
    if (!mayAskMore(response)) return void request.socket.destroy();
    cutOffWhenStuck(response, options.stuckMs ?? 30_000);
    if (responding) respond(request, response, responding);
    else sendJson(response, 503, { error: "starting", message: "This server is not ready yet." });
  });
  server.maxConnections = 3_000; // a client that makes 2,000 calls at once opens as many; each costs some 20 KB
  server.keepAliveTimeout = 72_000; // longer than a load balancer keeps an idle connection (60 s), or it meets a closed one
  await listen(server, { port, host, option: "--http" });
  const origin = originOf(server, host);
  const doors = await openDoors(options, origin, vaults).catch((error: unknown) => {
    server.close();
    throw error;
  });
  const named = doors.flatMap((door) => openAccessOf(door)?.publicUrl?.hostname ?? []);
  const hosts = [...(options.allowedHosts ?? []), ...named, ...(local || isWildcard(host) ? [] : [bracketed(host)])];
  const allowed = { hosts, origins: options.allowedOrigins ?? [] };
  const { trustProxy = false, onFault } = options;
  responding = { mcp, doors, allowed, trustProxy, state, page, onFault };
  let closing: Promise<void> | undefined;
  return {
    url: `${origin}${mcp.paths[0]}`,
    urls: Object.fromEntries(
      apis.map(({ deployment: { api } }) => [api.definition.name, `${origin}/mcp/${api.definition.name}`]),
    ),
    close: () => (closing ??= end()),
  };

  async function end(): Promise<void> {
    await drain({ server, mcp, calls, state, graceMs, preStopMs: options.preStopMs ?? (local ? 0 : 5_000) });
    await Promise.all(doors.map((door) => door.close()));
    await options.telemetry?.close();
  }
}

/** One door for each API; what keeps people's secrets is read only where something is kept. */
async function openDoors(
  { apis, environment = {}, trustProxy = false, onFault }: HttpOptions,
  ownUrl: string,
  vaults: Vaults,
): Promise<readonly Door[]> {
  return await Promise.all(
    apis.map(async ({ deployment }) => {
      const { name } = deployment.api.definition;
      const paths = apis.length === 1 ? ["/mcp", `/mcp/${name}`] : [`/mcp/${name}`];
      const { stateDirectory, shared, access } = deployment;
      shared?.begin(); // so that the first call finds it open, and probes know how it stands
      const vault = async () => {
        const { openVault } = await import("../vault/open-vault.ts");
        if (access?.mode === "oauth-proxy") await shared?.mustBeReached(); // its tokens are signed with what is kept there
        const opened = openVault({ stateDirectory, shared, environment });
        vaults.set(deployment, opened.vault);
        return opened;
      };
      return await openDoor({ deployment, paths, ownUrl: new URL(ownUrl), vault, trustProxy, onFault });
    }),
  );
}

/** An answer waits in memory for a client that does not read; one that reads slowly makes progress, and one that waits has nothing to read. */
function cutOffWhenStuck(response: ServerResponse, stuckMs: number): void {
  response.setTimeout(stuckMs, () => {
    if (response.writableLength > 0) response.socket?.destroy();
  });
}

/** Requests of one connection that wait for an answer. Clients and proxies ask for the next when they have the one before. */
const MOST_PIPELINED = 16;
const unanswered = new WeakMap<Socket, number>();

/** Counts what a connection has asked and was not answered yet: it costs the one who asks no more than to write it down again. */
function mayAskMore(response: ServerResponse): boolean {
  const { socket } = response.req;
  const count = (unanswered.get(socket) ?? 0) + 1;
  unanswered.set(socket, count);
  response.once("close", () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
  return count <= MOST_PIPELINED;
}

/** Against clients that send slowly on purpose; Node's own times are several times as long. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};

/**
 * Off this machine somebody must say who he is, under a name that clients can trust.
 *
 * @throws {StartError} for an API that would be open to everybody, or whose callers' secrets would go over the wire in the clear.
 */
function refuseOpenDoor(apis: readonly ServedApi[], host: string, unsafeOpen: boolean): void {
  for (const { deployment } of apis) {
    const { title } = deployment.api.definition;
    const access = deployment.access ?? { mode: "env" };
    if (access.mode === "env") {
      if (deployment.mode === "sandbox" || unsafeOpen) continue;
      throw new StartError(
        `everyone who reaches ${host} could use ${title} with your credentials: its access.mode is env`,
        "leave out --host to serve this machine only, choose another access.mode in tools.yaml (docs/access.md), or add --sandbox",
      );
    }
    if (access.publicUrl?.protocol === "https:") continue;
    throw new StartError(
      access.publicUrl
        ? `access.public_url of ${title} is no https URL, and callers' secrets would be sent to it`
        : `access of ${title} has no access.public_url, which it needs where other machines reach it (${host})`,
      "set it to the https URL that clients use: --public-url https://mcp.example.com",
    );
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
