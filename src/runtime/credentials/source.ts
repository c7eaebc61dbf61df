import type { CallContext } from "../deployment.ts";
import type { Held } from "./held.ts";
import type { Seed } from "./seed.ts";

/** Where what a credential shows comes from: OAuth 2, or a session. */
export interface Source {
  /** Reads what there is to begin with. */
  seed(): Seed;
  /** Tells when to read it again. */
  seedVersion(): string | undefined;
  /** What a seed gives by itself; `undefined`: nothing. Nothing is sent. */
  initial(seed: Seed): Promise<Held | undefined>;
  /** Whether a request can be made with it now. */
  isUsable(held: Held): boolean;
  /** Whether what is usable had better be made a session of right away, while it still can. */
  beginsAtOnce(held: Held): boolean;
  /**
   * Gets something new out of what is held, or of the seed.
   *
   * @throws {RefusedError} when only a person can help; a `Problem` when it may work later.
   */
  renew(held: Held | undefined, seed: Seed, context: CallContext): Promise<Held>;
  /** Begins anew, whatever is held. Throws as {@link renew} does. */
  establish(seed: Seed, context: CallContext): Promise<Held>;
  /** What is held is traded in for what comes next: two who do so at once end it. */
  readonly rotates: boolean;
  /** What a refusal means for what is held: for ever, until somebody signs in; otherwise for a while. */
  readonly refusalLasts: boolean;
}

/** The vendor refused to give anything new; trying again changes nothing. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  /** What happened, after the vendor's name: `no longer accepts this server's sign-in (invalid_grant)`. */
  readonly why: string;
  /** There was nothing to be refused: nobody has signed in yet. */
  readonly nothingHeld: boolean;

  constructor(why: string, nothingHeld = false) {
    super(why);
    this.why = why;
    this.nothingHeld = nothingHeld;
  }
}
