import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACME } from "./fixture/bundle.ts";
import { legacy, modern, raw } from "./fixture/raw.ts";
import { serveAcme } from "./fixture/serve.ts";

let acme: Awaited<ReturnType<typeof serveAcme>>;
beforeAll(async () => {
  acme = await serveAcme();
});
afterAll(() => acme.close());

const send = (given: Parameters<typeof raw>[1]) => raw(acme.url, given);
const call = (args: unknown) => modern("tools/call", { name: "fetchThing", arguments: args });

describe("2026-07-28", () => {
  const serverInfo = {
    "io.modelcontextprotocol/serverInfo": { name: "acme", title: "Acme (SANDBOX)", version: "1.2.3" },
  };

  test("server/discover says what there is and how long it holds", async () => {
    const { status, json } = await send(modern("server/discover"));
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      resultType: "complete",
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: { listChanged: false } },
      ttlMs: 300_000,
      cacheScope: "public",
      _meta: serverInfo,
    });
  });

  test("tools/list is the catalog, and the same every time", async () => {
    const [one, two] = [await send(modern("tools/list")), await send(modern("tools/list"))];
    const catalog = JSON.parse(readFileSync(join(ACME, "catalog.json"), "utf8")) as { tools: unknown[] };
    const { tools, ...rest } = one.json.result ?? {};
    expect((tools as unknown[]).slice(0, 4)).toEqual(catalog.tools.slice(0, 4)); // the fifth loses its path
    expect(rest).toEqual({ resultType: "complete", ttlMs: 300_000, cacheScope: "public", _meta: serverInfo });
    expect(two.text).toBe(one.text);
  });

  const list = modern("tools/list");
  test.each([
    ["Mcp-Method is missing", { ...list, headers: { ...list.headers, "mcp-method": undefined } }, 400, -32020],
    ["Mcp-Method is another", { ...list, headers: { ...list.headers, "mcp-method": "tools/call" } }, 400, -32020],
    [
      "MCP-Protocol-Version is missing",
      { ...list, headers: { ...list.headers, "mcp-protocol-version": undefined } },
      400,
      -32020,
    ],
    ["there is no _meta", { ...list, body: legacy("tools/list").body }, 400, -32602],
    ["the version is unknown", modern("tools/list", {}, "2099-01-01"), 400, -32022],
    ["the method is unknown", modern("nothing/at_all"), 404, -32601],
    ["the method is ping", modern("ping"), 404, -32601],
    ["the method is initialize", modern("initialize"), 404, -32601],
    ["the method is of resources", modern("resources/list"), 404, -32601],
    ["the tool is unknown", modern("tools/call", { name: "fetchNothing", arguments: {} }), 200, -32602],
    ["the arguments are a list", call([1]), 200, -32602],
    ["the arguments are text", call("thing_id=1"), 200, -32602],
  ])("%s: refused", async (_what, given, status, code) => {
    const answer = await send(given);
    expect({ status: answer.status, code: answer.json.error?.code }).toEqual({ status, code });
    expect(answer.text).not.toMatch(/node_modules|\bat \w+ \(/);
  });
});

describe("the revisions before", () => {
  test.each(["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])("initialize at %s", async (protocolVersion) => {
    const answer = await send(
      legacy("initialize", { protocolVersion, capabilities: {}, clientInfo: { name: "t", version: "1" } }),
    );
    expect(answer.status).toBe(200);
    expect(answer.json.result).toMatchObject({
      protocolVersion,
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name: "acme" },
    });
  });

  test("a session id and a last event id mean nothing", async () => {
    const answer = await send({ ...legacy("tools/list"), headers: { "mcp-session-id": "abc", "last-event-id": "1" } });
    expect(answer.status).toBe(200);
    expect(answer.json.result?.["tools"]).toHaveLength(5);
  });

  test("an unknown version is a 400, a notification a 202, an unknown method an error", async () => {
    expect((await send({ ...legacy("tools/list"), headers: { "mcp-protocol-version": "1999-01-01" } })).status).toBe(
      400,
    );
    expect((await send({ body: '{"jsonrpc":"2.0","method":"notifications/initialized"}' })).status).toBe(202);
    expect((await send(legacy("nothing/at_all"))).json.error?.code).toBe(-32601);
    expect((await send(legacy("tools/call", { name: "fetchNothing" }))).json.error?.code).toBe(-32602);
  });

  test("answers in a stream are not held back by a proxy", async () => {
    expect((await send(legacy("ping"))).headers).toMatchObject({
      "content-type": "text/event-stream",
      "x-accel-buffering": "no",
    });
  });
});

