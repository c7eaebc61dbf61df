import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createRawServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Call } from "../../../src/definition/call.ts";
import type { Request } from "../../../src/definition/request.ts";
import type { CallContext, Deployment } from "../../../src/runtime/deployment.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { send, type SendHooks } from "../../../src/runtime/send/send.ts";
import { callOf, deployed, scopeOf, within } from "../request/fixture.ts";

/** A vendor on loopback that counts what reaches it. */
export interface Vendor {
  readonly url: string;
  /** Requests that came in, by method and path. */
  readonly requests: string[];
  readonly bodies: string[];
  readonly headers: IncomingMessage["headers"][];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  readonly close: () => Promise<void>;
}

/** A vendor that answers in HTTP; `attempt` counts from 1. */
export async function vendorOf(
  answer: (response: ServerResponse, attempt: number, request: IncomingMessage) => void,
): Promise<Vendor> {
  const seen = { requests: [] as string[], bodies: [] as string[], headers: [] as IncomingMessage["headers"][] };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1").on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      seen.requests.push(`${request.method} ${request.url}`);
      seen.headers.push(request.headers);
      seen.bodies.push(body);
      answer(response, seen.requests.length, request);
    });
  });
  return { ...seen, ...(await listen(server)) };
}

/** A vendor that answers in bytes: for what no HTTP server would send. */
export async function rawVendor(answer: (socket: Socket, attempt: number) => void): Promise<Vendor> {
  const requests: string[] = [];
  const server = createRawServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      requests.push(data.toString("latin1").split(" HTTP/")[0] ?? "");
      answer(socket, requests.length);
    });
  });
  return { requests, bodies: [], headers: [], ...(await listen(server)) };
}

async function listen(server: Server) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, close };
}

/** What a test sends, besides where. */
export interface Sending {
  readonly request?: Partial<Request>;
  readonly call?: Partial<Call>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly deployment?: Partial<Deployment>;
  readonly context?: CallContext;
  readonly hooks?: SendHooks;
}

/** Fills and sends one request to a vendor. */
export async function sendTo(vendor: string | Pick<Vendor, "url">, sending: Sending = {}) {
  const { request = {}, call = {}, inputs = {}, context = within(10_000), hooks } = sending;
  const deployment = deployed(`${typeof vendor === "string" ? vendor : vendor.url}/api`, sending.deployment);
  const filled = await fillRequest(callOf({ credential: "header", ...request }, call), scopeOf(inputs), deployment);
  return send(filled, deployment, context, hooks);
}

/** The same, for what is expected to fail. */
export async function failureTo(vendor: string | Pick<Vendor, "url">, sending: Sending = {}): Promise<unknown> {
  return sendTo(vendor, sending).then(
    (answer) => ({ unexpected: answer }),
    (error: unknown) => error,
  );
}

/** A POST: what must never be repeated in doubt. */
export const WRITE = { method: "POST", body: { payload: { a: 1 } } } as const satisfies Partial<Request>;
