import { ForeignError } from "./away.ts";
import type { Client } from "./client.ts";
import type { SharedSettings } from "./settings.ts";

/**
 * Keeps two deployments that were given the same keys from each other's: the first leaves a mark of its secret there, which says nothing
 * of it, and who has another secret stays away.
 *
 * @throws {ForeignError} when the mark is of no secret that this server has.
 */
export async function refuseForeignKeys(client: Client, { prefix, ring }: SharedSettings): Promise<void> {
  const key = `${prefix}owner`;
  const own = ring.keysFor("shared state").map(({ id }) => id);
  const [newest = ""] = own;
  const mark = (await client.set(key, newest, { condition: "NX" })) === null ? await client.get(key) : newest;
  if (mark === null || mark === newest) return;
  if (own.includes(mark)) return void (await client.set(key, newest)); // the secret was replaced
  throw new ForeignError("these keys belong to servers with another TOOLWRIGHT_SECRET: set TOOLWRIGHT_DEPLOYMENT");
}
