import { cancelled } from "../call/as-problem.ts";
import { now } from "../clock.ts";
import type { Caller } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { CONNECTIONS } from "../send/transport.ts";
import { fairTurns, type Share } from "./turns.ts";

/** One call that is being carried out. */
export interface RunningCall {
  /** Fires when the client cancels or leaves, when the time is up, and when the server stops. */
  readonly signal: AbortSignal;
  /** By the clock of `now()`. */
  readonly deadlineAt: number;
  /**
   * Waits until it is the turn of one of many callers; a stranger waits for one of those that his address has as well.
   *
   * @throws {Problem} `rate_limited` when too many of his calls wait already, or this one has waited too long; `cancelled`.
   */
  turn(caller: Pick<Caller, "key" | "standing">): Promise<void>;
  /** Must be called once the answer is known, whatever it is. */
  end(): void;
}

/** The calls that a process is carrying out, so that it can wait for them or end them. */
export interface InFlight {
  /** @throws {Problem} `rate_limited` when too many are running already. */
  begin(client: AbortSignal): RunningCall;
  readonly size: number;
  /** Resolves as soon as nothing is running; at the latest after `atMostMs`. */
  idle(atMostMs: number): Promise<void>;
  /** Ends every running call, and every call that begins later at once. */
  stop(): void;
}

/** Calls at one time in one process; each may hold a vendor's answer of 10 MiB. */
const MAX_RUNNING = 500;
/**
 * Strangers, by the address that they come from (T42). Half of what a vendor is asked at a time is left to callers whom it knows. An office
 * is one address, and everybody in it a stranger after a restart, until his first call is answered: so many may wait, and for longer.
 */
const STRANGERS: Share = { atATime: 24, waiting: 1_000, altogether: CONNECTIONS / 2, whose: "Your network has" };
const STRANGERS_WAIT_MS = 20_000;

/**
 * Keeps count of running calls.
 *
 * A controller of its own for each call, rather than `AbortSignal.any([client, AbortSignal.timeout(45_000), shutdown])`, which it behaves
 * like: at a thousand calls a second that would hold 45,000 timers and as many signals that hang on one long-lived `shutdown`.
 *
 * @param timeoutMs Time for one call. SDK clients give up after 60 s, so ours ends before.
 */
export function trackCalls(timeoutMs = 45_000): InFlight {
  const running = new Set<AbortController>();
  const waiting = new Set<() => void>();
  const turns = fairTurns();
  const strangers = fairTurns(STRANGERS_WAIT_MS, STRANGERS);
  let stopped = false;
  return {
    begin(client) {
      if (running.size - turns.waiting - strangers.waiting >= MAX_RUNNING) {
        const message = "This server is carrying out as many calls as it can. Try again in a few seconds.";
        throw new Problem("rate_limited", message, { retryable: true, retryAfterSeconds: 5 });
      }
      const call = new AbortController();
      const turnsTaken: (() => void)[] = [];
      const onClient = () => call.abort(client.reason);
      const timer = setTimeout(
        () => call.abort(new DOMException("the time for this call is up", "TimeoutError")),
        timeoutMs,
      );
      const deadlineAt = now() + timeoutMs;
      running.add(call);
      if (stopped) call.abort(shuttingDown());
      if (client.aborted) onClient();
      else client.addEventListener("abort", onClient, { once: true });
      return {
        signal: call.signal,
        deadlineAt,
        async turn({ key, standing }) {
          try {
            turnsTaken.push(await turns.take(key, call.signal));
            if (standing?.isStranger()) turnsTaken.push(await strangers.take(standing.address, call.signal));
          } catch (error) {
            throw call.signal.aborted ? cancelled({ deadlineAt }, error) : error;
          }
        },
        end() {
          for (const endTurn of turnsTaken.splice(0)) endTurn();
          clearTimeout(timer);
          client.removeEventListener("abort", onClient);
          running.delete(call);
          if (running.size === 0) for (const wake of waiting) wake();
        },
      };
    },
    get size() {
      return running.size;
    },
    idle(atMostMs) {
      if (running.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, atMostMs);
        waiting.add(wake);
      });
    },
    stop() {
      stopped = true;
      for (const call of running) call.abort(shuttingDown());
    },
  };
}

function shuttingDown(): DOMException {
  return new DOMException("the server is shutting down", "AbortError");
}
