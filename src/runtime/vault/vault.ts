/**
 * Where secrets of people outlast the process: tokens of vendors, registered clients, grants. One small interface, behind which are files
 * (`file-vault.ts`), Redis for several machines (`redis-vault.ts`), or the memory of a sandbox.
 *
 * Values are JSON. A kind is a short word of `[a-z0-9._-]` (`acme.upstream`); an id may be any text and is never shown in a file name.
 */
export interface Vault {
  /** What lies there; undefined: nothing, or its time is over. */
  get(kind: string, id: string): Promise<unknown>;
  /** Puts something there, whatever was there before. Without a `ttlSeconds` it stays until it is deleted. */
  set(kind: string, id: string, value: unknown, ttlSeconds?: number): Promise<void>;
  /** @returns whether something was there. Of several who delete the same at once, one is told so. */
  delete(kind: string, id: string): Promise<boolean>;
  /** Everything of a kind whose time is not over, in no order. */
  list(kind: string): Promise<readonly VaultEntry[]>;
  /** Does work that only one process of those that share the vault may do at a time. Not to be nested under the same name. */
  locked<T>(kind: string, id: string, work: () => Promise<T>): Promise<T>;
}

/** One thing in a vault. */
export interface VaultEntry {
  readonly id: string;
  readonly value: unknown;
}
