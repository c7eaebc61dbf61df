import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, startBrowser } from "../../console/browser.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

/** What a page of a client asks, one after another, and what it may read of each answer: a status, or that the browser kept it back. */
const ASKED = `async (mcp) => {
  const read = async (url, init) => {
    try {
      const response = await fetch(url, init);
      return { status: response.status, challenge: response.headers.get("www-authenticate"), body: await response.json().catch(() => null) };
    } catch {
      return { status: "kept back" };
    }
  };
  const json = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const refused = await read(mcp, json({ jsonrpc: "2.0", id: 1, method: "ping" }));
  const resource = await read(/resource_metadata="([^"]+)"/.exec(refused.challenge)?.[1]);
  const issuer = new URL(resource.body.authorization_servers[0]);
  const metadata = await read(issuer.origin + "/.well-known/oauth-authorization-server");
  const registered = await read(metadata.body.registration_endpoint, json({
    client_name: "A page",
    redirect_uris: [location.origin + "/callback"],
    token_endpoint_auth_method: "none",
  }));
  const token = await read(metadata.body.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "authorization_code", code: "none", client_id: registered.body?.client_id ?? "" }),
  });
  return {
    statuses: [refused, resource, metadata, registered, token].map(({ status }) => status),
    client: registered.body?.client_id,
    refusal: token.body?.error,
  };
}`;

/** A client that is a page, as the MCP Inspector is, at an address of its own. */
describe.skipIf(!hasChromium)("a client in a browser", () => {
  let proxy: Proxy;
  let page: Server;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  beforeAll(async () => {
    proxy = await serveProxy();
    page = createServer((_request, response) => {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>A client</title>");
    });
    page.listen(0, "127.0.0.1");
    await once(page, "listening");
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await proxy.close();
    page.close();
    page.closeAllConnections();
  });

  test("learns where to register from the MCP server, registers, and is heard at the token endpoint", async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(`http://localhost:${(page.address() as AddressInfo).port}/`);
    const asked: unknown = await tab.evaluate(`(${ASKED})(${JSON.stringify(`${proxy.origin}/mcp`)})`);
    expect(asked).toEqual({
      statuses: [401, 200, 200, 201, 400],
      client: expect.stringMatching(/^[\w-]{16,}$/) as string,
      refusal: "invalid_grant", // there is no such code: what our authorization server says, not the browser
    });
    await context.close();
  });
});
