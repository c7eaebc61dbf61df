import { expect, onTestFinished, test } from "vitest";
import { hasChromium, startBrowser } from "../../console/browser.ts";
import { serveDoor } from "./fixture/door.ts";
import { issuerAccess, SIGN_IN_CLIENT, startIssuer } from "./fixture/issuer.ts";
import { callTool, nameIn, textIn } from "./fixture/rpc.ts";
import { nameFor } from "./fixture/vendor.ts";

test.skipIf(!hasChromium)("a person connects an account in a real browser: link, issuer, form, call", async () => {
  const issuer = await startIssuer();
  onTestFinished(async () => await issuer.close());
  const { resourceServer, ...access } = issuerAccess("per-person");
  const { introspection: _introspection, ...rest } = resourceServer;
  const environment = { ISSUER: issuer.url, SIGN_IN_SECRET: SIGN_IN_CLIENT.secret };
  const door = await serveDoor({ access: { ...access, resourceServer: rest }, environment });
  onTestFinished(async () => await door.close());
  const browser = await startBrowser();
  onTestFinished(async () => await browser.close());
  const call = async () => {
    const authorization = `Bearer ${await issuer.token(door.url, { sub: "ann", scope: "read" })}`;
    return await callTool(door.url, "fetchThing", { authorization });
  };
  const link = /http\S+\/connect\/acme\?ticket=[\w-]+/.exec(textIn(await call()))?.[0] ?? "";

  const context = await browser.newContext();
  await context.addCookies([{ name: "person", value: "ann", url: issuer.url }]);
  const page = await context.newPage();
  await page.goto(link);
  expect(await page.getByRole("heading").innerText()).toBe("Connect Acme");
  await page.getByLabel("Your API key").fill("two words\u0007");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("alert").getByText("That cannot be one").waitFor();
  await page.getByLabel("Your API key").fill("annskey0123456789ann");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("heading", { name: "Acme is connected" }).waitFor();
  expect(page.url()).not.toContain("code=");
  expect(nameIn(await call())).toBe(nameFor("annskey0123456789ann"));
});
