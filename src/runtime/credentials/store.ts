import type { Stored } from "./held.ts";

/** Where what one credential came to outlives the process: a file (`file-store.ts`), or Redis (`redis-store.ts`). */
export interface CredentialStore {
  /**
   * Looks whether something changed.
   *
   * @param known The version that was seen last.
   * @param sure An answer is needed: throws a `Problem` rather than saying `same` when nobody can look.
   */
  look(known: string | undefined, sure: boolean): Promise<"same" | Seen>;
  /**
   * Replaces what is there. Only the holder of its lock may.
   *
   * @returns the version that it is now; undefined: it lasts no longer than this process, which the operator was told.
   */
  write(stored: Stored): Promise<string | undefined>;
  /** @returns whether there was something. Only the holder of its lock may. */
  remove(): Promise<boolean>;
  /**
   * Does work that only one process at a time may do.
   *
   * @param harmless It may be done without a lock where none is to be had.
   */
  locked<T>(work: () => Promise<T>, harmless?: boolean): Promise<T>;
}

/** What lies in a store. */
export interface Seen {
  /** Tells this state from the next; undefined: nothing is there. */
  readonly version: string | undefined;
  /** Undefined: nothing, or nothing that can be understood. */
  readonly stored: Stored | undefined;
}
