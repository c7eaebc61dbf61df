import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../problem.ts";

/** Hands out turns, so that one caller's many calls leave room for everybody else's. */
export interface Turns {
  /**
   * Waits for a turn of one caller's: the one that has waited longest comes next.
   *
   * @returns ends the turn, once.
   * @throws {Problem} `rate_limited` when too many wait already, or none came up in time.
   * @throws the reason of the signal as soon as it is aborted.
   */
  take(caller: string, signal: AbortSignal): Promise<() => void>;
  /** Calls that wait, of all callers. */
  readonly waiting: number;
}

/** What a caller has under way, and what waits for it. */
interface Line {
  running: number;
  readonly waiting: Set<() => void>;
}

/** Calls of one caller at a time: a model asks for a handful side by side. */
const AT_A_TIME = 8;
/** Calls of one caller that may wait; more would only time out together. */
const MAX_WAITING = 100;

/**
 * Turns for callers whom somebody let in; whoever started the server is alone with it and needs none.
 *
 * @param mostMs Time that a call waits for its turn.
 */
export function fairTurns(mostMs = 10_000): Turns {
  const lines = new Map<string, Line>();
  let waiting = 0;
  return {
    async take(caller, signal) {
      const line = lines.get(caller) ?? { running: 0, waiting: new Set() };
      lines.set(caller, line);
      if (line.running < AT_A_TIME) line.running++;
      else if (line.waiting.size >= MAX_WAITING) throw tooMany();
      else await comeUp(line, signal);
      return () => {
        const [next] = line.waiting;
        if (next) return next(); // takes over the turn
        line.running--;
        if (line.running === 0) lines.delete(caller);
      };
    },
    get waiting() {
      return waiting;
    },
  };

  async function comeUp(line: Line, signal: AbortSignal): Promise<void> {
    const patience = new AbortController();
    let mine = false;
    const turn = () => {
      line.waiting.delete(turn);
      mine = true;
      patience.abort();
    };
    line.waiting.add(turn);
    waiting++;
    try {
      await sleep(mostMs, undefined, { signal: AbortSignal.any([signal, patience.signal]) });
      throw tooMany();
    } catch (error) {
      if (!mine) throw error; // a turn that came as the time ran out is taken all the same, or nobody would ever give it back
    } finally {
      waiting--;
      line.waiting.delete(turn);
    }
  }
}

function tooMany(): Problem {
  const message = `You have ${AT_A_TIME} calls under way here and too many that wait. Make fewer at a time; try again in a few seconds.`;
  return new Problem("rate_limited", message, { retryable: true, retryAfterSeconds: 5 });
}
