import type { Deployment } from "../deployment.ts";
import { accountDigest } from "./account.ts";
import { type Counter, memoryCounter, type Reading } from "./counter.ts";
import { monthCounter, monthInMemory } from "./month-counter.ts";
import { type MonthLog, openMonthLog } from "./month-log.ts";
import { parseWindow, type Window } from "./window.ts";

/** One limit that is being kept: what it is called, what it allows and how much of it is used. */
export interface Limit {
  /** Whose it is and what it counts: `calls`, `requests`, `GET /tickets`. */
  readonly subject: string;
  readonly window: Window;
  readonly counter: Counter;
}

/** Every limit of a deployment. */
export interface LimitSet {
  readonly calls: readonly Limit[];
  readonly upstream: readonly Limit[];
  readonly operations: ReadonlyMap<string, readonly Limit[]>;
}

/** What a limit stands at, for gauges and for people. */
export interface LimitReading {
  /** `calls per minute`, `requests per minute`, `GET /tickets per minute`. */
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  /** Milliseconds since the epoch; undefined while nothing has been counted. */
  readonly resetsAt: number | undefined;
}

const opened = new WeakMap<Deployment, LimitSet>();

/**
 * The limits of a deployment, opened on first use.
 *
 * @throws {Problem} `internal` when a figure that the environment gives is no number.
 */
export function limitsOf(deployment: Deployment): LimitSet {
  const known = opened.get(deployment);
  if (known) return known;
  const declared = deployment.api.definition.limits;
  const month = monthOf(deployment);
  const open = (subject: string, texts: readonly string[] = []): readonly Limit[] =>
    texts
      .map((text) => parseWindow(text, deployment.environment))
      // The month comes last: what a short window refuses must not touch the disk.
      .sort((a, b) => Number(a.unit === "month") - Number(b.unit === "month"))
      .map((window) => ({ subject, window, counter: counterOf(subject, window, month) }));
  const set = {
    calls: open("calls", declared?.calls),
    upstream: open("requests", declared?.upstream),
    operations: new Map(Object.entries(declared?.operations ?? {}).map(([name, texts]) => [name, open(name, texts)])),
  };
  opened.set(deployment, set);
  return set;
}

/** What every limit of a deployment stands at, tool calls first. Reads, and spends nothing. */
export async function readLimits(deployment: Deployment): Promise<readonly LimitReading[]> {
  const set = limitsOf(deployment);
  const all = [...set.calls, ...set.upstream, ...[...set.operations.values()].flat()];
  const readings = await Promise.all(all.map((limit): Promise<Reading> => limit.counter.read()));
  return all.map(({ subject, window }, index) => ({
    name: `${subject} per ${window.unit}`,
    used: readings[index]?.used ?? 0,
    limit: window.limit,
    resetsAt: readings[index]?.resetsAt,
  }));
}

function counterOf(subject: string, window: Window, month: (subject: string) => MonthLog): Counter {
  const { unit } = window;
  return unit === "month" ? monthCounter(month(subject), window.limit) : memoryCounter({ ...window, unit });
}

/** Where a limit of a month is counted: a file for each; the sandbox spends nothing of the real account. */
function monthOf(deployment: Deployment): (subject: string) => MonthLog {
  const { mode, stateDirectory, api } = deployment;
  if (mode === "sandbox" || stateDirectory === undefined) return monthInMemory;
  const account = `${api.definition.name}-${accountDigest(deployment)}`;
  return (subject) => openMonthLog(stateDirectory, `${account}-${encodeURIComponent(subject)}`);
}
