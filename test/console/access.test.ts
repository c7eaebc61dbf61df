import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openConsole } from "../../src/console/console.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import { raw } from "../mcp/fixture/raw.ts";
import { serveDoor } from "../access/door/fixture/door.ts";
import { hasChromium, startBrowser, visit } from "./browser.ts";

/** A door with the console beside it, as `serve --http` has them. */
async function serveConsole(environment: Record<string, string> = {}) {
  const pageDirectory = join(import.meta.dirname, "../../src/console/page");
  const door: Awaited<ReturnType<typeof serveDoor>> = await serveDoor({
    environment,
    page: (calls) => {
      return (path, request, response) =>
        openConsole({ apis: narrow([door.deployment]), version: "1", paths: { acme: "/mcp" }, calls, pageDirectory })(
          path,
          request,
          response,
        );
    },
  });
  return door;
}

const tryCall = async (url: string) =>
  await fetch(new URL("/console/call", url), {
    method: "POST",
    headers: { "content-type": "application/json", "x-toolwright-console": "1" },
    body: JSON.stringify({ api: "acme", tool: "fetchThing", arguments: { thing_id: 1 } }),
  });

describe("the console where callers are told apart", () => {
  test("tries nothing with the server's credentials, and says why", async () => {
    const door = await serveConsole();
    const answer = (await (await tryCall(door.url)).json()) as { problem?: { message: string } };
    expect(answer.problem?.message).toContain("Everybody brings a key of Acme here");
    expect(door.vendor.seen).toEqual([]);
    await door.close();
  });

  test("with access.mode env it tries as before", async () => {
    const door = await serveConsole({ ACME_ACCESS: "env" });
    expect(await (await tryCall(door.url)).json()).toMatchObject({ answer: { id: 1 } });
    await door.close();
  });

  test("a body of 4 MiB and more is not read, whether its length is told or not", async () => {
    const door = await serveConsole({ ACME_ACCESS: "env" });
    const asked = JSON.stringify({ api: "acme", tool: "fetchThing", arguments: { thing_id: 1 } });
    const headers = { "x-toolwright-console": "1" };
    for (const chunked of [false, true]) {
      const ask = async (bytes: number) =>
        (await raw(door.url, { path: "/console/call", headers, chunked, body: asked.padEnd(bytes) })).status;
      expect([await ask(4 * 1024 * 1024), await ask(4 * 1024 * 1024 + 1)]).toEqual([200, 404]);
    }
    await door.close();
  });

  test("calls that were tried leave nothing on their connection", async () => {
    const door = await serveConsole({ ACME_ACCESS: "env" });
    const warnings: string[] = [];
    const warned = ({ name }: Error) => void warnings.push(name);
    process.on("warning", warned);
    for (let n = 0; n < 15; n++) await (await tryCall(door.url)).text(); // one after another, on a connection that is kept
    await new Promise((done) => setImmediate(done));
    process.off("warning", warned);
    expect(warnings).toEqual([]);
    await door.close();
  });

  test("no page elsewhere may ask it to: its preflight has no answer", async () => {
    const door = await serveConsole();
    const headers = {
      origin: "http://localhost:1",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-toolwright-console",
    };
    const answer = await fetch(new URL("/console/call", door.url), { method: "OPTIONS", headers });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([404, null]);
    await door.close();
  });
});

describe.skipIf(!hasChromium)("the same in a real Chromium", () => {
  let browser: Browser;
  let door: Awaited<ReturnType<typeof serveConsole>>;
  beforeAll(async () => {
    [browser, door] = await Promise.all([startBrowser(), serveConsole()]);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await door.close();
  });

  test("shows tools and their arguments without a button, and header lines for every client; axe finds nothing", async () => {
    const home = new URL("/", door.url).href;
    const { page, context, complaints } = await visit(browser, `${home}#acme/fetchThing`);
    await page.locator(".notice").waitFor();
    expect(await page.locator("#tool button[type=submit]").count()).toBe(0);
    expect(await page.locator("#tool fieldset input").first().isDisabled()).toBe(true);
    expect(await page.locator("#mode").textContent()).toContain("api-key-passthrough");
    const lines = await page.locator("#connect").textContent();
    expect(lines).toContain(`claude mcp add --transport http acme ${door.url} --header "X-Acme-Api-Key: <your key>"`);
    expect(lines).toContain('"X-Acme-Api-Key": "${input:key}"');
    expect(lines).toContain("X-Acme-Api-Key:${KEY}");
    expect(await page.locator("#connect a.button").count()).toBe(0);
    expect(complaints).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    await context.close();
  });
});
