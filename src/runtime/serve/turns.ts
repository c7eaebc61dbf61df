import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../problem.ts";

/** Hands out turns, so that one caller's many calls leave room for everybody else's. */
export interface Turns {
  /**
   * Waits for a turn of one caller's, or of one address: the one that has waited longest comes next.
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

/** How many turns there are. */
export interface Share {
  readonly atATime: number;
  /** Calls that may wait; more would only time out together. */
  readonly waiting: number;
  /** Turns of all lines together; the next goes to the line that has fewest. */
  readonly altogether: number;
  /** Whose they are, for the one who is refused. */
  readonly whose: string;
}

/** Calls of one caller: a model asks for a handful side by side. */
const CALLER: Share = { atATime: 8, waiting: 100, altogether: Infinity, whose: "You have" };

/**
 * Turns for callers whom somebody let in; whoever started the server is alone with it and needs none.
 *
 * @param mostMs Time that a call waits for its turn.
 */
export function fairTurns(mostMs = 10_000, share: Share = CALLER): Turns {
  const lines = new Map<string, Line>();
  let waiting = 0;
  let running = 0;
  return {
    async take(caller, signal) {
      const line = lines.get(caller) ?? { running: 0, waiting: new Set() };
      lines.set(caller, line);
      if (line.waiting.size >= share.waiting) throw tooMany(share);
      if (mayRun(line)) begin(line);
      else await comeUp(line, signal).finally(() => forget(caller, line));
      return () => {
        line.running--;
        running--;
        const next = share.altogether === Infinity ? line : fewest();
        const [turn] = next && mayRun(next) ? next.waiting : [];
        turn?.();
        forget(caller, line);
      };
    },
    get waiting() {
      return waiting;
    },
  };

  function mayRun(line: Line): boolean {
    return line.running < share.atATime && running < share.altogether;
  }

  function begin(line: Line): void {
    line.running++;
    running++;
  }

  function forget(caller: string, line: Line): void {
    if (line.running === 0 && line.waiting.size === 0) lines.delete(caller);
  }

  /** Of those in which somebody waits. */
  function fewest(): Line | undefined {
    let found: Line | undefined;
    for (const line of lines.values())
      if (line.waiting.size > 0 && !(found && found.running <= line.running)) found = line;
    return found;
  }

  async function comeUp(line: Line, signal: AbortSignal): Promise<void> {
    const patience = new AbortController();
    let mine = false;
    const turn = () => {
      line.waiting.delete(turn);
      begin(line);
      mine = true;
      patience.abort();
    };
    line.waiting.add(turn);
    waiting++;
    try {
      await sleep(mostMs, undefined, { signal: AbortSignal.any([signal, patience.signal]) });
      throw tooMany(share);
    } catch (error) {
      if (!mine) throw error; // a turn that came as the time ran out is taken all the same, or nobody would ever give it back
    } finally {
      waiting--;
      line.waiting.delete(turn);
    }
  }
}

function tooMany({ atATime, whose }: Share): Problem {
  const message = `${whose} ${atATime} calls under way here and too many that wait. Make fewer at a time; try again in a few seconds.`;
  return new Problem("rate_limited", message, { retryable: true, retryAfterSeconds: 5 });
}
