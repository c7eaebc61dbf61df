import type { Server } from "node:http";
import { errorCode } from "../load/file-fault.ts";
import { StartError } from "../load/start-error.ts";

/** Where a server listens. */
export interface Place {
  readonly port: number;
  /** An address, or a name; IPv6 with or without brackets. */
  readonly host: string;
  /** The option that says so: `--http`. */
  readonly option: string;
}

/** Connections that come in one moment wait for us in the kernel. Beyond Node's 511 a client would try again after a second, then after three. */
const BACKLOG = 2_048;

/**
 * Binds a server.
 *
 * @throws {StartError} saying what to change, when the address cannot be bound.
 */
export async function listen(server: Server, { port, host, option }: Place): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: host.replace(/^\[(.*)\]$/, "$1"), backlog: BACKLOG }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === "EADDRINUSE") {
      throw new StartError(
        `port ${port} on ${host} is in use`,
        `stop what listens there, or choose another port: ${option} ${port + 1}`,
      );
    }
    if (code === "EACCES")
      throw new StartError(`port ${port} may not be used by this user`, `choose a port above 1023: ${option} 8000`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new StartError(
        `${host} is no address of this machine`,
        "name an address that `ip addr` shows, or none: then it is this machine's alone",
      );
    }
    throw error;
  }
}
