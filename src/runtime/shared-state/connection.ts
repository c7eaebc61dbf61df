import { awayProblem, isRefusal, SlowError, whyAway, within } from "./away.ts";
import { type Client, makeClient } from "./client.ts";
import { refuseForeignKeys } from "./owner.ts";
import type { SharedSettings } from "./settings.ts";

/** How Redis stands, for probes and people; nothing of the URL. */
export interface Standing {
  readonly reachable: boolean;
  /** `Redis 7.0.15`, `Valkey 8.1.0`; undefined: it was never reached. */
  readonly server: string | undefined;
  /** `ECONNREFUSED`, `WRONGPASS`, `no answer in time`. */
  readonly why: string | undefined;
}

/** The one connection of a process to what replicas share. */
export interface Connection {
  /** Begins to connect; whoever asks for something does so too. */
  begin(): void;
  /** What every call waits for: undefined at once while Redis is away, and after 50 ms when it does not answer. */
  quickly<T>(work: (client: Client) => Promise<T>): Promise<Answer<T> | undefined>;
  /** The same for what is to happen even when nobody waits for it any more: it is sent as long as there is a connection. */
  attempt<T>(work: (client: Client) => Promise<T>): Promise<Attempt<T>>;
  /**
   * What cannot be done without.
   *
   * @throws {Problem} `internal`, to be tried again, when Redis is away or does not answer within 5 s.
   */
  ask<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** Calls once, as soon as Redis can be used: at once, or when it is back. */
  whenBack(listener: () => void): void;
  /** As far as is known. */
  standing(): Standing;
  /** The same, once it is known whether Redis can be reached. */
  reached(): Promise<Standing>;
  close(): void;
}

/** What Redis answered. */
export interface Answer<T> {
  readonly value: T;
}

/** Something that was sent, if there was a connection. */
export interface Attempt<T> {
  /** The answer, unless there was none within 50 ms, or Redis is slow already. */
  readonly soon: Answer<T> | undefined;
  /** The answer whenever it comes; undefined: none will. */
  readonly late: Promise<Answer<T> | undefined>;
}

/** More than a hundred times what Redis takes next door, and nothing that a person feels. */
const QUICK_MS = 50;
/** For what cannot be done without. */
const ASK_MS = 5_000;
const CONNECT_MS = 2_000;
/** How soon it is noticed that Redis is back; also the shortest time between two attempts. */
export const RETRY_MS = 500;
/** How soon it is noticed that Redis is gone while nobody asks for anything; and the rest that it has after it refused something. */
const BEAT_MS = 5_000;
/** What comes and goes is told of no more often. */
const TELL_MS = 10_000;

