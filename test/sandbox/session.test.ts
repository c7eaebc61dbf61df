import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Answered, ask, at, control, counters, form, HARBOUR, SEED, sessionHeaders } from "./harbour.ts";

let sandbox: Sandbox;
beforeEach(async () => void (sandbox = await startSandbox(HARBOUR)));
afterEach(async () => await sandbox.close());

const site = (path: string) => at(sandbox, "site", path);
/** Cookies of an answer, as a client sends them back. */
const cookieOf = ({ headers }: Answered, name: string) =>
  headers
    .getSetCookie()
    .find((line) => line.startsWith(`${name}=`))
    ?.split(";")[0] ?? "";
const CSRF = "__Host-harbour.csrf";
const SESSION = "__Secure-harbour.session";

async function open(tokens = SEED, change: Readonly<Record<string, string>> = {}, cookie?: string): Promise<Answered> {
  const csrf = await ask(site("/csrf"));
  const fields = {
    csrfToken: String(csrf.body["csrfToken"]),
    authToken: tokens.auth,
    contextToken: tokens.context,
    json: "true",
  };
  return await ask(site("/open"), form({ ...fields, ...change }, { cookie: cookie ?? cookieOf(csrf, CSRF) }));
}
const read = async (cookie: string) => await ask(site("/session"), { headers: { cookie } });
const tokensOf = ({ body }: Answered) => ({ auth: String(body["authToken"]), context: String(body["contextToken"]) });
const call = async (headers: Readonly<Record<string, string>>) =>
  await ask(at(sandbox, "api", "/pilot/me"), { headers });

describe("the flow", () => {
  test("CSRF token, form, session cookie, new tokens that open", async () => {
    const csrf = await ask(site("/csrf"));
    expect(csrf.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-harbour\.csrf=[\w-]+%7C[0-9a-f]{64}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    const opened = await open();
    expect([opened.status, opened.body]).toEqual([200, { url: new URL(site("")).origin }]);
    expect(opened.headers.getSetCookie().map((line) => line.split("=")[0])).toEqual([
      SESSION,
      "__Secure-harbour.url",
      "TE1T",
    ]);
    const session = await read(cookieOf(opened, SESSION));
    expect(session.body).toEqual({
      userId: 31,
      authToken: expect.stringMatching(/^[\w-]{32}$/),
      contextToken: expect.stringMatching(/^[\w-]{32}$/),
      expires: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await call(sessionHeaders(tokensOf(session)))).body).toMatchObject({ name: "Ada" });
    expect(await counters(sandbox)).toEqual({ session_opened: 1, session_read: 1 });
  });

  test.each([
    ["another CSRF token", { csrfToken: "x" }, undefined],
    ["no CSRF cookie", {}, ""],
    ["a CSRF cookie that nobody gave", {}, `${CSRF}=x%7C${"0".repeat(64)}`],
    ["a token that was never given out", { authToken: "stolen" }, undefined],
    ["tokens of two people", { authToken: "other-auth" }, undefined],
  ])("%s does not open", async (_, change, cookie) => {
    const answer = await open(SEED, change, cookie);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
  });

  test("a form without what the description wants is refused in the vendor's words", async () => {
    const answer = await open(SEED, { json: "yes" });
    expect([answer.status, answer.body["resultCode"]]).toEqual([400, 400]);
  });

  test("reading rotates the cookie: the old one reads nothing, the new one does", async () => {
    const first = cookieOf(await open(), SESSION);
    const second = await read(first);
    const third = await read(cookieOf(second, SESSION));
    expect(third.body).toHaveProperty("authToken");
    expect(tokensOf(third)).not.toEqual(tokensOf(second));
    expect((await read(first)).body).toEqual({});
  });

  test("without a session, and when it is gone, reading answers an empty object", async () => {
    expect((await ask(site("/session"))).body).toEqual({});
    const cookie = cookieOf(await open(), SESSION);
    await control(sandbox, "expire", { what: "session" });
    const gone = await read(cookie);
    expect([gone.status, gone.body]).toEqual([200, {}]);
    expect(gone.headers.getSetCookie()[0]).toContain("Max-Age=0");
    expect((await open()).status).toBe(401);
  });

  test("tokens that have expired still open a session, and its tokens are good", async () => {
    await control(sandbox, "expire", { what: "access" });
    expect((await call(sessionHeaders(SEED))).status).toBe(401);
    const session = await read(cookieOf(await open(), SESSION));
    expect((await call(sessionHeaders(tokensOf(session)))).status).toBe(200);
  });
});

describe("the headers", () => {
  test("all of them open, as the person whose tokens they are", async () => {
    expect((await call(sessionHeaders(SEED))).body).toMatchObject({ name: "Ada" });
    expect((await call(sessionHeaders({ auth: "other-auth", context: "other-context" }))).body).toMatchObject({
      name: "Ben",
    });
  });

  test.each([
    ["one is missing", { contexttoken: "" }],
    ["it is not Bearer", { authorization: "seed-auth" }],
    ["the context is of somebody else", { contexttoken: "Bearer other-context" }],
    ["the transaction has no UUID", { "transaction-id": "tx-1" }],
    ["the transaction begins otherwise", { "transaction-id": "ty-8f8e0c0a-7d35-4a53-9c1b-0e2f6d9a7c11" }],
  ])("401 when %s", async (_, change) => {
    expect((await call({ ...sessionHeaders(SEED), ...change })).status).toBe(401);
  });

  test("a transaction that was there before is refused", async () => {
    const headers = sessionHeaders(SEED);
    expect((await call(headers)).status).toBe(200);
    const again = await call(headers);
    expect([again.status, again.body]).toEqual([
      400,
      { resultCode: 400, errorMessage: "transaction-id: was used before" },
    ]);
  });

  test("tokens of two readings do not go together", async () => {
    const first = await read(cookieOf(await open(), SESSION));
    const second = await read(cookieOf(first, SESSION));
    const mixed = { auth: tokensOf(first).auth, context: tokensOf(second).context };
    expect((await call(sessionHeaders(tokensOf(first)))).status).toBe(200);
    expect((await call(sessionHeaders(mixed))).status).toBe(401);
  });
});
