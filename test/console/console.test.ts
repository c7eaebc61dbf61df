import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyProject } from "../e2e/project.ts";
import { ownEnvironment, run, serve, type Serving } from "../e2e/server.ts";
import { hasChromium, startBrowser, visit } from "./browser.ts";

/** Pictures of this run; `PICTURES=rewrite` makes them those of the README. */
const PICTURES = join(
  import.meta.dirname,
  process.env["PICTURES"] === "rewrite" ? "../../docs/images" : "../../node_modules/.console",
);

describe.skipIf(!hasChromium)("the console in a real Chromium", () => {
  let browser: Browser;
  let serving: Serving;
  let home: string;
  beforeAll(async () => {
    [browser, serving] = await Promise.all([startBrowser(), serve(["freshservice", "--sandbox"], ownEnvironment())]);
    home = new URL("/", serving.url).href;
    mkdirSync(PICTURES, { recursive: true });
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await serving.stop();
  });

  test("lists every tool with what it does and what it costs, and says that it is a sandbox", async () => {
    const { page, complaints, origins } = await visit(browser, home);
    expect(await page.locator(".card").count()).toBe(34);
    expect(await page.locator("#mode").textContent()).toContain("SANDBOX");
    expect(await page.locator('.card[data-tool="createTicket"]').textContent()).toMatch(/write.*tokens/s);
    expect(complaints).toEqual([]);
    expect([...origins]).toEqual([new URL(home).origin]);
    await page.context().close();
  });

  test("filters by words and by effect", async () => {
    const { page, context } = await visit(browser, home);
    await page.fill("#filter", "onboarding");
    const shown = page.locator("#tools li:not([hidden]) .name");
    expect(await shown.allTextContents()).toEqual(expect.arrayContaining(["createOnboardingRequest"]));
    await page.selectOption("#effect", "read");
    expect(await shown.allTextContents()).not.toContain("createOnboardingRequest");
    await page.fill("#filter", "zzz");
    expect(await page.locator("#none").isVisible()).toBe(true);
    await context.close();
  });

  test("tries a read, shows what was sent with the key masked, and moves the gauges", async () => {
    const { page, context } = await visit(browser, home);
    await page.click('.card[data-tool="fetchTickets"]');
    await page.locator("#tool form").waitFor();
    for (const field of await page.locator("#tool form input[type=text]").all()) await field.fill("");
    await page.click("#tool button[type=submit]");
    await page.waitForSelector(".result");
    expect(await page.locator(".result h3").first().textContent()).toMatch(/^Answered, \d+ items/);
    const sent = await page.locator(".requests pre").first().textContent();
    expect(sent).toMatch(/^GET http:\/\/\S+\/tickets\?/);
    expect(sent).toContain("authorization: Basic ***");
    expect(sent).not.toContain("sandbox-key");
    await page.locator("#limits", { hasText: /[1-9]\d* of 100/ }).waitFor();

    await context.close();
  });

  test("tries a write, and finds it again", async () => {
    const { page, context } = await visit(browser, `${home}#freshservice/createTicket`);
    const subject = `From the console ${Date.now()}`;
    const fill = async (name: string, text: string) =>
      await page
        .locator(".field", { has: page.locator(`label code:text-is("${name}")`) })
        .locator("input, textarea")
        .fill(text);
    await fill("subject", subject);
    await fill("description", "The printer on floor 3 is out of toner.");
    await fill("email", "andrea.schmidt@acme.com");
    for (const select of await page.locator("#tool form select[required]").all())
      await select.selectOption({ index: 1 });
    await page.click("#tool button[type=submit]");
    await page.waitForSelector(".result");
    expect(await page.locator(".result").textContent()).toContain(subject);
    expect(await page.locator(".requests pre").textContent()).toMatch(/^POST /);
    await context.close();
  });

  test("shows an error in the words that the model gets", async () => {
    const { page, context } = await visit(browser, `${home}#freshservice/fetchTicket`);
    await page.locator("#tool form input").first().fill("999999999");
    await page.click("#tool button[type=submit]");
    await page.waitForSelector(".result.failed");
    expect(await page.locator(".result").textContent()).toMatch(/not_found/);
    await context.close();
  });

  test("copies the lines of a client", async () => {
    const { page, context } = await visit(browser, home);
    await page.locator("#connect details[open] .copy").click();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied).toBe(`claude mcp add --transport http freshservice ${new URL(home).origin}/mcp`);
    await page.click("#connect summary:text('Cursor')");
    const href = await page.locator('#connect a[href^="cursor://"]').getAttribute("href");
    const config = new URLSearchParams(href?.split("?")[1]).get("config") ?? "";
    expect(JSON.parse(atob(config))).toEqual({ url: `${new URL(home).origin}/mcp` });
    await context.close();
  });

  test("is used by keyboard alone: filter, choose, fill, call", async () => {
    const { page, context } = await visit(browser, home);
    await page.keyboard.press("/");
    await page.keyboard.type("fetchAgents");
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key); // fetchAgent tells of fetchAgents: it is found too
    await page.waitForSelector("#tool form");
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate<boolean>('document.activeElement.matches("#tool button[type=submit]")')) break;
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector(".result");
    expect(await page.locator(".result h3").first().textContent()).toMatch(/^(Answered|Refused)/);
    await context.close();
  });

  test.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (scheme) => {
    const { page, context } = await visit(browser, `${home}#freshservice/createTicket`, scheme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    await page.screenshot({ path: join(PICTURES, `console-${scheme}.png`) });
    await context.close();
  });

  test("200 tools: the list is there, and a filter answers within a frame or two", async () => {
    const project = emptyProject();
    const paths = Array.from(
      { length: 200 },
      (_, n) => `  /things${n}:\n    get: { summary: List things ${n}, responses: { "200": { description: OK } } }\n`,
    );
    project.write(
      "specs/big/openapi.yaml",
      `openapi: 3.1.0\ninfo: { title: Big, version: "1" }\nservers: [{ url: "https://big.example.com" }]\npaths:\n${paths.join("")}`,
    );
    const names = paths.map(
      (_, n) => `      list_things_${n}: { description: List things ${n}., operation: GET /things${n} }`,
    );
    project.write(
      "tools.yaml",
      `apis:\n  big:\n    spec: specs/big/openapi.yaml\n    servers: { api: { url: "https://big.example.com" } }\n    tools:\n${names.join("\n")}\n`,
    );
    const generated = await run(["generate"], { cwd: project.directory });
    expect(generated.code, generated.note).toBe(0);
    const big = await serve(["big"], ownEnvironment(), project.directory);
    const { page, context } = await visit(browser, new URL("/", big.url).href);
    expect(await page.locator(".card").count()).toBe(200);
    const ms = await page.evaluate<number>(`(() => {
      const filter = document.getElementById("filter"), started = performance.now();
      for (const text of ["1", "19", "199"]) { filter.value = text; filter.dispatchEvent(new Event("input")); document.body.offsetHeight; }
      return (performance.now() - started) / 3;
    })()`);
    expect(await page.locator("#tools li:not([hidden])").count()).toBe(1);
    expect(ms).toBeLessThan(100); // a lag that a person notices
    await context.close();
    await big.stop();
    project.remove();
  });

  test("nothing off this machine sees it unless asked, and no other page can make it call", async () => {
    const call = async (headers: Record<string, string>) =>
      (
        await fetch(`${home}console/call`, {
          method: "POST",
          headers,
          body: '{"api":"freshservice","tool":"fetchAgents"}',
        })
      ).status;
    expect(await call({ "content-type": "application/json", "x-toolwright-console": "1" })).toBe(200);
    expect(await call({ "content-type": "application/json" })).toBe(403);
    expect(await call({ "content-type": "text/plain", "x-toolwright-console": "1" })).toBe(403);
    const evil = { origin: "https://evil.example", "content-type": "application/json", "x-toolwright-console": "1" };
    expect(await call(evil)).toBe(403);
    const open = await serve(["freshservice", "--sandbox", "--host", "0.0.0.0"], ownEnvironment());
    expect((await fetch(new URL("/", open.url))).status).toBe(404);
    await open.stop();
    const asked = await serve(["freshservice", "--sandbox", "--host", "0.0.0.0", "--console"], ownEnvironment());
    expect((await fetch(new URL("/", asked.url))).status).toBe(200);
    await asked.stop();
  });
});
