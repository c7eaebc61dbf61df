import { lockedInRedis } from "../shared-state/lock.ts";
import type { SharedState } from "../shared-state/shared-state.ts";
import { seal, unseal } from "../sealing/seal.ts";
import type { Stored } from "./held.ts";
import type { CredentialStore } from "./store.ts";
import { warnOnce } from "../warn.ts";

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
  /** What could not be kept, and what lay there then. */
  let unkept: { readonly text: string; readonly before: string | undefined } | undefined;

  const get = async (sure: boolean): Promise<string | null | undefined> => {
    if (sure) return await shared.ask(async (client) => await client.get(key));
    return (await shared.quickly(async (client) => await client.get(key)))?.value;
  };
  const locked: CredentialStore["locked"] = async (work, harmless = false) =>
    await lockedInRedis(shared, lock, work, harmless);

  async function isOurs(sure: boolean): Promise<boolean> {
    try {
      await shared.refuseForeign();
      return true;
    } catch (error) {
      if (sure) throw error;
      return false;
    }
  }

  /** Puts there what could not be kept, unless somebody has put something else there. */
  async function keepUnkept(): Promise<void> {
    const late = unkept;
    if (late && ((await get(true)) ?? undefined) === late.before)
      await shared.ask(async (client) => await client.set(key, late.text));
    if (unkept === late) unkept = undefined;
  }

  function keepLater(): void {
    shared.whenBack(() => {
      locked(keepUnkept).catch(keepLater); // it went again
    });
  }

  return {
    async look(known, sure) {
      const text = await get(sure);
      if (text === undefined || (text ?? undefined) === known) return "same";
      const sealed = text === null ? undefined : await unseal(keys, text);
      if (text !== null && !sealed && !(await isOurs(sure))) return "same";
      seen = text ?? undefined;
      if (text === null) return { version: undefined, stored: undefined };
      const own = sealed?.kind === KIND && sealed.id === name;
      if (!own)
        warnOnce(`the credential ${name} in Redis was sealed with another secret or changed: it counts as absent`);
      return { version: text, stored: own ? (sealed.value as Stored) : undefined }; // as `write` sealed it
    },
    async write(stored) {
      const text = await seal(keys, { kind: KIND, id: name, value: stored });
      try {
        await shared.ask(async (client) => await client.set(key, text));
        [seen, unkept] = [text, undefined];
        return text;
      } catch {
        warnOnce(`the credential ${name} cannot be kept in Redis now: this process holds it until it can`);
        if (!unkept) keepLater();
        unkept = { text, before: seen };
        return undefined;
      }
    },
    remove: async () => (await shared.ask(async (client) => await client.del(key))) > 0,
    locked,
  };
}
