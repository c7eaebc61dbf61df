import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where the vendor sends a person back to, on this machine and for no other. */
export interface Callback {
  /** `http://127.0.0.1:7437/callback` (RFC 8252 §7.3). */
  readonly redirectUri: string;
  /**
   * Waits for the answer to a state, does the work, and shows the person how it ended. What carries another state is refused, and waiting
   * goes on: any page can send a browser here.
   */
  answerTo<T>(state: string, work: (answered: URL) => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): void;
}

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0: any free one, for vendors that allow every port.
 * @throws `EADDRINUSE` when another program has it.
 */
export async function listenForCallback(port: number): Promise<Callback> {
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const origin = `http://127.0.0.1:${taken}`;
  return {
    redirectUri: `${origin}/callback`,
    answerTo: async (state, work, signal) => await answerOf(server, { origin, state, work, signal }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Waiting<T> {
  readonly origin: string;
  readonly state: string;
  readonly work: (answered: URL) => Promise<T>;
  readonly signal: AbortSignal;
}

async function answerOf<T>(server: Server, { origin, state, work, signal }: Waiting<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    let answered = false;
    const onRequest = (request: IncomingMessage, response: ServerResponse) => {
      const url = urlOf(request, origin);
      if (!url) return show(response, 404, "There is nothing here.");
      if (url.searchParams.get("state") !== state || answered) {
        return show(response, 400, "This is not the answer that was waited for. Nothing was done.");
      }
      answered = true;
      work(url).then(
        (result) => {
          show(response, 200, "Signed in. You can close this window.");
          response.once("close", () => resolve(result));
        },
        (error: unknown) => {
          show(response, 400, "Signing in failed. The terminal says why.");
          response.once("close", () => reject(error));
        },
      );
    };
    server.on("request", onRequest);
    const end = () => reject(signal.reason as Error); // an AbortSignal's reason is what its `throwIfAborted` throws
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/** The URL of a request to the callback; `undefined` for everything else, another host name (DNS rebinding) included. */
function urlOf({ method, url = "", headers }: IncomingMessage, origin: string): URL | undefined {
  const here = new URL(origin);
  if (method !== "GET" || (headers.host !== here.host && headers.host !== `localhost:${here.port}`)) return undefined;
  if (!url.startsWith("/") || !URL.canParse(url, origin)) return undefined;
  const asked = new URL(url, origin);
  return asked.origin === origin && asked.pathname === "/callback" ? asked : undefined;
}

/** A page of fixed words: nothing of what was sent is in it. */
function show(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer", // the URL holds the code
    connection: "close",
  });
  response.end(`<!doctype html><meta charset="utf-8"><title>Toolwright</title><p>${words}</p>\n`);
}
