import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Debian installs it, or wherever CHROMIUM says. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** False: there is no Chromium here, and the tests of the page are left out, loudly. */
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn(`NOT TESTED: the console, for want of a browser at ${CHROMIUM}; set CHROMIUM`);

/** A page of a real browser, and what it asked of whom. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Origins that any request went to. */
  readonly origins: ReadonlySet<string>;
  /** What the page's scripts complained of. */
  readonly complaints: readonly string[];
}

/** Starts a headless Chromium that asks nobody for anything by itself. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** Opens a page in a context of its own. */
export async function visit(browser: Browser, url: string, scheme: "light" | "dark" = "light"): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const origins = new Set<string>();
  const complaints: string[] = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:") origins.add(origin);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(url);
  await page.waitForSelector(".card");
  return { page, context, origins, complaints };
}
