import { createHash } from "node:crypto";

/** Requests that are remembered. */
const MOST = 5_000;
/** Headers whose values are credentials, whatever the vendor. */
const CREDENTIALS = ["authorization", "cookie"];

/** One request as it is remembered: what was asked with which credential, never the credential itself. */
export interface Entry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly server: string;
  readonly method: string;
  /** Path with query, as it was sent. */
  readonly path: string;
  /** Names of all headers. */
  readonly headers: readonly string[];
  /** Header → the first 16 hex digits of the SHA-256 of its value. */
  readonly credentials: Readonly<Record<string, string>>;
  operation?: string;
  /** Key of the user. */
  user?: unknown;
  status?: number;
  /** Lower-case names of headers that must not have come. */
  violations?: readonly string[];
}

/** What was asked, and how often what was given out. */
export interface Ledger {
  enter(request: Omit<Entry, "credentials" | "headers" | "time">, headers: Readonly<Record<string, string>>): Entry;
  entries(): readonly Entry[];
  count(what: string): void;
  counters(): Readonly<Record<string, number>>;
}

/** @param secret names of headers whose values are credentials of this vendor. */
export function createLedger(secret: readonly string[], clock: () => number): Ledger {
  const entries: Entry[] = [];
  const counters = new Map<string, number>();
  const hidden = new Set([...CREDENTIALS, ...secret]);
  return {
    enter(request, headers) {
      const credentials = Object.entries(headers)
        .filter(([name]) => hidden.has(name))
        .map(([name, value]) => [name, hashOf(value)] as const);
      const entry = {
        time: clock(),
        ...request,
        headers: Object.keys(headers),
        credentials: Object.fromEntries(credentials),
      };
      entries.push(entry);
      if (entries.length > MOST) entries.shift();
      return entry;
    },
    entries: () => entries,
    count: (what) => void counters.set(what, (counters.get(what) ?? 0) + 1),
    counters: () => Object.fromEntries(counters),
  };
}

/** A credential as it may be shown: enough to tell two apart. */
function hashOf(credential: string): string {
  return createHash("sha256").update(credential).digest("hex").slice(0, 16);
}
