import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { legacy, raw } from "../../mcp/fixture/raw.ts";
import { serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
import { callTool, listTools } from "./fixture/rpc.ts";

const KEY = "annskey0123456789ann";
const APP = "https://app.example.com";
let door: Awaited<ReturnType<typeof serveDoor>>;
beforeAll(async () => (door = await serveDoor({ allowedOrigins: [APP] })));
afterAll(() => door.close());

const preflight = (origin: string, headers = "authorization,content-type") => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": headers },
});

describe("browsers: CORS is answered before anybody is asked who he is", () => {
  test.each(["http://localhost:3000", "http://127.0.0.1:5173", APP])(
    "a preflight of %s, without a key: 204",
    async (origin) => {
      const { status, headers } = await raw(door.url, preflight(origin));
      expect(status).toBe(204);
      expect(headers["access-control-allow-origin"]).toBe(origin);
      expect(headers["access-control-allow-methods"]).toBe("POST, GET, DELETE, OPTIONS");
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
      const allowed = String(headers["access-control-allow-headers"]).split(", ");
      for (const name of [
        "authorization",
        "content-type",
        "accept",
        "mcp-protocol-version",
        "mcp-method",
        "mcp-name",
        "mcp-session-id",
      ])
        expect(allowed).toContain(name);
      for (const name of ["last-event-id", "traceparent", "tracestate", "x-acme-api-key"])
        expect(allowed).toContain(name);
      expect(headers.vary).toBe("origin");
    },
  );

  test("headers that mirror arguments are let through by their prefix, and nothing else is", async () => {
    const { headers } = await raw(door.url, preflight(APP, "mcp-param-region, x-evil"));
    expect(headers["access-control-allow-headers"]).toContain("mcp-param-region");
    expect(headers["access-control-allow-headers"]).not.toContain("x-evil");
  });

  test.each([200, 401])("a page may read an answer of %d, and the headers that it needs", async (status) => {
    const headers = { origin: APP, ...(status === 200 && { "x-acme-api-key": KEY }) };
    const answer = await callTool(door.url, "fetchThing", headers);
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBe(APP);
    expect(answer.headers["access-control-expose-headers"]).toContain(
      "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version",
    );
  });
});

describe("A6 T26 an origin that may not: 403 before everything", () => {
  test.each([
    "http://evil.example",
    "null",
    "http://localhost.evil.com",
    "http://127.0.0.1.nip.io",
    "https://app.example.com.evil.example",
    "https://app.example.com:8443",
    "http://app.example.com",
    "file://",
  ])("%s, preflight and request", async (origin) => {
    const asked = await raw(door.url, preflight(origin));
    expect([asked.status, asked.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    const before = door.vendor.seen.length;
    expect((await callTool(door.url, "fetchThing", { origin, "x-acme-api-key": KEY })).status).toBe(403);
    expect(door.vendor.seen.length).toBe(before);
  });

  test("a host that is none of ours: 403, with a good key as well", async () => {
    expect((await callTool(door.url, "fetchThing", { host: "evil.example", "x-acme-api-key": KEY })).status).toBe(403);
  });

  test("text/plain with a good key: 415, so that no form can do it", async () => {
    const headers = { "content-type": "text/plain", "x-acme-api-key": KEY };
    expect((await raw(door.url, { ...legacy("ping"), headers })).status).toBe(415);
  });
});

describe("T44 only an operator says where this server is", () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  beforeAll(async () => (issuer = await startIssuer()));
  afterAll(() => issuer.close());
  const spoofed = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-prefix": "/evil",
    forwarded: "host=evil.example",
    "x-original-host": "evil.example",
  };
  const resourceOf = async (url: string, headers: Record<string, string>) => {
    const document = await raw(url, { method: "GET", path: "/.well-known/oauth-protected-resource", headers });
    return (document.json as { resource?: string }).resource;
  };
  const serve = async (environment: Record<string, string> = {}, more = {}) => {
    const { resourceServer, ...access } = issuerAccess();
    const { introspection: _introspection, ...rest } = resourceServer;
    return await serveDoor({
      access: { ...access, publicUrl: "{$env.ACME_PUBLIC_URL:-}", resourceServer: rest },
      environment: { ISSUER: issuer.url, ...environment },
      ...more,
    });
  };

  test("X-Forwarded-* changes nothing unless a proxy is trusted", async () => {
    const plain = await serve();
    expect(await resourceOf(plain.url, spoofed)).toBe(plain.url);
    const refused = await raw(plain.url, { ...legacy("ping"), headers: spoofed });
    expect(refused.headers["www-authenticate"]).not.toContain("evil");
    await plain.close();
  });

  test("a port that the caller makes up is not ours either", async () => {
    const plain = await serve();
    expect(await resourceOf(plain.url, { host: "localhost:1" })).toBe(plain.url);
    await plain.close();
  });

  test("a trusted proxy is believed for hosts that are allowed, and for no other", async () => {
    const behind = await serve({}, { trustProxy: true, allowedHosts: ["mcp.example.com"] });
    const forwarded = { "x-forwarded-host": "mcp.example.com", "x-forwarded-proto": "https" };
    expect(await resourceOf(behind.url, forwarded)).toBe("https://mcp.example.com/mcp");
    expect(await resourceOf(behind.url, { ...forwarded, "x-forwarded-host": "evil.example, mcp.example.com" })).toBe(
      "https://mcp.example.com/mcp",
    );
    expect(await resourceOf(behind.url, spoofed)).toBe(behind.url);
    await behind.close();
  });

  test("the public URL wins over all of it, with its path, in the document, the challenge and the audience", async () => {
    const named = await serve({ ACME_PUBLIC_URL: "https://mcp.example.com/tools" }, { trustProxy: true });
    const host = { host: "mcp.example.com" };
    expect(await resourceOf(named.url, { ...host, ...spoofed })).toBe("https://mcp.example.com/tools/mcp");
    const inserted = await raw(named.url, {
      method: "GET",
      path: "/.well-known/oauth-protected-resource/tools/mcp",
      headers: host,
    });
    expect(inserted.json).toMatchObject({ resource: "https://mcp.example.com/tools/mcp" });
    const refused = await raw(named.url, { ...legacy("ping"), headers: host, path: "/tools/mcp" });
    expect(refused.headers["www-authenticate"]).toContain(
      'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/tools/mcp"',
    );
    const good = { authorization: `Bearer ${await issuer.token("https://mcp.example.com/tools/mcp")}` };
    const local = { authorization: `Bearer ${await issuer.token(named.url)}` };
    expect((await listTools(named.url, good)).status).toBe(200);
    expect((await listTools(named.url, local)).status).toBe(401);
    await named.close();
  });
});

