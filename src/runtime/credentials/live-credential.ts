import { now } from "../clock.ts";
import type { CallContext } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { unlessCancelled } from "../unless-cancelled.ts";
import { type Held, isDue, stampOf } from "./held.ts";
import { needsPerson, type Subject } from "./obtain-problem.ts";
import { type Current, presentCredential } from "./present.ts";
import { RefusedError, type Source } from "./source.ts";
import type { CredentialStore } from "./store.ts";

/** How a credential stands on this machine. */
export interface Standing {
  readonly held: Held | undefined;
  readonly usable: boolean;
  /** The vendor, or nobody but a person, gives anything new. */
  readonly refused: boolean;
  /** Milliseconds since the epoch; undefined: not by this process. */
  readonly acceptedAt: number | undefined;
}

/** A credential that changes while the server runs. */
export interface LiveCredential {
  /** What there is, without sending anything. */
  look(): Promise<Current | undefined>;
  /** Something usable; obtained if need be, renewed before it ends. */
  current(context: CallContext): Promise<Current>;
  /**
   * Something newer than what the vendor refused; `undefined` when that is no use: it had only just been obtained.
   *
   * @throws {Problem} `reauthorize` when a person must sign in; another when it may work later.
   */
  renewed(failed: string, context: CallContext): Promise<Current | undefined>;
  /** The vendor took it. */
  accepted(stamp: string): void;
  /** Obtains something new, whatever there is. */
  force(how: "establish" | "renew", context: CallContext): Promise<Current>;
  /** Reads again what is on this machine, at the next look. */
  reload(): void;
  standing(): Promise<Standing>;
  /** Puts what a person signed in for in place, for every process. */
  replace(held: Held): Promise<void>;
}

/** After the vendor refused, nobody asks again for so long: some lock an account that fails often. */
const REST_MS = 30_000;
/** One that was just obtained and never accepted is not renewed again for so long: another would be refused too. */
const UNPROVEN_MS = 60_000;
/** For everything that obtaining takes; it goes on when the call that began it is cancelled, since others wait for it too. */
const OBTAIN_MS = 45_000;

/** How something new is obtained: `begin` only while nothing has been, `renew` only while nobody else did. */
type Way = "begin" | "renew" | "force renew" | "establish";

/**
 * Makes a credential live: one holder for all calls of a deployment, and one store for all processes.
 *
 * Whoever needs something new waits for the one who gets it. Between processes a lock decides who that is; the others find what he
 * wrote. It is written down before it is used, since the vendor may have taken the old one back.
 *
 * @param store Where it outlives the process; `undefined`: nowhere.
 */