/** Opens the connection, once it is needed. It never keeps a process alive by itself. */
export function openConnection(settings: SharedSettings): Connection {
  let client: Client | undefined;
  let connecting: Promise<void> | undefined;
  let reachable = false;
  let server: string | undefined;
  let why: string | undefined;
  let awaySince = 0;
  let toldAt = -TELL_MS;
  let announced = false;
  let beat: NodeJS.Timeout | undefined;
  let closed = false;
  let back: (() => void)[] = [];

  function begin(): void {
    connecting ??= connect();
  }

  async function connect(): Promise<void> {
    let made: Client | undefined;
    try {
      const own = await makeClient(settings, CONNECT_MS);
      made = own;
      own.on("error", (error) => client === own && lost(own, error));
      own.unref();
      await within(CONNECT_MS, own.connect());
      server = serverOf(await within(CONNECT_MS, own.info("server")));
      await within(CONNECT_MS, refuseForeignKeys(own, settings));
      if (closed) return drop(own);
      client = own;
      up();
    } catch (error) {
      if (made) drop(made);
      away(error);
    }
  }

  function up(): void {
    if (announced) told(`Redis at ${settings.shown} is back`);
    [reachable, why, announced] = [true, undefined, false];
    schedule(BEAT_MS);
    const waiting = back;
    back = [];
    for (const listener of waiting) listener();
  }

  /** Says so once for each time that it goes; what it keeps is done without, or refused, until it is back. */
  function away(error: unknown): void {
    if (closed) return;
    if (why === undefined) awaySince = performance.now();
    if (why === undefined && performance.now() - toldAt > TELL_MS) {
      [toldAt, announced] = [performance.now(), true];
      told(
        `Redis at ${settings.shown} cannot be used (${whyAway(error)}). Until it is back each of ${settings.replicas} replicas keeps to its part of every limit, and what people entrusted to this server is out of reach`,
      );
    }
    [reachable, why] = [false, whyAway(error)];
    schedule(isRefusal(error) ? BEAT_MS : RETRY_MS);
  }

  function lost(own: Client, error: unknown): void {
    client = undefined;
    drop(own);
    away(error);
  }

  function schedule(ms: number): void {
    clearTimeout(beat);
    beat = setTimeout(() => void look(), ms).unref();
  }

  /** Whether it is still there, or there again. */
  async function look(): Promise<void> {
    const own = client;
    if (!own) {
      connecting = connect();
      return await connecting;
    }
    try {
      await within(reachable ? ASK_MS : QUICK_MS, own.ping());
      if (client !== own) return; // the error was told by then
      if (reachable) schedule(BEAT_MS);
      else up();
    } catch (error) {
      if (client !== own) return;
      const slow = !reachable && error instanceof SlowError && performance.now() - awaySince < ASK_MS;
      if (slow) schedule(RETRY_MS);
      else lost(own, error); // nothing comes from there any more
    }
  }

  function standing(): Standing {
    return { reachable, server, why };
  }

  async function attempt<T>(work: (own: Client) => Promise<T>): Promise<Attempt<T>> {
    begin();
    if (!reachable && why === undefined) await connecting; // for the first time; what comes of it is known within seconds
    const own = client;
    if (!own) return { soon: undefined, late: Promise.resolve(undefined) };
    const sent = work(own).then((value): Answer<T> => ({ value }));
    const late = sent.catch(() => undefined);
    if (!reachable) return { soon: undefined, late };
    try {
      return { soon: await within(QUICK_MS, sent), late };
    } catch (error) {
      if (client === own) away(error);
      return { soon: undefined, late };
    }
  }

  async function quickly<T>(work: (own: Client) => Promise<T>): Promise<Answer<T> | undefined> {
    begin();
    if (!reachable && why !== undefined) return undefined;
    return (await attempt(work)).soon;
  }

  async function ask<T>(work: (own: Client) => Promise<T>): Promise<T> {
    begin();
    if (!client) await connecting;
    const own = client;
    if (!own) throw awayProblem(new Error(`Redis is away: ${why ?? "closed"}`));
    try {
      return await within(ASK_MS, work(own));
    } catch (error) {
      if (error instanceof SlowError && client === own) lost(own, error);
      throw awayProblem(new Error(`Redis failed: ${whyAway(error)}`));
    }
  }

  return {
    begin,
    quickly,
    attempt,
    ask,
    whenBack: (listener) => void (reachable ? setImmediate(listener) : back.push(listener)),
    standing,
    async reached() {
      begin();
      await connecting;
      return standing();
    },
    close() {
      closed = true;
      clearTimeout(beat);
      if (client) drop(client);
      client = undefined;
    },
  };
}

function drop(client: Client): void {
  try {
    client.destroy();
  } catch {
    // it is closed already
  }
}

function told(message: string): void {
  process.emitWarning(message, "ToolwrightWarning");
}

/** `INFO server`: Valkey says `redis_version` too, for programs that know no other name. */
function serverOf(info: string): string {
  const field = (name: string) => new RegExp(`^${name}:([0-9A-Za-z.-]{1,40})\r?$`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  return valkey === undefined ? `Redis ${field("redis_version") ?? "of an unknown version"}` : `Valkey ${valkey}`;
}