describe("operators set the bounds, headers only tighten them", () => {
  const key = { "x-acme-api-key": KEY };
  test("X-MCP-Readonly takes the writing tools away, at the call too", async () => {
    for (const yes of ["true", "1", "yes", "on", "TRUE"]) {
      expect((await listTools(door.url, { ...key, "x-mcp-readonly": yes })).names).toEqual([
        "downloadThing",
        "fetchThing",
        "fetchThings",
      ]);
    }
    const before = door.vendor.seen.length;
    const call = await callTool(door.url, "createThing", { ...key, "x-mcp-readonly": "true" }, { args: { name: "x" } });
    expect([call.json.error?.code, door.vendor.seen.length - before]).toEqual([-32602, 0]);
  });

  test("X-MCP-Tools leaves only what it names, and only what is there", async () => {
    const some = { ...key, "x-mcp-tools": "fetchThing, nothing, createThing" };
    expect((await listTools(door.url, some)).names).toEqual(["createThing", "fetchThing"]);
    expect((await callTool(door.url, "fetchThings", some)).json.error?.code).toBe(-32602);
  });

  test("what an operator took away no header brings back", async () => {
    const strict = await serveDoor({ readOnly: true, except: ["downloadThing"] });
    const loose = { ...key, "x-mcp-readonly": "false", "x-mcp-tools": "createThing,downloadThing,fetchThing" };
    expect((await listTools(strict.url, loose)).names).toEqual(["fetchThing"]);
    for (const tool of ["createThing", "downloadThing"])
      expect((await callTool(strict.url, tool, loose, { args: { name: "x" } })).json.error?.code).toBe(-32602);
    expect(strict.vendor.seen).toEqual([]);
    await strict.close();
  });

  test("--read-only beats a token with every scope", async () => {
    const issuer = await startIssuer();
    const { resourceServer, ...access } = issuerAccess();
    const { introspection: _introspection, ...rest } = resourceServer;
    const strict = await serveDoor({
      access: { ...access, resourceServer: rest },
      environment: { ISSUER: issuer.url },
      readOnly: true,
    });
    const headers = { authorization: `Bearer ${await issuer.token(strict.url, { scope: "read write destructive" })}` };
    expect((await listTools(strict.url, headers)).names).not.toContain("createThing");
    expect((await callTool(strict.url, "createThing", headers, { args: { name: "x" } })).json.error?.code).toBe(-32602);
    expect(strict.vendor.seen).toEqual([]);
    await strict.close();
    await issuer.close();
  });
});
