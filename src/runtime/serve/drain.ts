import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Endpoints } from "./endpoints.ts";
import type { InFlight } from "./in-flight.ts";

/** What stops a server: once, gently. */
export type Close = () => Promise<void>;

/** Time for what is left to end by itself, once everything is closed. */
const LINGER_MS = 2_000;

/**
 * Waits for SIGTERM or SIGINT, then closes. A second signal does not wait: it ends the process with code 1 at once.
 *
 * @param ended Resolves when there is nothing more to serve; closes as a signal does.
 */
export async function untilStopped(close: Close, ended?: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let stopping = false;
    const stop = () => {
      stopping = true;
      close().then(resolve, reject);
    };
    const onSignal = () => {
      if (stopping) process.exit(1);
      stop();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
    void ended?.then(() => {
      if (!stopping) stop();
    });
  });
  // Only if something else still holds the process then; with the exit code that has been set by then.
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** What {@link drain} closes. */
interface Draining {
  readonly server: Server;
  readonly mcp: Endpoints;
  readonly calls: InFlight;
  readonly state: { stopping: boolean; closed: boolean };
  readonly graceMs: number;
  readonly preStopMs: number;
}

/** Time for answers that are ready to reach their clients. */
const FLUSH_MS = 500;

/**
 * Closes an HTTP server without losing a call.
 *
 *     /readyz says 503 → preStop → no new connections, idle ones closed → running calls end, or are ended after the grace → everything is closed
 */
export async function drain({ server, mcp, calls, state, graceMs, preStopMs }: Draining): Promise<void> {
  state.stopping = true;
  if (preStopMs > 0) await delay(preStopMs);
  state.closed = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that becomes idle now would be kept open for the client's next request, which may never come.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await calls.idle(graceMs);
  calls.stop();
  await Promise.race([closed, delay(FLUSH_MS, undefined, { ref: false })]);
  await mcp.close(); // ends what is left at once, so it comes last
  server.closeAllConnections();
  await closed;
  clearInterval(sweep);
}
