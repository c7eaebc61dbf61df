import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer } from "./answer.ts";

/** One origin on loopback. */
export interface Listener {
  /** `http://127.0.0.1:41234`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** @param respond answers a request; what it throws is a fault of the sandbox, and told as one. */
export async function listen(
  port: number,
  respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end(`the sandbox failed: ${firstLine(error)}\n`);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Writes an answer. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  if (!request.readableEnded) request.resume(); // who is still sending does not see an answer
  const lines = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  const given = Object.fromEntries(lines) as Record<string, string | string[]>; // names and values as they were
  if (body === undefined || [204, 304].includes(status)) return void response.writeHead(status, given).end();
  if (Buffer.isBuffer(body)) return void response.writeHead(status, given).end(body);
  const isText = typeof body === "string" && given["content-type"] !== undefined;
  const text = isText ? body : JSON.stringify(body); // before the head: it may fail
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...given }).end(text);
}

/** What is told of an error, where one line is enough. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