describe("HTTP", () => {
  test.each(["GET", "DELETE", "OPTIONS", "HEAD", "PUT", "PATCH"])("%s is not allowed", async (method) => {
    const { status, headers } = await send({ method });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "POST" });
  });

  test("80 what is no JSON is a 400, another content type a 415", async () => {
    expect((await send({ body: "{" })).json.error?.code).toBe(-32700);
    expect((await send({ body: "" })).status).toBe(400);
    expect((await send({ ...legacy("tools/list"), headers: { "content-type": "text/plain" } })).status).toBe(415);
    expect((await send({ ...legacy("tools/list"), headers: { "content-type": undefined } })).status).toBe(415);
  });

  test.each([false, true])("79 a body over 4 MiB is a 413 (length unknown: %s)", async (chunked) => {
    expect((await send({ body: " ".repeat(4 * 1024 * 1024 + 1), chunked })).status).toBe(413);
    const { body, headers } = modern("tools/list");
    expect((await send({ body: body.padEnd(4 * 1024 * 1024), headers, chunked })).status).toBe(200);
  });

  test("T25 headers over 16 KiB are a 431", async () => {
    expect((await send({ ...legacy("ping"), headers: { x: "y".repeat(17_000) } })).status).toBe(431);
  });

  test("nothing is stored or guessed at", async () => {
    for (const given of [
      modern("tools/list"),
      legacy("tools/list"),
      { method: "GET" },
      { method: "GET", path: "/livez" },
      { path: "/nothing" },
    ]) {
      expect((await send(given)).headers).toMatchObject({
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
    }
  });

  test("one API answers at /mcp and at its own path", async () => {
    expect((await send({ ...modern("tools/list"), path: "/mcp/acme" })).status).toBe(200);
    expect((await send({ ...modern("tools/list"), path: "/mcp?key=1" })).status).toBe(200);
  });

  test.each([
    "/",
    "/mcp/",
    "/mcp/other",
    "//mcp",
    "*",
    "http://evil.example/mcp",
    "/.well-known/oauth-protected-resource/mcp",
  ])("%s is a 404 in JSON, which says where MCP is", async (path) => {
    const { status, headers, json } = await send({ ...modern("tools/list"), path });
    expect({ status, type: headers["content-type"] }).toEqual({ status: 404, type: "application/json" });
    expect(json).toMatchObject({ error: "not_found", message: "Nothing is here. MCP is at /mcp and /mcp/acme." });
  });

  test.each(["/livez", "/readyz"])("%s answers without a word", async (path) => {
    expect(await send({ path, method: "GET" })).toMatchObject({ status: 200, text: "" });
    expect(await send({ path, method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    expect(await send({ path, method: "POST" })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });
});

describe("T23 deep and wide arguments", () => {
  const deep = ({ headers, body }: ReturnType<typeof modern>, levels: number) => ({
    headers,
    body: body.replace('"HERE"', `${"[".repeat(levels)}${"]".repeat(levels)}`),
  });

  test.each([
    ["2026-07-28", call({ thing_id: "HERE" })],
    ["before", legacy("tools/call", { name: "fetchThing", arguments: { thing_id: "HERE" } })],
  ])("40,000 levels are refused, and 200,000 before they are parsed (%s)", async (_era, given) => {
    expect((await send(deep(given, 200_000))).status).toBe(400);
    const { status, json } = await send(deep(given, 40_000));
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      isError: true,
      content: [{ type: "text", text: expect.stringContaining("64 levels") as string }],
    });
  });

  test("20,000 values are refused", async () => {
    const { json } = await send(call({ thing_id: Array.from({ length: 20_000 }, () => 1) }));
    expect(json.result).toMatchObject({ isError: true });
  });
});

describe("T24 abuse of JSON-RPC", () => {
  const ping = { jsonrpc: "2.0", method: "ping" };
  test.each([
    ["an empty batch", "[]", 400, -32600],
    [
      "a batch of more than a hundred",
      JSON.stringify(Array.from({ length: 101 }, (_, id) => ({ ...ping, id }))),
      400,
      -32600,
    ],
    ["an id that is an object", '{"jsonrpc":"2.0","id":{"__proto__":1},"method":"ping"}', 400, -32600],
    ["an id that is null", JSON.stringify({ ...ping, id: null }), 400, -32600],
    ["an id that is no whole number", JSON.stringify({ ...ping, id: 1.5 }), 400, -32600],
    [
      "an id 200,000 levels deep",
      `{"jsonrpc":"2.0","id":${"[".repeat(200_000)}${"]".repeat(200_000)},"method":"ping"}`,
      400,
      -32600,
    ],
    ["no message at all", '"ping"', 400, -32600],
  ])("%s", async (_what, body, status, code) => {
    const answer = await send({ body });
    expect({ status: answer.status, code: answer.json.error?.code }).toEqual({ status, code });
  });

  test("a batch has no place in 2026-07-28", async () => {
    const { body, headers } = modern("tools/list");
    expect(await send({ body: `[${body}]`, headers })).toMatchObject({
      status: 400,
      json: { error: { code: -32600 } },
    });
  });

  test("one id twice in a batch is answered, and an id of a megabyte comes back", async () => {
    const twice = { ...ping, id: 1 };
    expect((await send({ body: JSON.stringify([twice, twice]) })).status).toBe(200);
    const id = "x".repeat(1_000_000);
    expect((await send(legacy("ping", {}, id))).json.id).toBe(id);
  });

  test("a member called __proto__ changes nothing", async () => {
    const { body, headers } = call({ thing_id: 1 });
    await send({
      body: body.replace('"thing_id":1', '"thing_id":1,"__proto__":{"polluted":1},"constructor":{}'),
      headers,
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