export function liveCredential(subject: Subject, source: Source, store: CredentialStore | undefined): LiveCredential {
  let flight: Promise<Current> | undefined;
  let refusal: { readonly stamp: string | undefined; readonly at: number; readonly problem: Problem } | undefined;
  let accepted: { readonly stamp: string; readonly at: number } | undefined;
  let begun = false;
  let obtainedHere: string | undefined;
  const present = presentCredential(source, store, (what) => {
    refusal = undefined;
    if (what === "seed") begun = false;
  });

  /** What makes it needless to obtain anything: somebody else did by now. */
  function there(here: Current | undefined, failed: string | undefined, way: Way): Current | undefined {
    if (way === "renew" && here && here.stamp !== failed && source.isUsable(here.held)) return here;
    if (way === "begin" && here && here.held.obtainedAt > 0) return here;
    if (way === "renew" && here?.held.refused !== undefined) throw refused(here.held.refused);
    return undefined;
  }

  async function obtain(failed: string | undefined, way: Way, observer: CallContext["observer"]): Promise<Current> {
    const here = await present.look(source.rotates);
    const found = there(here, failed, way);
    if (found) return found;
    const signal = AbortSignal.timeout(OBTAIN_MS);
    const context: CallContext = { signal, deadlineAt: now() + OBTAIN_MS, progress: () => {}, observer };
    const renews = way === "renew" || way === "force renew";
    try {
      const held = renews
        ? await source.renew(here?.held, present.seed(), context)
        : await source.establish(present.seed(), context);
      refusal = undefined;
      obtainedHere = stampOf(held);
      observer?.renewal("ok");
      return await present.keep(held);
    } catch (error) {
      observer?.renewal(error instanceof RefusedError ? "refused" : "failed");
      throw error instanceof RefusedError ? await remembered(error, failed, renews ? here : undefined) : error;
    }
  }

  /**
   * Keeps in mind that the vendor refused, so that it is not asked at once again.
   *
   * @param renewed What was to be renewed.
   */
  async function remembered(
    { why, nothingHeld }: RefusedError,
    failed: string | undefined,
    renewed: Current | undefined,
  ): Promise<Problem> {
    const problem = refused(why);
    if (nothingHeld) return problem;
    refusal = { stamp: failed, at: now(), problem };
    if (renewed && source.refusalLasts) await present.keep({ ...renewed.held, refused: why });
    return problem;
  }

  function refused(why: string): Problem {
    return needsPerson(subject, why);
  }

  async function untilNobodyFlies(signal: AbortSignal): Promise<void> {
    const under = flight;
    if (!under) return;
    await settled(under, signal);
    await untilNobodyFlies(signal);
  }

  /** One at a time, in this process and in all others. */
  async function single(failed: string | undefined, way: Way, context: CallContext): Promise<Current> {
    const mayShare = way === "renew" || way === "begin";
    if (mayShare && refusal?.stamp === failed && refusal && now() - refusal.at < REST_MS) throw refusal.problem;
    if (!mayShare) await untilNobodyFlies(context.signal);
    flight ??= inLock(async () => await obtain(failed, way, context.observer)).finally(() => (flight = undefined));
    return await unlessCancelled(flight, context.signal);
  }

  return {
    look: async () => await present.look(),
    async current(context) {
      const here = await present.look();
      if (!here || !source.isUsable(here.held)) return await single(here?.stamp, "renew", context);
      const { held, stamp } = here;
      const begins = source.beginsAtOnce(held) && !begun;
      begun = true;
      if (!begins && (!isDue(held) || held.refused !== undefined)) return here;
      try {
        return await single(stamp, begins ? "begin" : "renew", context);
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof Problem) return here; // it is good for a while yet
        throw error;
      }
    },
    async renewed(failed, context) {
      const here = await present.look();
      if (here && here.stamp !== failed && source.isUsable(here.held)) return here;
      // By another process it may have been obtained long before its vendor ended it.
      const fresh = obtainedHere === failed && Date.now() - (here?.held.obtainedAt ?? 0) < UNPROVEN_MS;
      const unproven = fresh && accepted?.stamp !== failed;
      if (unproven) return undefined;
      return await single(failed, "renew", context);
    },
    accepted(stamp) {
      accepted = { stamp, at: Date.now() };
    },
    reload: () => present.reload(),
    async standing() {
      const here = await present.look();
      return {
        held: here?.held,
        usable: here !== undefined && source.isUsable(here.held),
        refused: here?.held.refused !== undefined || (refusal !== undefined && refusal.stamp === here?.stamp),
        acceptedAt: here && accepted?.stamp === here.stamp ? accepted.at : undefined,
      };
    },
    force: async (how, context) =>
      await single((await present.look())?.stamp, how === "renew" ? "force renew" : "establish", context),
    async replace(held) {
      await inLock(async () => {
        await present.look(true);
        await present.keep(held);
      });
    },
  };

  async function inLock<T>(work: () => Promise<T>): Promise<T> {
    return store === undefined ? await work() : await store.locked(work, !source.rotates);
  }
}

async function settled(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await unlessCancelled(work, signal);
  } catch {
    signal.throwIfAborted(); // how it ended is told to those who began it
  }
}
