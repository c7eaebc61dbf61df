import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { CallContext, Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import type { FilledRequest, VendorAnswer } from "../request/types.ts";
import { unlessCancelled } from "../unless-cancelled.ts";

/** Answers kept for one API, and what they may have together. */
const MOST_ANSWERS = 1_000;
const MAX_BYTES = 20 * 1024 * 1024;

interface Cache {
  readonly answers: LRUCache<string, VendorAnswer>;
  /** Requests that are under way, which others of the same wait for. */
  readonly flights: Map<string, Promise<VendorAnswer>>;
}

const caches = new WeakMap<Deployment, Cache>();

/**
 * The answer to a read, from an earlier one that is not older than `seconds`; of several that ask at once one sends. Answers are kept in
 * memory alone, by a hash of the whole request with its credential and of who asks: nobody gets what another was told (T31).
 *
 * @throws {Problem} what `send` throws; nothing of that is kept.
 */
export async function answerCached(
  request: FilledRequest,
  seconds: number,
  { deployment, context }: { readonly deployment: Deployment; readonly context: CallContext },
  send: () => Promise<VendorAnswer>,
): Promise<VendorAnswer> {
  const key = keyOf(request, context);
  if (key === undefined) return await send();
  const { answers, flights } = cacheOf(deployment);
  for (;;) {
    const known = answers.get(key);
    if (known) return known;
    const flight = flights.get(key);
    if (!flight) break;
    const shared = await waited(flight, context.signal);
    if (shared) return shared;
  }
  const own = send();
  flights.set(key, own);
  try {
    const answer = await own;
    answers.set(key, answer, { ttl: seconds * 1000, size: Math.max(1, answer.bytes) });
    return answer;
  } finally {
    flights.delete(key);
  }
}

function cacheOf(deployment: Deployment): Cache {
  const known = caches.get(deployment) ?? {
    answers: new LRUCache<string, VendorAnswer>({ max: MOST_ANSWERS, maxSize: MAX_BYTES, ttl: 1 }),
    flights: new Map<string, Promise<VendorAnswer>>(),
  };
  caches.set(deployment, known);
  return known;
}

/** A digest of all that is sent and of who asks; undefined for a body that is read as it is sent. What is made anew for every request does not count. */
function keyOf(request: FilledRequest, { caller }: CallContext): string | undefined {
  const { body, method, url, headers, cookies, uuid } = request;
  if (body !== undefined && body.kind !== "text") return undefined;
  const sent = JSON.stringify([
    caller?.key,
    request.server,
    method,
    url.href,
    headers,
    cookies?.header(url),
    body?.text,
  ]);
  return createHash("sha256")
    .update(uuid === "" ? sent : sent.replaceAll(uuid, ""))
    .digest("hex");
}

/** The answer that another waits for; undefined when he gave up, which is no reason for anybody else to. */
async function waited(flight: Promise<VendorAnswer>, signal: AbortSignal): Promise<VendorAnswer | undefined> {
  try {
    return await unlessCancelled(flight, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Problem && error.code !== "cancelled" && error.code !== "timeout") throw error;
    return undefined;
  }
}
