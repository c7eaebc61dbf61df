import { isRefusal, SlowError, whyAway, within } from "./away.ts";
import { type Client, makeClient } from "./client.ts";
import { refuseForeignKeys } from "./owner.ts";
import type { SharedSettings } from "./settings.ts";

/** How Redis stands, for probes and people; nothing of the URL. */
export interface Standing {
  readonly reachable: boolean;
  /** `Redis 7.0.15`, `Valkey 8.1.0`; undefined: it was never reached. */
  readonly server: string | undefined;
  /** `ECONNREFUSED`, `WRONGPASS`, `no answer in time`; undefined while it is reachable, and before it is known. */
  readonly why: string | undefined;
}

/** The one client of a process, which is connected again whenever it was lost. It never keeps a process alive by itself. */
export interface Link {
  /** Begins to connect, unless that was begun. */
  begin(): void;
  /** Resolves once the attempt to connect that is under way has ended, whatever came of it. */
  tried(): Promise<void>;
  /** There is one while Redis is only slow, too. */
  client(): Client | undefined;
  /** As far as is known. */
  standing(): Standing;
  /** Calls once, when Redis is back; after a rest where it is there, and refused what was asked of it (full, or a replica that only reads). */
  whenBack(listener: () => void): void;
  /** This client answered with an error, or not soon enough: it is asked whether it is there before anybody waits for it again. */
  doubt(own: Client, error: unknown): void;
  /** Nothing comes from this client any more. */
  giveUp(own: Client, error: unknown): void;
  close(): void;
}

/** What every call waits for an answer: more than a hundred times what Redis takes next door, and nothing that a person feels. */
export const QUICK_MS = 50;
/** The same for what cannot be done without. */
export const ASK_MS = 5_000;
const CONNECT_MS = 2_000;
/** How soon it is noticed that Redis is back; also the shortest time between two attempts. */
export const RETRY_MS = 500;
/** How soon it is noticed that Redis is gone while nobody asks for anything; and the rest that it has after it refused something. */
const BEAT_MS = 5_000;
/** What comes and goes is told of no more often. */
const TELL_MS = 10_000;

/** A link that is not connected yet. */
export function openLink(settings: SharedSettings): Link {
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

  return {
    begin: () => void (connecting ??= connect()),
    tried: async () => await connecting,
    client: () => client,
    standing: () => ({ reachable, server, why }),
    whenBack: (listener) => void (reachable ? setTimeout(listener, BEAT_MS).unref() : back.push(listener)),
    doubt(own, error) {
      if (client === own) away(error);
    },
    giveUp(own, error) {
      if (client === own) lost(own, error);
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
