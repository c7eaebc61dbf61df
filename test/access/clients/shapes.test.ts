import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../proxy/fixture/browser.ts";
import { askToken, consentTo } from "../proxy/fixture/oauth.ts";
import { type Proxy, serveProxy } from "../proxy/fixture/serve.ts";
import { connect, discover, type Person, registered, signInAs } from "./drive.ts";
import { SHAPES } from "./shapes.ts";

let proxy: Proxy;
beforeAll(async () => void (proxy = await serveProxy()));
afterAll(async () => await proxy.close());

describe.each(SHAPES)("$name, in front of a vendor with one client id and secret", (shape) => {
  test("discovers, registers, signs in two people, lists and calls", async () => {
    const challenge = await discover(proxy, shape);
    const client = await registered(proxy, shape);
    const [ann, bob] = [
      await signInAs(proxy, shape, { client, challenge, person: signedIn("ann") }),
      await signInAs(proxy, shape, { client, challenge, person: signedIn("bob") }),
    ];
    const before = proxy.vendor.calls.length;
    for (const [person, tokens] of [
      ["ann", ann],
      ["bob", bob],
    ] as const) {
      const connected = await connect(proxy, shape, tokens);
      const { tools } = await connected.listTools();
      expect(tools.map(({ name }) => name)).toContain(shape.calls);
      const args = shape.calls === "create_ticket" ? { arguments: { subject: `${shape.name}, ${person}` } } : {};
      const answer = await connected.callTool({ name: shape.calls, ...args });
      expect(answer.isError ?? false).toBe(false);
      expect(JSON.stringify(answer)).not.toMatch(/vendor-(?:access|refresh)/);
      await connected.close();
    }
    expect(proxy.vendor.calls.slice(before).map(({ person }) => person)).toEqual(["ann", "bob"]);
    const refreshed = await askToken(proxy.origin, client, {
      grant_type: "refresh_token",
      refresh_token: ann.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });
});

function signedIn(person: string): Person {
  return async (url, client) => await consentTo(openBrowser({ issuer: proxy.vendor.issuer, person }), url, client);
}
