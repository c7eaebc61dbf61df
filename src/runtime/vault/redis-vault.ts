import { lockedInRedis } from "../shared-state/lock.ts";
import type { SharedState } from "../shared-state/shared-state.ts";
import { digestOfId } from "../sealing/digest.ts";
import { queues } from "./queues.ts";
import { seal, type Sealed, unseal } from "../sealing/seal.ts";
import type { Vault } from "./vault.ts";

/**
 * A vault in what replicas share: each thing is sealed as in a file (`file-vault.ts`) under `…:vault:<kind>:<digest of the id>`, and ends
 * there when its time is over. What there is of a kind is told by a sorted set, in the order in which it ends.
 *
 * Everything throws a {@link Problem} `internal`, to be tried again, while Redis is away.
 */
export function redisVault(shared: SharedState): Vault {
  const keys = shared.ring.keysFor("vault");
  const alone = queues();
  const keyOf = (kind: string, digest: string): string => shared.key("vault", kind, digest);
  const indexOf = (kind: string): string => shared.key("kind", kind);

  /** What was put under another name by whoever can write there is not what is looked for. */
  const open = async (text: string | null, kind: string, digest: string): Promise<Sealed | undefined> => {
    const sealed = text === null ? undefined : await unseal(keys, text);
    if (text !== null && !sealed) await shared.refuseForeign();
    if (sealed?.kind !== kind || digestOfId(sealed.id) !== digest) return undefined;
    return sealed.expiresAt !== undefined && Date.now() >= sealed.expiresAt ? undefined : sealed;
  };
  const get = async (kind: string, id: string): Promise<Sealed | undefined> => {
    const digest = digestOfId(id);
    return await open(await shared.ask(async (client) => await client.get(keyOf(kind, digest))), kind, digest);
  };

  return {
    get: async (kind, id) => (await get(kind, id))?.value,
    async set(kind, id, value, ttlSeconds) {
      const expiresAt = ttlSeconds === undefined ? undefined : Date.now() + ttlSeconds * 1000;
      const text = await seal(keys, { kind, id, value, ...(expiresAt !== undefined && { expiresAt }) });
      const [digest, index] = [digestOfId(id), indexOf(kind)];
      const lifeMs = ttlSeconds === undefined ? undefined : Math.max(1, Math.ceil(ttlSeconds * 1000));
      await shared.ask(
        async (client) =>
          await client
            .multi()
            .set(keyOf(kind, digest), text, lifeMs === undefined ? {} : { expiration: { type: "PX", value: lifeMs } })
            .zAdd(index, { value: digest, score: expiresAt ?? Infinity })
            .zRemRangeByScore(index, "-inf", Date.now())
            .exec(),
      );
    },
    async delete(kind, id) {
      const digest = digestOfId(id);
      const [removed] = await shared.ask(
        async (client) => await client.multi().del(keyOf(kind, digest)).zRem(indexOf(kind), digest).exec(),
      );
      return Number(removed) > 0;
    },
    async list(kind) {
      const { digests, texts } = await shared.ask(async (client) => {
        const members = await client.zRangeByScore(indexOf(kind), Date.now(), "+inf");
        const found = members.length === 0 ? [] : await client.mGet(members.map((one) => keyOf(kind, one)));
        return { digests: members, texts: found };
      });
      const opened = await Promise.all(digests.map(async (digest, at) => await open(texts[at] ?? null, kind, digest)));
      return opened.flatMap((sealed) => (sealed ? [{ id: sealed.id, value: sealed.value }] : []));
    },
    async locked(kind, id, work) {
      const key = shared.key("lock", kind, digestOfId(id));
      return await alone(key, async () => await lockedInRedis(shared, key, work));
    },
  };
}
