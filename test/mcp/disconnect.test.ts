import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { legacy, modern } from "./fixture/raw.ts";
import { serveAcme } from "./fixture/serve.ts";

let acme: Awaited<ReturnType<typeof serveAcme>>;
let collectGarbage: () => void;
beforeAll(async () => {
  setFlagsFromString("--expose-gc");
  collectGarbage = runInNewContext("gc") as () => void; // what the flag adds
  acme = await serveAcme();
});
afterAll(() => acme.close());

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const params = { name: "fetchThing", arguments: { thing_id: 1, wait_ms: 10_000 } };

test.each([
  ["2026-07-28", modern("tools/call", params)],
  ["before", legacy("tools/call", params)],
])("74 a client that leaves ends its call at the vendor, even after a garbage collection (%s)", async (_era, given) => {
  for (let round = 0; round < 3; round++) {
    const before = acme.vendor.seen.length;
    const leave = new AbortController();
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...given.headers,
    };
    const call = fetch(acme.url, {
      method: "POST",
      body: given.body,
      headers: headers as Record<string, string>,
      signal: leave.signal,
    });
    const ended = call.then((answer) => answer.text()).catch(() => "left");
    await expect.poll(() => acme.vendor.seen.length - before, { interval: 5, timeout: 5_000 }).toBe(1);
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await wait(10); // what is collected is let go of in a task of its own
    }
    leave.abort();
    expect(await ended).toBe("left");
    await expect.poll(() => acme.vendor.seen[before]?.aborted, { interval: 5, timeout: 5_000 }).toBe(true);
    expect(acme.vendor.seen).toHaveLength(before + 1);
  }
});
