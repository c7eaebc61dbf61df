import { type Held, type SeedMark, stampOf } from "./held.ts";
import { isMarkOf, markSeed, type Seed } from "./seed.ts";
import type { Source } from "./source.ts";
import type { CredentialStore } from "./store.ts";

/** What a credential shows now, and the name by which a call says what it was made with. */
export interface Current {
  readonly held: Held;
  readonly stamp: string;
}

/** What there is of a credential on this machine, by whichever process. */
export interface Present {
  seed(): Seed;
  /**
   * Whatever changed since the last look is seen: a login in another process, a new file of the user's.
   *
   * @param sure What is in the store must be known: something is about to be traded in.
   */
  look(sure?: boolean): Promise<Current | undefined>;
  /** Puts it in place of what there was, for every process. */
  keep(held: Held): Promise<Current>;
  /** Reads everything again, at the next look. */
  reload(): void;
}

/** What is told when something else is there than before: everything is, or what another process put in the store. */
export type OnNew = (what: "seed" | "stored") => void;

/** Looks after what there is: in the store, or else of the seed. */
export function presentCredential(source: Source, store: CredentialStore | undefined, onNew: OnNew): Present {
  let seed: Seed | undefined;
  let seedVersion: string | undefined;
  let version: string | undefined;
  let changes = 0;
  let mark: SeedMark | undefined;
  let current: (Current & { readonly from: "seed" | "store" | "here" }) | undefined;

  function readSeed(): Seed {
    const latest = source.seedVersion();
    if (seed && latest === seedVersion) return seed;
    const read = source.seed();
    seedVersion = latest;
    if (read.identity === seed?.identity) return seed;
    seed = read;
    [current, mark, version] = [undefined, undefined, undefined];
    onNew("seed");
    changes += 1;
    return seed;
  }

  return {
    seed: readSeed,
    async look(sure = false) {
      const from = readSeed();
      const before = changes;
      const seen = store === undefined ? "same" : await store.look(version, sure);
      // What was put in place while this waited is newer than what it may have seen; whoever holds the lock sees the newest.
      if (seen !== "same" && (sure || changes === before)) {
        version = seen.version;
        changes += 1;
        if (seen.stored && isMarkOf(seen.stored.seed, from)) {
          mark = seen.stored.seed;
          onNew("stored");
          current = { held: seen.stored.held, stamp: stampOf(seen.stored.held), from: "store" };
        } else if (current?.from === "store") current = undefined; // somebody signed out, or in for another seed
      }
      if (current) return current;
      const held = await source.initial(from);
      current ??= held && { held, stamp: stampOf(held), from: "seed" };
      return current;
    },
    async keep(held) {
      mark ??= store && markSeed(readSeed());
      const kept = store && mark && (await store.write({ seed: mark, held }));
      current = { held, stamp: stampOf(held), from: kept === undefined ? "here" : "store" };
      version = kept ?? version;
      changes += 1;
      return current;
    },
    reload() {
      [seedVersion, version] = [undefined, undefined];
    },
  };
}
