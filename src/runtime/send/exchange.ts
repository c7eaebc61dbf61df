import type { Agent } from "undici";
import { Problem } from "../problem.ts";
import type { FilledBody, FilledRequest } from "../request/types.ts";
import { type OnSent, outgoingBody } from "./outgoing-body.ts";
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
  /** Before every HTTP request; gives headers to send along. What it throws, an ended signal too, ends the exchange. */
  readonly before: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** After the headers of every answer. */
  readonly answered: (headers: Headers, status: number) => void;
  /** While a large body goes out. */
  readonly onSent: OnSent;
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
  { title, dispatcher, signal, streamMs, before, answered, onSent }: Exchange,
): Promise<Received> {
  let { url, body } = request;
  let method: string = request.method;
  for (let hops = 0; ; hops++) {
    const along = await before();
    const outgoing = body && (await outgoingBody(body, onSent));
    const init: RequestInit = {
      method,
      headers: { ...along, ...headersFor(request, body, url), ...outgoing?.headers },
      body: outgoing?.content ?? null,
      redirect: "manual",
      signal,
    };
    // Node's fetch takes the dispatcher; its types name another copy of undici, whose agents are the same. A stream wants `duplex` said.
    const sent = fetch(url, Object.assign(init, { dispatcher, duplex: "half" }));
    const response = await sent.catch((error: unknown) => {
      throw outgoing?.failure() ?? error;
    });
    const { status, headers } = response;
    request.cookies?.keep(url, headers.getSetCookie());
    answered(headers, status);
    const location = headers.get("location");
    if (!REDIRECTS.has(status) || location === null) {
      const kind = response.ok && request.answer !== "binary" ? sequenceKind(headers) : undefined;
      if (!kind) return { status, headers, bytes: await readBytes(response) };
      const sequence = await readSequence(response, kind, { maxMs: streamMs(), signal });
      return { status, headers, bytes: new Uint8Array(), sequence };
    }
    await dropBody(response);
    if (request.foreign) throw foreignRedirect(title, request.operation, status);
    const next = nextHop({ title, operation: request.operation, from: url, location, hops, method, status });
    url = next.url;
    if (next.method !== method) body = undefined;
    method = next.method;
  }
}

/** Whoever signed a URL signed it for one place; where else it leads is not even told. */
function foreignRedirect(title: string, operation: string, status: number): Problem {
  const words = `${title}'s upload host answered ${operation} with a redirect; it was not followed, and nothing was stored.`;
  return new Problem("unexpected_redirect", words, { status });
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

function headersFor(request: FilledRequest, body: FilledBody | undefined, url: URL): Readonly<Record<string, string>> {
  const { "content-type": type, cookie: own, ...rest } = request.headers;
  const cookie = [own, request.cookies?.header(url)].filter((text) => text !== undefined).join("; ");
  return {
    ...rest,
    ...(body !== undefined && type !== undefined && { "content-type": type }),
    ...(cookie !== "" && { cookie }),
  };
}
