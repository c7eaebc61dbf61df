import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { selfSigned } from "../access/proxy/fixture/tls.ts";
import { bundlePrograms } from "./programs.ts";
import { hasRedis, PASSWORD, startRedis } from "./redis-server.ts";

test.skipIf(!hasRedis)(
  "5 rediss:// is TLS to a server that is known, and to no other: nothing is sent to it",
  async () => {
    const [redis, programs] = await Promise.all([startRedis(), bundlePrograms(["calling-program"])]);
    const own = selfSigned();
    const folder = mkdtempSync(join(tmpdir(), "toolwright-ca-"));
    writeFileSync(join(folder, "ca.pem"), own.cert);
    let received = 0;
    const front = createServer(own, (socket) => {
      const inner = connect(redis.port, "127.0.0.1");
      socket.on("data", (bytes: Buffer) => (received += bytes.length));
      for (const end of [socket, inner]) end.on("error", () => undefined);
      socket.pipe(inner).pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(front, "listening");
    onTestFinished(async () => {
      front.close();
      programs.remove();
      rmSync(folder, { recursive: true, force: true });
      await redis.close();
    });
    const { port } = front.address() as AddressInfo; // a TCP server that listens
    const call = async (more: Readonly<Record<string, string>>) => {
      const url = `rediss://:${PASSWORD}@localhost:${port}`;
      const environment = { ...redis.environment, TOOLWRIGHT_REDIS_URL: url, ...more };
      const running = programs.run("calling-program", ["http://127.0.0.1:9", "2/minute", "6", "1", "0"], environment);
      return { out: await running.ended, err: running.err() };
    };
    const stranger = await call({});
    expect(stranger.err).toContain(`Redis at rediss://localhost:${port} cannot be used (DEPTH_ZERO_SELF_SIGNED_CERT)`);
    expect([received, Object.keys(await redis.everything())]).toEqual([0, []]);
    const known = await call({ NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") });
    expect(known.out.split("-").length - 1).toBe(4); // two of six were let through, to a vendor that is not there
    expect(known.err).not.toContain("Redis at");
    expect(Object.keys(await redis.everything()).some((key) => key.endsWith(":calls:minute"))).toBe(true);
  },
  60_000,
);
