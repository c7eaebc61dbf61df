import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the vendor saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What the vendor answers; without a status 200, a body other than text as JSON. */
export interface VendorReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Vendor {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Starts a vendor on loopback that answers by a function and remembers what it was asked. */
export async function startVendor(
  answer: (request: SeenRequest, count: number) => VendorReply | undefined | Promise<VendorReply | undefined>,
): Promise<Vendor> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => void handle(request, response));
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? "/", "http://vendor");
    const body = await text(request);
    const one = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    seen.push(one);
    const reply = await answer(one, seen.length);
    if (!reply) {
      request.socket.destroy();
      return;
    }
    const payload =
      typeof reply.body === "string" || reply.body instanceof Uint8Array
        ? reply.body
        : JSON.stringify(reply.body ?? null);
    response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
    response.end(reply.status === 204 ? undefined : payload);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Rows `{ id: 1, … }` to `{ id: count, … }`. */
export function rows(count: number, more: Readonly<Record<string, unknown>> = {}): { readonly id: number }[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, ...more }));
}

/** The rows of one page, by number. */
export function pageOfRows<T>(all: readonly T[], number: number, size: number): T[] {
  return all.slice((number - 1) * size, number * size);
}
