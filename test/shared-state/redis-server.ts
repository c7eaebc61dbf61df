import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { endedWithTests } from "../children.ts";

/** Debian's `redis-server`, or whatever REDIS_SERVER says: `valkey-server` does as well. */
const REDIS_SERVER = process.env["REDIS_SERVER"] ?? "redis-server";

/** False: there is no Redis here, and the tests of what replicas share are left out, loudly. */
export const hasRedis = spawnSync(REDIS_SERVER, ["--version"]).status === 0;
if (!hasRedis) console.warn(`NOT TESTED: what replicas share, for want of ${REDIS_SERVER}; set REDIS_SERVER`);

/** The password of the servers that tests start; it must turn up nowhere. */
export const PASSWORD = "canary-of-a-redis-password";
/** A secret that replicas share. */
export const SECRET = "one long secret that replicas share";

/** A Redis of a test's own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Variables of a replica. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asks as somebody who can read everything. */
  command(...args: readonly string[]): Promise<unknown>;
  /** Every key with everything that it holds, as text. */
  everything(): Promise<Readonly<Record<string, string>>>;
  /** `SIGSTOP`: it takes what it is sent and does not answer; `SIGCONT` lets it. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, with what it kept on the disk. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Redis on a free port, with a folder and a password of its own, that writes down everything it is given. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-redis-"));
  const port = await freePort();
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
  let child = await run(port, folder);
  const command = async (...args: readonly string[]): Promise<unknown> => {
    const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return await client.sendCommand([...args]);
    } finally {
      client.destroy();
    }
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return {
    port,
    url,
    environment: { TOOLWRIGHT_REDIS_URL: url, TOOLWRIGHT_SECRET: SECRET },
    command,
    async everything() {
      const keys = (await command("KEYS", "*")) as readonly string[]; // of a server of the test's own
      const read = keys.map(async (key) => {
        const type = await command("TYPE", key);
        const ask = type === "zset" ? ["ZRANGE", key, "0", "-1", "WITHSCORES"] : ["GET", key];
        return [key, JSON.stringify(await command(...ask))] as const;
      });
      return Object.fromEntries(await Promise.all(read));
    },
    signal: (signal) => void child.kill(signal),
    kill,
    async start() {
      child = await run(port, folder);
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(port: number, folder: string) {
  const options = {
    port,
    bind: "127.0.0.1",
    dir: folder,
    requirepass: PASSWORD,
    appendonly: "yes",
    appendfsync: "always",
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = endedWithTests(spawn(REDIS_SERVER, [...args, "--save", ""], { stdio: ["ignore", "pipe", "inherit"] }));
  let said = "";
  await new Promise<void>((ready, fail) => {
    child.once("exit", () => fail(new Error(`Redis ended; it said:\n${said}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (/ready to accept connections/i.test(said)) ready();
    });
  });
  return child;
}

/** A port that nobody listened at a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  server.close();
  await once(server, "close");
  return port;
}
