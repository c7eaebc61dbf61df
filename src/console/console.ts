import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { ServedApi } from "../runtime/load/narrow.ts";
import { readLimits } from "../runtime/limits/limits.ts";
import type { InFlight } from "../runtime/serve/in-flight.ts";
import { describeServed } from "./describe.ts";
import { tryCall } from "./try-call.ts";

/** What the page is about, and where its files are. */
export interface ConsoleOptions {
  readonly apis: readonly ServedApi[];
  readonly version: string;
  /** Path of each API's MCP endpoint, by name. */
  readonly paths: Readonly<Record<string, string>>;
  readonly calls: InFlight;
  /** Folder with `index.html` and what belongs to it. */
  readonly pageDirectory: string;
}

/** Answers a request of the page; false: it is none of the page's. */
export type Console = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

/** Everything that the page loads, by path: a fixed list, so that no request chooses a file. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/console/style.css": { file: "style.css", type: "text/css; charset=utf-8" },
  ...Object.fromEntries(
    ["app", "cards", "connect", "dom", "form", "gauges", "result"].map((name) => [
      `/console/${name}.js`,
      { file: `${name}.js`, type: "text/javascript; charset=utf-8" },
    ]),
  ),
};

/** The page loads from here and nowhere else, runs no script that stands in it, and stands in no other page's frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The page that an HTTP server shows to a person: what is served, a form to try it, and the lines to paste into each client.
 *
 * Trying a call needs a header that no other page can send without asking first (a CORS preflight, which is refused).
 */
export function openConsole({ apis, version, paths, calls, pageDirectory }: ConsoleOptions): Console {
  const served = JSON.stringify(describeServed(apis, { version, paths }));
  return (path, request, response) => {
    const reads = request.method === "GET" || request.method === "HEAD";
    const asset = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    if (asset && reads) {
      response.setHeader("content-security-policy", POLICY);
      response.setHeader("referrer-policy", "no-referrer");
      response.writeHead(200, { "content-type": asset.type });
      response.end(request.method === "HEAD" ? undefined : readFileSync(join(pageDirectory, asset.file)));
      return true;
    }
    if (path === "/console/served.json" && reads) return sendJson(response, 200, served);
    if (path === "/console/limits.json" && reads) return answerLater(response, async () => await limitsOf(apis));
    if (path === "/console/call" && request.method === "POST") {
      if (request.headers["x-toolwright-console"] !== "1" || !isJson(request))
        return sendJson(response, 403, JSON.stringify({ error: "forbidden" }));
      return answerLater(response, async () => await tryCall(request, apis, calls));
    }
    return false;
  };
}

async function limitsOf(apis: readonly ServedApi[]): Promise<unknown> {
  const readings = apis.map(async ({ deployment }) => [deployment.api.definition.name, await readLimits(deployment)]);
  return Object.fromEntries(await Promise.all(readings)) as unknown; // by the name of the API
}

function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json(?:;|$)/i.test(headers["content-type"] ?? "");
}

function answerLater(response: ServerResponse, work: () => Promise<unknown>): true {
  void work()
    .then((value) =>
      value === undefined
        ? sendJson(response, 404, JSON.stringify({ error: "not_found" }))
        : sendJson(response, 200, JSON.stringify(value)),
    )
    .catch(() => sendJson(response, 500, JSON.stringify({ error: "internal" })));
  return true;
}

function sendJson(response: ServerResponse, status: number, text: string): true {
  if (!response.headersSent) response.writeHead(status, { "content-type": "application/json" }).end(text);
  return true;
}
