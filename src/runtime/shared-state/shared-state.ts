import { createHash, createHmac } from "node:crypto";
import type { Environment } from "../load/environment.ts";
import { StartError } from "../load/start-error.ts";
import type { KeyRing } from "../sealing/key-ring.ts";
import { type Connection, openConnection } from "./connection.ts";
import { type SharedSettings, sharedSettings } from "./settings.ts";

/** What the replicas of a deployment share, in Redis or Valkey. */
export interface SharedState extends Connection {
  readonly settings: SharedSettings;
  /** Of the secret that replicas share. */
  readonly ring: KeyRing;
  /** The key of something: `toolwright:default:<parts>`. What identifies a person is a digest before it becomes a part. */
  key(...parts: readonly string[]): string;
  /** Names what could be guessed, such as an address, by what only servers with the secret can work out. */
  nameOf(text: string): string;
  /** @throws {StartError} when Redis cannot be reached at the start of a server that is of no use without. */
  mustBeReached(): Promise<void>;
  /** Takes something that counts once over all replicas. @returns whether this was the first time within so many seconds. */
  takeOnce(key: string, seconds: number): Promise<boolean>;
}

const opened = new Map<string, SharedState>();

/**
 * What replicas share, as the environment says; undefined: nothing. One connection for all APIs of a process, opened when something is asked
 * for, or begun.
 *
 * @throws {StartError} as {@link sharedSettings}.
 */
export function openSharedState(environment: Environment): SharedState | undefined {
  const settings = sharedSettings(environment);
  if (!settings) return undefined;
  const { url, prefix, replicas, ring } = settings;
  const keys = ring.keysFor("shared state").map(({ id }) => id);
  const place = createHash("sha256")
    .update(JSON.stringify([url, prefix, replicas, keys]))
    .digest("hex");
  const known = opened.get(place);
  if (known) return known;
  const connection = openConnection(settings);
  const [names] = ring.keysFor("names");
  if (!names) throw new Error("a key ring has a key");
  const made: SharedState = {
    ...connection,
    settings,
    ring,
    key: (...parts) => `${prefix}${parts.join(":")}`,
    nameOf: (text) => createHmac("sha256", names.key).update(text).digest("hex").slice(0, 32),
    async mustBeReached() {
      const { reachable, why } = await connection.reached();
      if (reachable) return;
      throw new StartError(
        `Redis at ${settings.shown} cannot be used (${why ?? "closed"}), and people's sign-ins are kept there`,
        "start it, or check TOOLWRIGHT_REDIS_URL",
      );
    },
    takeOnce: async (key, seconds) =>
      (await connection.ask(
        async (client) =>
          await client.set(key, "1", { condition: "NX", expiration: { type: "EX", value: Math.ceil(seconds) } }),
      )) !== null,
    close() {
      opened.delete(place);
      connection.close();
    },
  };
  opened.set(place, made);
  return made;
}
