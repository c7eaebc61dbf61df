import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLIENTS, type TestClient } from "./fixture/clients.ts";
import { serveAcme } from "./fixture/serve.ts";
import { PNG } from "./fixture/vendor.ts";

let acme: Awaited<ReturnType<typeof serveAcme>>;
beforeAll(async () => {
  acme = await serveAcme();
});
afterAll(() => acme.close());

describe.each(CLIENTS)("over HTTP, $kind", ({ connect }) => {
  let client: TestClient;
  beforeAll(async () => {
    client = await connect(acme);
  });
  afterAll(() => client.close());

  test("is told where it is", () => {
    expect(client.getServerVersion()).toMatchObject({ name: "acme", title: "Acme (SANDBOX)", version: "1.2.3" });
    expect(client.getInstructions()).toBe(
      "SANDBOX: these answers come from a stand-in for Acme with invented data. Nothing here reaches the real Acme.\n\n" +
        "Thing ids are numbers.\n\nThe person who asks is agent_id 42.",
    );
  });

  test("lists the tools, in the order of the catalog", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "createThing",
      "downloadThing",
      "fetchThing",
      "fetchThings",
      "uploadThing",
    ]);
    expect(tools[2]).toMatchObject({
      title: "Fetch thing",
      description: "One thing by its id.",
      annotations: { readOnlyHint: true },
      inputSchema: { type: "object", required: ["thing_id"], additionalProperties: false },
    });
  });

  test("gets the same data as text and as structured content", async () => {
    const result = await client.callTool({ name: "fetchThing", arguments: { thing_id: 3 } });
    expect(result.isError ?? false).toBe(false);
    expect(result.structuredContent).toEqual({ id: 3, name: "thing 3" });
    expect(result.content).toEqual([{ type: "text", text: '{"id":3,"name":"thing 3"}' }]);
  });

  test("pages through a list and hears of progress, which only grows", async () => {
    const progress: number[] = [];
    const ids: unknown[] = [];
    let cursor: string | undefined;
    do {
      const args = { limit: 20, ...(cursor !== undefined && { cursor }) };
      const result = await client.callTool(
        { name: "fetchThings", arguments: args },
        { onprogress: ({ progress: done }) => progress.push(done) },
      );
      const page = result.structuredContent as { items: { id: number }[]; next_cursor?: string };
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
      expect(progress.every((done, i) => i === 0 || done > (progress[i - 1] ?? 0))).toBe(true);
      progress.length = 0;
    } while (cursor !== undefined);
    expect(ids).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  test("a write reaches the vendor once, with its body", async () => {
    const before = acme.vendor.seen.length;
    const result = await client.callTool({ name: "createThing", arguments: { name: "new" } });
    expect(result.structuredContent).toEqual({ id: 26, name: "new" });
    expect(acme.vendor.seen.slice(before).map(({ method }) => method)).toEqual(["POST"]);
  });

  test("a file comes back as what it is", async () => {
    const { content, structuredContent } = await client.callTool({ name: "downloadThing", arguments: { thing_id: 1 } });
    expect(content[1]).toMatchObject({ type: "image", mimeType: "image/png", data: PNG.toString("base64") });
    expect(structuredContent).toMatchObject({ mime_type: "image/png", bytes: PNG.length });
  });

  test.each([
    ["an argument that is missing", { name: "fetchThing", arguments: {} }, /thing_id/],
    ["an argument that is not known", { name: "fetchThing", arguments: { thing_id: 1, thing: 2 } }, /thing/],
    ["a thing that is not there", { name: "fetchThing", arguments: { thing_id: 99 } }, /Acme/],
    [
      "T38 a path on this server",
      { name: "uploadThing", arguments: { thing_id: 1, attachment: { path: "/etc/passwd" } } },
      /base64/,
    ],
  ])("%s is an error that the model can read, without structured content", async (_what, params, says) => {
    const result = await client.callTool(params);
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
    expect(result.content).toHaveLength(1);
    expect(result.content[0]?.text).toMatch(says);
    expect(result.content[0]?.text).not.toMatch(/http|canary|at \w+ \(|node_modules/);
  });

  test.each(["fetchNothing", "toString", "__proto__", "constructor"])(
    "an unknown tool (%s) is a protocol error",
    async (name) => {
      await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: -32602 });
    },
  );

  test("a client that gives up ends the call at the vendor, if its revision can say so", async () => {
    const before = acme.vendor.seen.length;
    const abort = new AbortController();
    const call = client.callTool(
      { name: "fetchThing", arguments: { thing_id: 1, wait_ms: 5_000 } },
      { signal: abort.signal },
    );
    const ended = call.then(
      () => "answered",
      () => "given up",
    );
    await expect.poll(() => acme.vendor.seen.length).toBe(before + 1);
    abort.abort();
    expect(await ended).toBe("given up");
    // An older client sends its notice to an instance that knows nothing of the call: only leaving ends it (reference/mcp.md §3.7).
    if (!isLegacy(client)) await expect.poll(() => acme.vendor.seen.at(-1)?.aborted).toBe(true);
  });

  function isLegacy(of: TestClient): boolean {
    return (
      !("getNegotiatedProtocolVersion" in of) || (of.getNegotiatedProtocolVersion as () => string)() !== "2026-07-28"
    );
  }
});
