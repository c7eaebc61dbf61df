import { lockedInRedis } from "../shared-state/lock.ts";
import type { SharedState } from "../shared-state/shared-state.ts";
import { seal, unseal } from "../vault/seal.ts";
import type { Stored } from "./held.ts";
import type { CredentialStore } from "./store.ts";
import { warnOnce } from "./warn.ts";

const KIND = "credential";

/**
 * Keeps a credential in what replicas share, sealed. Every look is one question to Redis; while that is away, what this process has goes on
 * being used, and nothing is renewed that two could not renew at once.
 *
 * @param name Of the credential and the places that it is for.
 */
export function redisStore(shared: SharedState, name: string): CredentialStore {
  const keys = shared.ring.keysFor("credentials");
  const [key, lock] = [shared.key(KIND, name), shared.key("lock", KIND, name)];
  let seen: string | undefined;

  const get = async (sure: boolean): Promise<string | null | undefined> => {
    if (sure) return await shared.ask(async (client) => await client.get(key));
    return (await shared.quickly(async (client) => await client.get(key)))?.value;
  };
  const locked: CredentialStore["locked"] = async (work, harmless = false) =>
    await lockedInRedis(shared, lock, work, harmless);

  /** Once Redis is back, unless somebody has put something else there. */
  async function keepLater(text: string): Promise<void> {
    const before = seen;
    shared.whenBack(() => {
      const work = async () => {
        if (((await get(true)) ?? undefined) === before)
          await shared.ask(async (client) => await client.set(key, text));
      };
      locked(work).catch(() => void keepLater(text)); // it went again
    });
  }

  return {
    async look(known, sure) {
      const text = await get(sure);
      if (text === undefined || (text ?? undefined) === known) return "same";
      seen = text ?? undefined;
      if (text === null) return { version: undefined, stored: undefined };
      const sealed = await unseal(keys, text);
      const own = sealed?.kind === KIND && sealed.id === name;
      if (!own)
        warnOnce(`the credential ${name} in Redis was sealed with another secret or changed: it counts as absent`);
      return { version: text, stored: own ? (sealed.value as Stored) : undefined }; // as `write` sealed it
    },
    async write(stored) {
      const text = await seal(keys, { kind: KIND, id: name, value: stored });
      try {
        await shared.ask(async (client) => await client.set(key, text));
        seen = text;
        return text;
      } catch {
        warnOnce(`the credential ${name} cannot be kept in Redis now: this process holds it until it can`);
        void keepLater(text);
        return undefined;
      }
    },
    remove: async () => (await shared.ask(async (client) => await client.del(key))) > 0,
    locked,
  };
}
