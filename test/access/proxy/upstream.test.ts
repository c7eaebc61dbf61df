import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBrowser } from "./fixture/browser.ts";
import { buildProgram, startOther } from "./fixture/other-process.ts";
import {
  askToken,
  authorizationUrl,
  call,
  consentTo,
  isBack,
  publicClient,
  type RawClient,
  signIn,
  type Tokens,
} from "./fixture/oauth.ts";
import { type Proxy, serveProxy } from "./fixture/serve.ts";

let proxy: Proxy;
let client: RawClient;
beforeEach(async () => {
  proxy = await serveProxy();
  client = await publicClient(proxy.origin);
});
afterEach(async () => await proxy.close());

const person = (name: string) => openBrowser({ issuer: proxy.vendor.issuer, person: name });
const as = async (name: string): Promise<Tokens> => await signIn(proxy.origin, person(name), client);
const textOf = (answer: Awaited<ReturnType<typeof call>>) => answer.body.result?.content?.[0]?.text ?? "";

test("two people create tickets, and the vendor sees two identities", async () => {
  const [ann, bob] = [await as("ann"), await as("bob")];
  await call(proxy.url, ann.access_token, "create_ticket", { subject: "from Ann" });
  await call(proxy.url, bob.access_token, "create_ticket", { subject: "from Bob" });
  expect(proxy.vendor.tickets).toEqual([
    { id: 1, subject: "from Ann", by: "ann" },
    { id: 2, subject: "from Bob", by: "bob" },
  ]);
  expect(proxy.vendor.calls.map(({ person: one }) => one)).toEqual(["ann", "bob"]);
});

test("the vendor is asked with PKCE S256, a state, the tenant, and our own callback", async () => {
  await as("ann");
  const [asked] = proxy.vendor.state.authorizations;
  expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
    response_type: "code",
    client_id: "toolwright-at-acme",
    redirect_uri: `${proxy.origin}/oauth/callback`,
    code_challenge_method: "S256",
    tenant: "acme-tenant",
    state: expect.stringMatching(/^[\w-]{43}$/) as string,
    code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
  });
});

test("nothing is sent to the vendor before the person agreed (A14)", async () => {
  await person("ann").visit((await authorizationUrl(proxy.origin, client)).url);
  expect(proxy.vendor.state.authorizations).toHaveLength(0);
});

test("a vendor 401 is followed by one refresh and the call again, and never becomes ours", async () => {
  const ann = await as("ann");
  proxy.vendor.expireAccess();
  const answer = await call(proxy.url, ann.access_token, "who_am_i");
  expect([answer.status, answer.body.result?.structuredContent]).toEqual([200, { person: "ann" }]);
  expect(proxy.vendor.state.refreshes).toBe(1);
});

test("a vendor that refuses the renewed token too: a tool error that names the credential, after one refresh", async () => {
  const ann = await as("ann");
  proxy.vendor.expireAccess();
  proxy.vendor.state.refreshDelayMs = 100;
  const asked = call(proxy.url, ann.access_token, "who_am_i");
  const forget = setInterval(() => proxy.vendor.expireAccess(), 1);
  const answer = await asked;
  clearInterval(forget);
  expect(answer.status).toBe(200);
  expect(answer.body.result?.isError).toBe(true);
  expect(textOf(answer)).toContain('Acme refused the sign-in "oauth" of this person, and a renewed one too.');
  expect(textOf(answer)).not.toContain("ACME_TOKEN");
  expect(proxy.vendor.state.refreshes).toBe(1);
  expect((await call(proxy.url, ann.access_token, "who_am_i")).status).toBe(200); // the grant stands
});

test("invalid_grant ends our grant: a tool error now, a 401 from the next call on", async () => {
  const ann = await as("ann");
  const bob = await as("bob");
  proxy.vendor.endAll("ann");
  const first = await call(proxy.url, ann.access_token, "who_am_i");
  expect([first.status, first.body.result?.isError]).toEqual([200, true]);
  expect(textOf(first)).toContain("sign in again");
  expect((await call(proxy.url, ann.access_token, "who_am_i")).status).toBe(401);
  const refreshed = await askToken(proxy.origin, client, {
    grant_type: "refresh_token",
    refresh_token: ann.refresh_token,
  });
  expect(refreshed).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect((await call(proxy.url, bob.access_token, "who_am_i")).status).toBe(200);
});

test("a vendor that is down while it is asked to renew: a tool error, and the sign-in stands", async () => {
  const ann = await as("ann");
  proxy.vendor.expireAccess();
  proxy.vendor.state.down = true;
  const answer = await call(proxy.url, ann.access_token, "who_am_i");
  expect([answer.status, answer.body.result?.isError]).toEqual([200, true]);
  proxy.vendor.state.down = false;
  const after = await call(proxy.url, ann.access_token, "who_am_i");
  expect(after.body.result?.structuredContent).toEqual({ person: "ann" });
});

