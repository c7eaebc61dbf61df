import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MalformedBody, readBody } from "./body.ts";
import { type Fault, misbehave } from "./faults.ts";
import { createRate } from "./rate.ts";
import { createReferee, type Received } from "./referee.ts";
import { readSandboxFile, type SandboxFile } from "./sandbox-file.ts";
import { createVendor } from "./vendor.ts";
import { type Answer, refuse } from "./violations.ts";

/** A vendor that stands in for the real one, on loopback. */
export interface Sandbox {
  readonly title: string;
  /** Base URL of its API: `http://127.0.0.1:41234/api/v2`. */
  readonly url: string;
  /** Variables that a server for it sees instead of the real environment. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** How a sandbox may differ from what its file says. */
export interface SandboxOptions {
  readonly port?: number;
  /** Faults, one after the other, each followed by a good answer. */
  readonly faults?: readonly Fault[];
  /** Requests a minute, instead of the file's figure. */
  readonly perMinute?: number;
  /** Sees every request that comes in. */
  readonly onRequest?: (request: Received & { readonly url: string }) => void;
}

/** Starts the stand-in that `specs/<api>/sandbox.yaml` describes. */
export async function startSandbox(sandboxFile: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const { file, spec } = readSandboxFile(sandboxFile);
  const referee = await createReferee(spec);
  const vendor = createVendor(file, referee, Date.now);
  const count = createRate(file.rate, options.perMinute ?? file.rate.perMinute);
  let served = 0;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const faults = options.faults ?? [];
    const fault = served % 2 === 0 ? faults[(served / 2) % faults.length] : undefined;
    served++;
    if (fault && (await misbehave(fault, response))) return void request.resume();
    send(response, await answer(request));
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "/", origin());
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    if (!allowed(headers, file)) {
      request.resume();
      return refuse(file.errors.unauthorized);
    }
    try {
      const received: Received = {
        method: request.method ?? "GET",
        path: url.pathname.slice(referee.basePath.length) || "/",
        query: url.search.slice(1),
        headers,
        body: await readBody(request),
      };
      options.onRequest?.({ ...received, url: url.href });
      const counted = count(vendor.costOf(received), Date.now());
      const result = counted.allowed
        ? vendor.answer(received, `${origin()}${referee.basePath}`)
        : refuse(file.errors.rateLimited, { retry_after: counted.retryAfter });
      return { ...result, headers: { ...counted.headers, ...result.headers } };
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      return refuse(file.errors.invalid, {}, [{ field: "body", keyword: "parse", message: error.message }]);
    }
  };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response
        .writeHead(500, { "content-type": "text/plain" })
        .end(error instanceof Error ? error.stack : String(error));
    });
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(options.port ?? 0, "127.0.0.1", done);
  });
  return {
    title: file.title,
    url: `${origin()}${referee.basePath}`,
    environment: file.environment,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Any of the credentials of the file opens; without one it answers as the vendor does to strangers. */
function allowed(headers: Readonly<Record<string, string>>, { credentials }: SandboxFile): boolean {
  const given = headers["authorization"] ?? "";
  const basic = /^Basic (.+)$/i.exec(given)?.[1];
  const user = basic === undefined ? undefined : Buffer.from(basic, "base64").toString("utf8").split(":")[0];
  if (user !== undefined && user === credentials.basic?.username) return true;
  if (credentials.bearer !== undefined && given === `Bearer ${credentials.bearer}`) return true;
  const named = Object.entries(credentials.headers ?? {});
  return named.length > 0 && named.every(([name, value]) => headers[name.toLowerCase()] === value);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(body));
}
