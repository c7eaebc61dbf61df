import type { Agent } from "undici";
import { Problem } from "../problem.ts";
import type { FilledBody, FilledRequest } from "../request/types.ts";
import { writeMultipart } from "./multipart.ts";
import { dropBody, readBytes } from "./read-bytes.ts";
import { readSequence, type Sequence, sequenceKind } from "./read-sequence.ts";

/** An answer as it came in, whatever its status. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** Set for a success that is a stream of events or lines; there are no `bytes` then. */
  readonly sequence?: Sequence;
}

/** What an exchange needs besides the request. */
export interface Exchange {
  readonly title: string;
  readonly dispatcher: Agent;
  readonly signal: AbortSignal;
  /** Milliseconds that a stream may be listened to. */
  readonly streamMs: () => number;
  /** Before every HTTP request; what it throws, an ended signal too, ends the exchange. */
  readonly before: () => Promise<void>;
  /** After the headers of every answer. */
  readonly answered: (headers: Headers, status: number) => void;
}

const MAX_HOPS = 3;

/**
 * One HTTP request and its answer, read to the end; redirects within the origin are followed, none leaves it.
 *
 * fetch would take custom credential headers, and with 307 the body, to any other host: so it follows nothing by itself.
 *
 * @throws {Problem} `unexpected_redirect` naming the other host and nothing else of it.
 */
export async function exchange(
  request: FilledRequest,
  { title, dispatcher, signal, streamMs, before, answered }: Exchange,
): Promise<Received> {
  let { url, body } = request;
  let method: string = request.method;
  for (let hops = 0; ; hops++) {
    await before();
    const content = body && (await contentOf(body));
    const init: RequestInit = {
      method,
      headers: headersFor(request, content),
      body: content?.bytes ?? null,
      redirect: "manual",
      signal,
    };
    // Node's fetch takes the dispatcher; its types name another copy of undici, whose agents are the same.
    const response = await fetch(url, Object.assign(init, { dispatcher }));
    const { status, headers } = response;
    answered(headers, status);
    const location = headers.get("location");
    if (!REDIRECTS.has(status) || location === null) {
      const kind = response.ok && request.answer !== "binary" ? sequenceKind(headers) : undefined;
      if (!kind) return { status, headers, bytes: await readBytes(response) };
      const sequence = await readSequence(response, kind, { maxMs: streamMs(), signal });
      return { status, headers, bytes: new Uint8Array(), sequence };
    }
    await dropBody(response);
    const next = nextHop({ title, operation: request.operation, from: url, location, hops, method, status });
    url = next.url;
    if (next.method !== method) body = undefined;
    method = next.method;
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

interface Hop {
  readonly title: string;
  readonly operation: string;
  readonly from: URL;
  readonly location: string;
  readonly hops: number;
  readonly method: string;
  readonly status: number;
}

/** Where a redirect leads and how it is asked, or why it is not followed. */
function nextHop({ title, operation, from, location, hops, method, status }: Hop): { url: URL; method: string } {
  const refuse = (why: string) =>
    new Problem("unexpected_redirect", `${title} answered ${operation} with a redirect ${why}; it was not followed.`, {
      status,
    });
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (!url) throw refuse("to nowhere");
  if (url.host !== from.host) throw refuse(`to another host (${url.host.slice(0, 100)})`);
  if (url.origin !== from.origin) throw refuse("to another protocol");
  if (url.username + url.password !== "") throw refuse("with a user name in it");
  url.hash = "";
  const safe = method === "GET" || method === "HEAD";
  if (safe) {
    if (hops >= MAX_HOPS) throw refuse(`for the ${hops + 1}th time`);
    return { url, method };
  }
  // RFC 9110 §15.4.4: 303 says where the result of what was done can be read.
  if (status === 303) return { url, method: "GET" };
  // RFC 9110 §15.4.8: 307 and 308 ask for the very same request; nothing was done yet.
  if ((status === 307 || status === 308) && hops === 0) return { url, method };
  throw refuse(`that a ${method} must not follow, so it is not known whether it was carried out`);
}

function headersFor(request: FilledRequest, content: Content | undefined): Readonly<Record<string, string>> {
  const { "content-type": _, ...rest } = request.headers;
  return content === undefined ? rest : { ...request.headers, "content-type": content.contentType };
}

interface Content {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Made anew for every attempt: a body that was sent is spent. */
async function contentOf(body: FilledBody): Promise<Content> {
  switch (body.kind) {
    case "text":
      return { contentType: body.contentType, bytes: Buffer.from(body.text, "utf8") };
    case "file":
      return { contentType: body.contentType, bytes: body.file.bytes };
    case "multipart":
      return await writeMultipart(body.parts);
  }
}
