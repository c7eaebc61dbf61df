import type { IncomingMessage, ServerResponse } from "node:http";
import type { Door } from "../access/door.ts";
import { callersBring } from "../access/settings.ts";
import { sendJson } from "./send-response.ts";

/** Paths that a load balancer asks: whether the process lives, and whether it should be sent requests. */
const PROBES: ReadonlySet<string> = new Set(["/livez", "/readyz"]);

/** What the answers depend on. */
interface Probed {
  readonly stopping: boolean;
  readonly doors: readonly Door[];
}

/**
 * Answers a probe, which reads the status. Where replicas share something, `/readyz` says in words how that stands.
 *
 * @returns false: the path is none of a probe.
 */
export function answerProbe(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  { stopping, doors }: Probed,
): boolean {
  if (!PROBES.has(path)) return false;
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    sendJson(response, 405, { error: "method_not_allowed", message: "Use GET." });
    return true;
  }
  const [shared] = doors.flatMap(({ deployment }) => deployment.shared ?? []);
  if (path === "/livez") response.writeHead(200).end();
  else if (!shared) response.writeHead(stopping ? 503 : 200).end();
  else {
    const { reachable, server, why } = shared.standing();
    const status = stopping ? "stopping" : readiness(reachable, doors);
    const useless = status === "stopping" || status === "unavailable";
    response.writeHead(useless ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status, redis: { reachable, server, why } }));
  }
  return true;
}

function readiness(reachable: boolean, doors: readonly Door[]): "ready" | "degraded" | "unavailable" {
  if (reachable) return "ready";
  return doors.some(keepsPeople) ? "unavailable" : "degraded";
}

/** Whether what people entrusted to the server is needed for every call. */
function keepsPeople({ settings }: Door): boolean {
  return callersBring(settings) && settings.mode !== "api-key-passthrough";
}
