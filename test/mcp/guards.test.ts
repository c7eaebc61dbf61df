import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StartError } from "../../src/runtime/load/start-error.ts";
import { createDeployment } from "../../src/runtime/load/deployment.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import { serveHttp } from "../../src/runtime/serve/http.ts";
import { legacy, modern, raw } from "./fixture/raw.ts";
import { serveAcme } from "./fixture/serve.ts";

let acme: Awaited<ReturnType<typeof serveAcme>>;
beforeAll(async () => {
  acme = await serveAcme({ allowedHosts: ["tools.example.com"] });
});
afterAll(() => acme.close());

const withHeaders = (headers: Record<string, string>) => raw(acme.url, { ...legacy("ping"), headers });

describe("T26 web pages cannot use this server", () => {
  test.each([
    "http://localhost",
    "http://localhost:3000",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "https://tools.example.com",
  ])("Origin %s may", async (origin) => {
    expect((await withHeaders({ origin })).status).toBe(200);
  });

  test.each([
    "http://evil.example",
    "null",
    "http://localhost.evil.com",
    "http://127.0.0.1.nip.io",
    "http://localhost@evil.example",
    "http://tools.example.com.evil.example",
    "file://",
    "chrome-extension://abc",
    "::::",
  ])("Origin %s may not", async (origin) => {
    const { status, text } = await withHeaders({ origin });
    expect({ status, text }).toEqual({
      status: 403,
      text: '{"error":"forbidden","message":"This Origin may not use this server."}',
    });
  });

  test.each(["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:9", "tools.example.com"])(
    "Host %s may",
    async (host) => {
      expect((await withHeaders({ host })).status).toBe(200);
    },
  );

  test.each([
    "evil.example",
    "localhost.evil.com",
    "127.0.0.1.nip.io",
    "evil.example@localhost",
    "localhost/x",
    "localhost:x",
    "localhost:99999",
    "localhost,evil.example",
    "tools.example.com.evil.example",
    "0.0.0.0",
  ])("Host %s may not", async (host) => {
    expect((await withHeaders({ host })).status).toBe(403);
  });

  test("no Host at all is refused", async () => {
    const { port } = new URL(acme.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.end("POST /mcp HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}"),
      );
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString())).on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("T27 the guard comes before everything else", () => {
  const evil = { host: "evil.example" };
  const given: [string, Parameters<typeof raw>[1]][] = [
    ...["GET", "DELETE", "OPTIONS", "HEAD", "PUT"].map(
      (method) => [method, { method }] as [string, Parameters<typeof raw>[1]],
    ),
    ["a call", modern("tools/call", { name: "createThing", arguments: { name: "x" } })],
    ["an older call", legacy("tools/call", { name: "createThing", arguments: { name: "x" } })],
    ["a notification", { body: '{"jsonrpc":"2.0","method":"notifications/initialized"}' }],
    ["what is no JSON", { body: "{" }],
    ["another content type", { body: "x", headers: { "content-type": "text/plain" } }],
    ["too large a body", { body: " ".repeat(4 * 1024 * 1024 + 1) }],
    ["another path", { path: "/nothing" }],
    ["a look at its health", { method: "GET", path: "/readyz" }],
  ];
  test.each(given)("%s with an evil Host or Origin: 403, and nothing was done", async (_what, request = {}) => {
    expect((await raw(acme.url, { ...request, headers: { ...request.headers, ...evil } })).status).toBe(403);
    expect(
      (await raw(acme.url, { ...request, headers: { ...request.headers, origin: "http://evil.example" } })).status,
    ).toBe(403);
    expect(acme.vendor.seen).toEqual([]);
  });
});

describe("where it listens", () => {
  function live() {
    const { api } = acme.deployment;
    return narrow([
      createDeployment({ api, mode: "live", environment: { ACME_DOMAIN: "acme.example.com", ACME_API_KEY: "k" } }),
    ]);
  }

  test.each(["0.0.0.0", "::", "192.0.2.1", "tools.example.com"])("with real credentials never on %s", async (host) => {
    const started = serveHttp({ apis: live(), version: "1", port: 0, host });
    await expect(started).rejects.toBeInstanceOf(StartError);
    await expect(started).rejects.toMatchObject({
      message: `everyone who reaches ${host} could use Acme with your credentials: its access.mode is env`,
    });
  });

  test.each(["127.0.0.1", "localhost"])("with real credentials on %s", async (host) => {
    const serving = await serveHttp({ apis: live(), version: "1", port: 0, host });
    expect(serving.url).toMatch(/^http:\/\/localhost:\d+\/mcp$/);
    await serving.close();
  });

  test("a port in use has a message with a way out", async () => {
    const port = Number(new URL(acme.url).port);
    const started = serveHttp({ apis: narrow([acme.deployment]), version: "1", port });
    await expect(started).rejects.toMatchObject({
      name: "StartError",
      message: `port ${port} on 127.0.0.1 is in use`,
      help: `stop what listens there, or choose another port: --http ${port + 1}`,
    });
  });

  test("a sandbox on every address answers to this machine's names only", async () => {
    const serving = await serveHttp({
      apis: narrow([acme.deployment]),
      version: "1",
      port: 0,
      host: "0.0.0.0",
      preStopMs: 0,
    });
    expect((await raw(serving.url, legacy("ping"))).status).toBe(200);
    expect((await raw(serving.url, { ...legacy("ping"), headers: { host: "0.0.0.0" } })).status).toBe(403);
    await serving.close();
  });
});

describe("T19 read-only", () => {
  test("a writing tool is unknown, and nothing reaches the vendor", async () => {
    const readOnly = await serveAcme({ readOnly: true });
    for (const given of [modern, legacy]) {
      const { json } = await raw(readOnly.url, given("tools/call", { name: "createThing", arguments: { name: "x" } }));
      expect(json.error).toEqual({ code: -32602, message: "Unknown tool: createThing" });
    }
    const { json } = await raw(readOnly.url, modern("tools/list"));
    expect((json.result?.["tools"] as { name: string }[] | undefined)?.map(({ name }) => name)).toEqual([
      "downloadThing",
      "fetchThing",
      "fetchThings",
    ]);
    expect(readOnly.vendor.seen).toEqual([]);
    await readOnly.close();
  });

  test("so is one that --except takes away", async () => {
    const narrowed = await serveAcme({ except: ["fetchThing"] });
    const { json } = await raw(narrowed.url, modern("tools/call", { name: "fetchThing", arguments: { thing_id: 1 } }));
    expect(json.error?.code).toBe(-32602);
    await narrowed.close();
  });
});
