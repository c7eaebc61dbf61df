import { LRUCache } from "lru-cache";
import type { Caller, Deployment } from "../deployment.ts";
import { accountDigest, accountOf, hasOwnAccounts } from "./account.ts";
import { type Counter, memoryCounter, type Reading } from "./counter.ts";
import { sharedCounter } from "./shared-counter.ts";
import { monthCounter, monthInMemory } from "./month-counter.ts";
import { type MonthLog, openMonthLog } from "./month-log.ts";
import { onTrial, type TrialCounter } from "./on-trial.ts";
import { parseWindow, type Window } from "./window.ts";

/** One limit that is being kept: what it is called, what it allows and how much of it is used. */
export interface Limit {
  /** Whose it is and what it counts: `calls`, `requests`, `GET /tickets`. */
  readonly subject: string;
  readonly window: Window;
  readonly counter: Counter;
}

/** Every limit of one account at the vendor. */
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

/** Accounts of callers that are counted at a time; the one that was not used for longest is forgotten first. */
const MOST_ACCOUNTS = 10_000;
/** The same for keys that the vendor has not taken; more strangers than this never have calls under way. */
const MOST_ON_TRIAL = 1_000;

interface Opened {
  /** By the account. */
  readonly kept: LRUCache<string, LimitSet>;
  readonly onTrial: LRUCache<string, OnTrial>;
}

/** Limits of a key that may be invented. */
interface OnTrial {
  readonly set: LimitSet;
  readonly counters: readonly TrialCounter[];
}

const opened = new WeakMap<Deployment, Opened>();

/**
 * The limits of the account that a call is charged to, opened on first use. A stranger's are on trial, where the account is his own.
 *
 * @throws {Problem} `internal` when a figure that the environment gives is no number.
 */
export function limitsOf(deployment: Deployment, caller?: Caller): LimitSet {
  const { kept, onTrial: tried } = openedFor(deployment);
  const account = accountOf(deployment, caller);
  const there = kept.get(account) ?? tried.get(account)?.set;
  if (there) return there;
  const count = counting(deployment, caller);
  if (!hasOwnAccounts(deployment) || caller?.standing?.isStranger() !== true) {
    const set = openLimits(deployment, count);
    kept.set(account, set);
    return set;
  }
  const counters: TrialCounter[] = [];
  const set = openLimits(deployment, (subject, window) => {
    const counter = onTrial(count(subject, window), window);
    counters.push(counter);
    return counter;
  });
  tried.set(account, { set, counters });
  return set;
}

/** The vendor took the key of a stranger: from now on what he calls is counted where it lasts. */
export async function keepLimits(deployment: Deployment, caller: Caller | undefined): Promise<void> {
  const { kept, onTrial: tried } = openedFor(deployment);
  const account = accountOf(deployment, caller);
  const found = tried.get(account);
  if (!found) return;
  tried.delete(account);
  kept.set(account, found.set);
  await Promise.all(found.counters.map(async (counter) => await counter.keep()));
}

function openedFor(deployment: Deployment): Opened {
  const there = opened.get(deployment) ?? {
    kept: new LRUCache<string, LimitSet>({ max: MOST_ACCOUNTS }),
    onTrial: new LRUCache<string, OnTrial>({ max: MOST_ON_TRIAL }),
  };
  opened.set(deployment, there);
  return there;
}

function openLimits(deployment: Deployment, count: (subject: string, window: Window) => Counter): LimitSet {
  const declared = deployment.api.definition.limits;
  const open = (subject: string, texts: readonly string[] = []): readonly Limit[] =>
    texts
      .map((text) => parseWindow(text, deployment.environment))
      // The month comes last: what a short window refuses must not touch the disk.
      .sort((a, b) => Number(a.unit === "month") - Number(b.unit === "month"))
      .map((window) => ({ subject, window, counter: count(subject, window) }));
  return {
    calls: open("calls", declared?.calls),
    upstream: open("requests", declared?.upstream),
    operations: new Map(Object.entries(declared?.operations ?? {}).map(([name, texts]) => [name, open(name, texts)])),
  };
}

/**
 * What every limit of the account that all callers share stands at, tool calls first. Reads, and spends nothing. Where every caller has
 * an account of his own there is nothing to tell of all.
 */
export async function readLimits(deployment: Deployment): Promise<readonly LimitReading[]> {
  if (hasOwnAccounts(deployment)) return [];
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

/** Where limits are counted: in Redis where replicas share one, otherwise here; the sandbox spends nothing of the real account. */
function counting(deployment: Deployment, caller: Caller | undefined): (subject: string, window: Window) => Counter {
  const { mode, api, shared } = deployment;
  if (mode === "live" && shared) {
    const account = [api.definition.name, accountDigest(deployment, caller)];
    return (subject, window) => sharedCounter(shared, [...account, subject], window);
  }
  const month = monthOf(deployment, caller);
  return (subject, window) => {
    const { unit } = window;
    return unit === "month" ? monthCounter(month(subject), window.limit) : memoryCounter({ ...window, unit });
  };
}

/** Where a limit of a month is counted: a file for each. */
function monthOf(deployment: Deployment, caller: Caller | undefined): (subject: string) => MonthLog {
  const { mode, stateDirectory, api } = deployment;
  if (mode === "sandbox" || stateDirectory === undefined) return monthInMemory;
  const account = `${api.definition.name}-${accountDigest(deployment, caller)}`;
  return (subject) => openMonthLog(stateDirectory, `${account}-${encodeURIComponent(subject)}`);
}
