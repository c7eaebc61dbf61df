import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACME, bundle } from "./fixture/bundle.ts";
import { CLIENTS, type TestClient } from "./fixture/clients.ts";
import { startVendor } from "./fixture/vendor.ts";

let program: Awaited<ReturnType<typeof bundle>>;
let vendor: Awaited<ReturnType<typeof startVendor>>;
beforeAll(async () => {
  [program, vendor] = await Promise.all([bundle(resolve(import.meta.dirname, "fixture/program.ts")), startVendor()]);
}, 60_000);
afterAll(async () => {
  program.remove();
  await vendor.close();
});

describe.each(CLIENTS)("over stdio, $kind", ({ connect }) => {
  let client: TestClient;
  beforeAll(async () => {
    client = await connect({ command: process.execPath, args: [program.program, ACME, vendor.url, "stdio"] });
  });
  afterAll(() => client.close());

  test("is told where it is", () => {
    expect(client.getServerVersion()).toMatchObject({ name: "acme", title: "Acme (SANDBOX)" });
    expect(client.getInstructions()).toMatch(/^SANDBOX: /);
  });

  test("lists and calls", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "createThing",
      "downloadThing",
      "fetchThing",
      "fetchThings",
      "uploadThing",
    ]);
    const result = await client.callTool({ name: "fetchThing", arguments: { thing_id: 3 } });
    expect(result.structuredContent).toEqual({ id: 3, name: "thing 3" });
    expect(result.content[0]?.text).toBe('{"id":3,"name":"thing 3"}');
  });

  test("hears of progress when several pages are read", async () => {
    const progress: number[] = [];
    const result = await client.callTool(
      { name: "fetchThings", arguments: { limit: 25 } },
      { onprogress: ({ progress: done }) => progress.push(done) },
    );
    expect(result.structuredContent?.["items"]).toHaveLength(25);
    // The last is sent with the answer, and a client stops listening when it has that.
    expect([...progress.slice(0, 2), 25]).toEqual([10, 20, 25]);
    expect(progress.slice(2).every((done) => done === 25)).toBe(true);
  });

  test("an unknown tool is a protocol error, a bad argument one for the model", async () => {
    await expect(client.callTool({ name: "fetchNothing" })).rejects.toMatchObject({ code: -32602 });
    const result = await client.callTool({ name: "fetchThing", arguments: { thing_id: "3" } });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
  });

  test("74 a call that is given up ends at the vendor within 100 ms", async () => {
    const before = vendor.seen.length;
    const abort = new AbortController();
    const call = client.callTool(
      { name: "fetchThing", arguments: { thing_id: 1, wait_ms: 5_000 } },
      { signal: abort.signal },
    );
    const ended = call.catch(() => "given up");
    await expect.poll(() => vendor.seen.length, { interval: 5 }).toBe(before + 1);
    abort.abort();
    expect(await ended).toBe("given up");
    await expect.poll(() => vendor.seen[before]?.aborted, { interval: 5, timeout: 5_000 }).toBe(true);
    expect(vendor.seen).toHaveLength(before + 1);
  });
});
