import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  createServer as createRawServer,
  type LookupFunction,
  type Server,
  type Socket,
} from "node:net";
import { createServer as createTlsServer } from "node:https";
import type { TransportOptions } from "../../src/runtime/send/transport.ts";
import { KEY } from "../runtime/send/certificates.ts";

/** A vendor that has a fault. */
export interface FaultyVendor {
  readonly url: string;
  /** Requests that came in, each time it is asked. */
  readonly attempts: () => number;
  /** What came in, a body after its request line. */
  readonly seen: readonly string[];
  /** Connections that are open. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
  /** How a client gets there, if not as usual. */
  readonly connect?: TransportOptions["connect"];
  readonly environment?: Readonly<Record<string, string>>;
  /** What happens before the call that is looked at; its attempts do not count. */
  readonly before?: (call: () => Promise<unknown>) => Promise<void>;
  /** Requests that came to a host where none should. */
  readonly strayed?: () => number;
}

/** Starts a vendor with a fault. */
export type Fault = () => Promise<FaultyVendor>;

/** Answers a request; attempts count from 1. */
export type Answer = (response: ServerResponse, attempt: number, request: IncomingMessage, body: string) => void;

/** A vendor that speaks HTTP. */
export function http(answer: Answer, more: Partial<FaultyVendor> = {}): Fault {
  return async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => hear(request, response, seen, answer));
    return { ...(await listen(server, seen)), ...more };
  };
}

/** A vendor of `acme.test` that speaks HTTP over TLS. */
export function https(certificate: string, trusted: boolean, answer: Answer): Fault {
  return async () => {
    const seen: string[] = [];
    const server = createTlsServer({ key: KEY, cert: certificate }, (request, response) =>
      hear(request, response, seen, answer),
    );
    let connections = 0;
    server.on("connection", () => connections++);
    const { url, ...rest } = await listen(server, seen);
    const connect = { lookup: loopback(() => undefined), ...(trusted && { ca: certificate }) };
    const at = url.replace("http://127.0.0.1", "https://acme.test");
    return { ...rest, url: at, connect, attempts: () => connections };
  };
}

/** A vendor that speaks whatever it is told to, to every request on its own. */
export function raw(answer: (socket: Socket, attempt: number) => void, more: Partial<FaultyVendor> = {}): Fault {
  return async () => {
    const seen: string[] = [];
    const server = createRawServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        for (const [line] of data.toString("latin1").matchAll(/^[A-Z]+ \S+(?= HTTP\/1\.1\r\n)/gm)) {
          seen.push(line);
          answer(socket, seen.length);
        }
      });
    });
    return { ...(await listen(server, seen)), ...more };
  };
}

/** What happens when a client looks for the vendor: `url` has a name that only {@link loopback} knows. */
export function connecting(problem: NodeJS.ErrnoException | undefined, protocol = "http"): Fault {
  return async () => {
    let lookups = 0;
    let connections = 0;
    const server = createRawServer((socket) => void socket.on("error", () => undefined));
    server.on("connection", () => connections++);
    const { url, close, ...rest } = await listen(server, []);
    if (problem?.code === "ECONNREFUSED") await close(); // and its port is free
    const lookup = loopback(() => {
      lookups++;
      return problem?.code === "ECONNREFUSED" ? undefined : problem;
    });
    const at = url.replace("http://127.0.0.1", `${protocol}://localhost`);
    return { ...rest, url: at, close, connect: { lookup }, attempts: () => Math.max(lookups, connections) };
  };
}

function hear(request: IncomingMessage, response: ServerResponse, seen: string[], answer: Answer): void {
  let body = "";
  request.setEncoding("latin1").on("data", (piece: string) => (body += piece));
  response.on("error", () => undefined);
  request.on("error", () => undefined);
  request.on("end", () => {
    seen.push(`${request.method} ${request.url}${body === "" ? "" : ` ${body}`}`);
    answer(response, seen.length, request, body);
  });
}

/** Every name is this machine, unless there is a problem with it. */
function loopback(problem: () => NodeJS.ErrnoException | undefined): LookupFunction {
  return (_host, { all }, done) => {
    const found = problem();
    if (found) return done(found, "", 4);
    // Node asks for all addresses when it may try one after another, which this type leaves out.
    if (all === true) return done(null, [{ address: "127.0.0.1", family: 4 }], 4);
    done(null, "127.0.0.1", 4);
  };
}

async function listen(server: Server, seen: string[]): Promise<FaultyVendor> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server that listens
    seen,
    attempts: () => seen.length,
    open: () => sockets.size,
    close: () =>
      (closed ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      })),
  };
}
