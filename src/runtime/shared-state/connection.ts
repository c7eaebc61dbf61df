import { awayProblem, ForeignError, SlowError, whyAway, within } from "./away.ts";
import type { Client } from "./client.ts";
import { ASK_MS, type Link, openLink, QUICK_MS, type Standing } from "./link.ts";
import { refuseForeignKeys } from "./owner.ts";
import type { SharedSettings } from "./settings.ts";

/** What can be asked of what replicas share, over the one link of a process; whoever asks for something begins to connect it. */
export interface Connection extends Pick<Link, "begin" | "whenBack" | "standing" | "close"> {
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
  /**
   * Looks again whose keys these are, when something was found that cannot be opened. A replica that has not got a new secret yet is not to
   * take what others sealed with it for nothing, and begin anew what they have.
   *
   * @throws {Problem} as {@link ask}, when they are of servers with another secret by now; then Redis is away for this process.
   */
  refuseForeign(): Promise<void>;
  /** How Redis stands, once it is known whether it can be reached. */
  reached(): Promise<Standing>;
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

/** Opens the connection, once it is needed. */
export function openConnection(settings: SharedSettings): Connection {
  const link = openLink(settings);

  async function attempt<T>(work: (own: Client) => Promise<T>): Promise<Attempt<T>> {
    link.begin();
    if (!link.standing().reachable && link.standing().why === undefined) await link.tried(); // for the first time; what comes of it is known within seconds
    const own = link.client();
    if (!own) return { soon: undefined, late: Promise.resolve(undefined) };
    const sent = work(own).then((value): Answer<T> => ({ value }));
    const late = sent.catch(() => undefined);
    if (!link.standing().reachable) return { soon: undefined, late };
    try {
      return { soon: await within(QUICK_MS, sent), late };
    } catch (error) {
      link.doubt(own, error);
      return { soon: undefined, late };
    }
  }

  async function quickly<T>(work: (own: Client) => Promise<T>): Promise<Answer<T> | undefined> {
    link.begin();
    const { reachable, why } = link.standing();
    if (!reachable && why !== undefined) return undefined;
    return (await attempt(work)).soon;
  }

  async function ask<T>(work: (own: Client) => Promise<T>): Promise<T> {
    link.begin();
    if (!link.client()) await link.tried();
    const own = link.client();
    if (!own) throw awayProblem(new Error(`Redis is away: ${link.standing().why ?? "closed"}`));
    try {
      return await within(ASK_MS, work(own));
    } catch (error) {
      if (error instanceof SlowError || error instanceof ForeignError) link.giveUp(own, error);
      throw awayProblem(new Error(`Redis failed: ${whyAway(error)}`));
    }
  }

  return {
    ...link,
    quickly,
    attempt,
    ask,
    refuseForeign: async () => await ask(async (own) => await refuseForeignKeys(own, settings)),
    async reached() {
      link.begin();
      await link.tried();
      return link.standing();
    },
  };
}
