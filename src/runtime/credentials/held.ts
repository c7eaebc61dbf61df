import { createHash } from "node:crypto";
import { z } from "zod";

/** What a credential came to at some time: tokens of OAuth 2, or the values and cookies of a session. */
export interface Held {
  /** Values by name, all of them secret; of OAuth 2 `accessToken` and, if there is one, `refreshToken`. */
  readonly values: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly obtainedAt: number;
  /** Milliseconds since the epoch, when the vendor told it. */
  readonly expiresAt?: number;
  /** The session's cookies, as their jar writes itself down. */
  readonly cookies?: object;
  /** The vendor said that nothing more will come of this: its error code. A person must sign in. */
  readonly refused?: string;
}

/** What says which seed something grew from, without giving the seed away: a salt and a digest, both in hex. */
export interface SeedMark {
  readonly salt: string;
  readonly digest: string;
}

/** What a state file holds. */
export interface Stored {
  readonly seed: SeedMark;
  readonly held: Held;
}

const STORED = z.object({
  version: z.literal(1),
  seed: z.object({ salt: z.string().regex(/^[0-9a-f]{32}$/), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  values: z.record(z.string(), z.string()),
  obtainedAt: z.number(),
  expiresAt: z.number().optional(),
  cookies: z.looseObject({}).optional(),
  refused: z.string().optional(),
});

/** Reads the text of a state file; `undefined` when it is none. */
export function parseStored(text: string): Stored | undefined {
  try {
    const { version: _, seed, expiresAt, cookies, refused, ...rest } = STORED.parse(JSON.parse(text));
    const held: Held = {
      ...rest,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(cookies && { cookies }),
      ...(refused !== undefined && { refused }),
    };
    return { seed, held };
  } catch {
    return undefined; // whatever it is, nothing of it is usable, and its text must not be shown
  }
}

/** The text of a state file. */
export function printStored({ seed, held }: Stored): string {
  return `${JSON.stringify({ version: 1, seed, ...held }, null, 2)}\n`;
}

/** Names what is held, so that two calls can tell whether they speak of the same. It says nothing of it. */
export function stampOf({ values }: Held): string {
  const sorted = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 32);
}

/** Whether the vendor said that it is over by now. */
export function isExpired({ expiresAt }: Held, now: number = Date.now()): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

/** A token is renewed after this part of its life, so that no call meets its end. */
const DUE_AFTER = 0.8;

/** Whether it is time for a new one. */
export function isDue({ obtainedAt, expiresAt }: Held, now: number = Date.now()): boolean {
  return expiresAt !== undefined && now >= obtainedAt + (expiresAt - obtainedAt) * DUE_AFTER;
}
