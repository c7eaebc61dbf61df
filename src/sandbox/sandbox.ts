import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, bare, refuse } from "./answer.ts";
import { BodyTooLarge, MalformedBody } from "./body.ts";
import { isAllowed } from "./credentials.ts";
import { type Fault, faultOf, misbehave } from "./faults.ts";
import { createRate } from "./rate.ts";
import { readBody } from "./read-body.ts";
import { readSandboxFile } from "./read-sandbox-file.ts";
import { createReferee, type Received } from "./referee.ts";
import { SandboxFileError } from "./sandbox-file.ts";
import { type Considered, createVendor } from "./vendor.ts";

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
  /** Requests a minute, instead of all limits of the file. */
  readonly perMinute?: number;
  /** Sees every request that comes in, and can be read. */
  readonly onRequest?: (request: Received & { readonly url: string }) => void;
}

/**
 * Starts the stand-in that `specs/<api>/sandbox.yaml` describes.
 *
 * @throws {SandboxFileError} when the file, or the description that it names, cannot be used.
 */
export async function startSandbox(sandboxFile: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const { file, spec } = readSandboxFile(sandboxFile);
  const referee = await createReferee(spec).catch((error: unknown) => {
    throw new SandboxFileError(`${sandboxFile} names a description that cannot be read: ${firstLine(error)}`);
  });
  const vendor = createVendor(file, referee, Date.now);
  const count = createRate(file.rate, options.perMinute);
  let requests = 0;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = faultOf(options.faults ?? [], requests++);
    if (fault && (await misbehave(fault, response))) return void request.resume();
    send(response, await answer(request));
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [path = "", query = ""] = (request.url ?? "").split(/\?(.*)/s);
    if (!path.startsWith(`${referee.basePath}/`)) {
      request.resume();
      return bare(404);
    }
    const considered = await consider(request, path.slice(referee.basePath.length), query);
    const { allowed, retryAfter, headers } = count(considered, Date.now());
    const given = allowed ? considered.answer() : refuse(file.errors.rateLimited, { retry_after: retryAfter });
    return { ...given, headers: { ...headers, ...given.headers } };
  };

  const consider = async (request: IncomingMessage, path: string, query: string): Promise<Considered> => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const refused = (given: Answer): Considered => ({ cost: 1, operationId: undefined, answer: () => given });
    if (!isAllowed(headers, file)) {
      request.resume();
      return refused(refuse(file.errors.unauthorized));
    }
    try {
      const received = { method: request.method ?? "GET", path, query, headers, body: await readBody(request) };
      options.onRequest?.({ ...received, url: `${origin()}${request.url}` });
      return vendor.consider(received, `${origin()}${referee.basePath}`);
    } catch (error) {
      if (error instanceof BodyTooLarge) return refused(bare(413));
      if (!(error instanceof MalformedBody)) throw error;
      const { keyword, message } = error;
      return refused(refuse(file.errors.invalid, {}, [{ field: "body", keyword, message }]));
    }
  };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end(`the sandbox failed: ${firstLine(error)}\n`);
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

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = body === undefined ? undefined : JSON.stringify(body); // before the head: it may fail
  const type = { "content-type": "application/json; charset=utf-8" };
  response.writeHead(status, text === undefined ? headers : { ...type, ...headers }).end(text);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
