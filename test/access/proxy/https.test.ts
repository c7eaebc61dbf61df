import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Cookie, type Page, type Response as Answer } from "playwright-core";
import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, startBrowser } from "../../console/browser.ts";
import { authorizationUrl, publicClient, type RawClient } from "./fixture/oauth.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";
import { startTlsProxy } from "./fixture/tls.ts";

/** A sign-in as it is in the world: a real browser, over TLS, through a proxy that ends it. */
describe.skipIf(!hasChromium)("over https, in Chromium", () => {
  let tls: Awaited<ReturnType<typeof startTlsProxy>>;
  let proxy: Proxy;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let before: Dispatcher;
  let client: RawClient;
  let program: Server;
  beforeAll(async () => {
    tls = await startTlsProxy();
    proxy = await serveProxy({ access: { publicUrl: tls.origin } });
    tls.to(Number(new URL(proxy.origin).port));
    before = getGlobalDispatcher();
    setGlobalDispatcher(new Agent({ connect: { ca: tls.cert } })); // of this test's own requests: a client trusts the certificate
    program = createServer((_request, response) => void response.end("You can go back to the program."));
    program.listen(0, "127.0.0.1");
    await once(program, "listening");
    const { port } = program.address() as AddressInfo;
    client = await publicClient(proxy.origin, `http://127.0.0.1:${port}/callback`);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await proxy.close();
    program.close();
    program.closeAllConnections();
    await getGlobalDispatcher().close();
    setGlobalDispatcher(before);
    await tls.close();
  });

  /** A person's browser, signed in at the vendor; the certificate is one that it does not know. */
  const openContext = async (person: string) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    await context.addCookies([{ name: "person", value: person, url: proxy.vendor.issuer }]);
    return context;
  };
  /** What a page's own form leads to at the client. */
  const answer = async (page: Page, button: "Continue" | "Cancel"): Promise<URL> => {
    await page.getByRole("button", { name: button }).click();
    await page.waitForURL((url) => url.href.startsWith(client.redirectUri));
    return new URL(page.url());
  };
  const setBy = async (answers: readonly Answer[]): Promise<readonly string[]> => {
    const all = await Promise.all(answers.map(async (one) => await one.headersArray()));
    return all.flat().flatMap(({ name, value }) => (name.toLowerCase() === "set-cookie" ? [value] : []));
  };

  test("the whole of a sign-in: consent, vendor, code, token, call; every cookie is for https, for this host, and out of reach of scripts", async () => {
    const context = await openContext("ann");
    const page = await context.newPage();
    const answers: Answer[] = [];
    page.on("response", (one) => answers.push(one));
    const { url, verifier, state } = await authorizationUrl(proxy.origin, client, { resource: `${tls.origin}/mcp` });
    expect(url.origin).toBe(tls.origin);
    await page.goto(url.href);
    expect(await page.getByRole("heading").innerText()).toBe("Test client wants to use Acme as you");

    const own = (await context.cookies(tls.origin)).find(({ name }) => name === "__Host-toolwright");
    expect(own).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/", domain: "localhost" });
    const under = await context.cookies(page.url());
    const shape = ({ name, secure, httpOnly, sameSite, path }: Cookie) => ({ name, secure, httpOnly, sameSite, path });
    expect(under.map(shape).sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
      { name: "__Host-toolwright", secure: true, httpOnly: true, sameSite: "Lax", path: "/" },
      ...["__Secure-tw-interaction", "__Secure-tw-interaction.sig"].map((name) => ({
        name,
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
        path: new URL(page.url()).pathname,
      })),
    ]);

    expect(await page.evaluate("document.cookie")).toBe("");
    const back = await answer(page, "Continue");
    expect(back.searchParams.get("state")).toBe(state);
    expect(back.searchParams.get("iss")).toBe(tls.origin);
    const lines = await setBy(answers);
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      expect(line).toMatch(/^(?:__Host|__Secure)-/);
      expect(line).toMatch(/; secure/i);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
      expect(line).not.toMatch(/; domain=/i);
      if (line.startsWith("__Host-")) expect(line).toMatch(/; path=\/(?:;|$)/i);
    }

    const body = new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      code_verifier: verifier,
      redirect_uri: client.redirectUri,
      client_id: client.client_id,
    });
    const tokens = (await (await fetch(`${tls.origin}/oauth/token`, { method: "POST", body })).json()) as {
      access_token: string;
    };
    const called = await fetch(`${tls.origin}/mcp`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "who_am_i" } }),
    });
    expect([called.status, await called.text()]).toEqual([200, expect.stringContaining('{"person":"ann"}')]);
    expect(called.headers.getSetCookie()).toEqual([]);
    await context.close();
  });

  test("a person who says no is sent back with that, and one who disconnects finds what is connected", async () => {
    const context = await openContext("ann");
    const page = await context.newPage();
    const begin = async () =>
      await page.goto((await authorizationUrl(proxy.origin, client, { resource: undefined })).url.href);
    await begin();
    expect((await answer(page, "Cancel")).searchParams.get("error")).toBe("access_denied");
    await begin();
    expect((await answer(page, "Continue")).searchParams.get("code")).toMatch(/^[\w-]{43}$/);
    await page.goto(`${tls.origin}/oauth/disconnect`);
    expect(await page.locator("dt").allInnerTexts()).toEqual(["Test client"]);
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("heading", { name: "Disconnected" }).waitFor();
    await page.getByRole("link").click();
    await page.getByText("Nothing was connected from this browser.").waitFor();
    await context.close();
  });

  test("T34 a page elsewhere that sends the consent form in the person's browser is refused", async () => {
    const context = await openContext("ann");
    const page = await context.newPage();
    await page.goto((await authorizationUrl(proxy.origin, client, { resource: undefined })).url.href);
    const [action, token] = [page.url(), await page.locator("input[name=token]").inputValue()];
    const asked = proxy.vendor.state.authorizations.length;
    const evil = await context.newPage();
    await evil.route("https://evil.example/", async (route) => {
      const form = `<form method="post" action="${action}"><input name="token" value="${token}"><button name="answer" value="allow">x</button></form>`;
      await route.fulfill({ contentType: "text/html", body: form });
    });
    await evil.goto("https://evil.example/");
    const [sent] = await Promise.all([
      evil.waitForResponse((one) => one.url() === action),
      evil.getByRole("button").click(),
    ]);
    expect(sent.status()).toBe(403);
    expect(proxy.vendor.state.authorizations).toHaveLength(asked);
    await context.close();
  });
});