test("fifty calls that need a new token make one refresh (§1, 9)", async () => {
  const ann = await as("ann");
  proxy.vendor.expireAccess();
  proxy.vendor.state.refreshDelayMs = 50;
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => await call(proxy.url, ann.access_token, "who_am_i")),
  );
  expect(answers.filter(({ body }) => body.result?.structuredContent?.["person"] === "ann")).toHaveLength(50);
  expect(proxy.vendor.state.refreshes).toBe(1);
});

test("three processes that share a state directory, refused at once, make one refresh", async () => {
  const ann = await as("ann");
  const program = await buildProgram("other-process-program");
  const others = await Promise.all([1, 2, 3].map(async () => await startOther(program.file, proxy, ann.access_token)));
  proxy.vendor.expireAccess();
  proxy.vendor.state.refreshDelayMs = 100;
  const got = await Promise.all(others.map(async (other) => await other.refused()));
  program.remove();
  expect(proxy.vendor.accessOf("ann")).toHaveLength(1);
  expect(new Set(got)).toEqual(new Set(proxy.vendor.accessOf("ann")));
  expect(proxy.vendor.state.refreshes).toBe(1);
  const here = await call(proxy.url, ann.access_token, "who_am_i");
  expect(here.body.result?.structuredContent).toEqual({ person: "ann" });
});

describe("a vendor that gives no refresh token", () => {
  test("is used to the end of its token, then the person signs in again", async () => {
    proxy.vendor.state.withRefresh = false;
    proxy.vendor.state.seconds = 1;
    const ann = await as("ann");
    expect((await call(proxy.url, ann.access_token, "who_am_i")).body.result?.structuredContent).toEqual({
      person: "ann",
    });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const over = await call(proxy.url, ann.access_token, "who_am_i");
    expect([over.status, over.body.result?.isError]).toEqual([200, true]);
    expect((await call(proxy.url, ann.access_token, "who_am_i")).status).toBe(401);
  });
});

describe("sign-ins that come to nothing", () => {
  test("the person says no to us", async () => {
    const { url, state } = await authorizationUrl(proxy.origin, client);
    const browser = person("ann");
    const end = await browser.answer(await browser.visit(url), "deny", (there) => isBack(there, client.redirectUri));
    expect(Object.fromEntries(end.url.searchParams)).toMatchObject({
      error: "access_denied",
      state,
      iss: proxy.origin,
    });
    expect(proxy.vendor.state.authorizations).toHaveLength(0);
  });

  test("the vendor says no", async () => {
    const { url } = await authorizationUrl(proxy.origin, client);
    const back = await consentTo(person("nobody"), url, client);
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("code")).toBeNull();
  });

  test("the vendor cannot be asked", async () => {
    proxy.vendor.state.down = true;
    const { url } = await authorizationUrl(proxy.origin, client);
    const back = await consentTo(person("ann"), url, client);
    expect(back.searchParams.get("error")).toBe("temporarily_unavailable");
  });

  test("a callback of another issuer, or with a state of nobody's (RFC 9207, mix-up)", async () => {
    const browser = person("ann");
    const page = await browser.visit((await authorizationUrl(proxy.origin, client)).url);
    const there = await browser.answer(page, "allow", (url) => url.pathname === "/oauth/callback");
    const forged = new URL(there.url);
    forged.searchParams.set("iss", "https://evil.example");
    const end = await browser.visit(forged, {}, (url) => isBack(url, client.redirectUri));
    expect(end.url.searchParams.get("code")).toBeNull();
    expect(end.url.searchParams.get("error")).toBe("temporarily_unavailable");
    expect((await browser.visit(`${proxy.origin}/oauth/callback?state=nobodys&code=x`)).status).toBe(400);
  });
});

test("a vendor that tells who signed in: two connections of one person are one person", async () => {
  const named = await serveProxy({ identity: true });
  try {
    const one = await publicClient(named.origin);
    const other = await publicClient(named.origin, "http://localhost:9999/callback");
    const browser = openBrowser({ issuer: named.vendor.issuer, person: "ann" });
    const subjects = [await signIn(named.origin, browser, one), await signIn(named.origin, browser, other)].map(
      ({ access_token }) =>
        (JSON.parse(Buffer.from(access_token.split(".")[1] ?? "", "base64url").toString()) as { sub: string }).sub,
    );
    expect(subjects[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(subjects).size).toBe(1);
    expect(subjects[0]).not.toContain("ann");
  } finally {
    await named.close();
  }
});
