import { queues } from "./queues.ts";
import type { Vault } from "./vault.ts";

/** A vault that ends with the process: for sandboxes. */
export function memoryVault(): Vault {
  const kinds = new Map<string, Map<string, { readonly text: string; readonly expiresAt: number }>>();
  const alone = queues();
  const things = (kind: string) => {
    const found = kinds.get(kind) ?? new Map<string, { readonly text: string; readonly expiresAt: number }>();
    kinds.set(kind, found);
    for (const [id, { expiresAt }] of found) if (Date.now() >= expiresAt) found.delete(id);
    return found;
  };
  return {
    async get(kind, id) {
      const found = things(kind).get(id);
      return found && (JSON.parse(found.text) as unknown);
    },
    async set(kind, id, value, ttlSeconds) {
      const expiresAt = ttlSeconds === undefined ? Infinity : Date.now() + ttlSeconds * 1000;
      things(kind).set(id, { text: JSON.stringify(value), expiresAt }); // a copy, as a file is one
    },
    delete: async (kind, id) => things(kind).delete(id),
    list: async (kind) => [...things(kind)].map(([id, { text }]) => ({ id, value: JSON.parse(text) as unknown })),
    locked: async (kind, id, work) => await alone(`${kind} ${id}`, work),
  };
}
