import type { SharedSettings } from "./settings.ts";

/** A client of Redis or Valkey, as its library has it. */
export type Client = Awaited<ReturnType<typeof makeClient>>;

/** Makes a client that has not connected yet. It is for one connection: what comes after it is lost is not the library's to decide. */
export async function makeClient({ url }: SharedSettings, connectTimeout: number) {
  const { createClient } = await import("@redis/client"); // read only where replicas share something
  return createClient({
    url,
    RESP: 2, // what every version, and every proxy, of Redis and Valkey speaks
    disableOfflineQueue: true, // what cannot be sent now is not to be counted later
    commandOptions: { timeout: 0 }, // who asks has a time of his own; the library's would be a timer for each command
    socket: { connectTimeout, reconnectStrategy: false },
  });
}
