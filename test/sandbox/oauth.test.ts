import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import {
  ask,
  at,
  authorize,
  back,
  CLIENT,
  control,
  counters,
  HARBOUR,
  redeeming,
  signIn,
  token,
  VERIFIER,
} from "./harbour.ts";

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox(HARBOUR)));
afterAll(async () => await sandbox.close());

const me = async (bearer: Readonly<Record<string, string>>) =>
  await ask(at(sandbox, "api", "/pilot/me"), { headers: bearer });

describe("the authorization endpoint", () => {
  test("sends back a code and the state, to the registered address on any port", async () => {
    const answer = await authorize(sandbox);
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:7777\/callback\?code=[\w-]{32}&state=s\+1$/),
    ]);
  });

  test.each([
    ["client_id", "nobody"],
    ["client_id", undefined],
    ["redirect_uri", "http://127.0.0.1:7777/callback/more"],
    ["redirect_uri", "http://127.0.0.1:7777@evil.example/callback"],
    ["redirect_uri", "http://localhost:7777/callback"],
    ["redirect_uri", "https://app.example/back?x=1"],
    ["redirect_uri", undefined],
  ])("tells a wrong %s (%s) to the person, and sends nobody anywhere", async (name, value) => {
    const answer = await authorize(sandbox, { [name]: value });
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  test.each([
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ tenant: "other" }, "invalid_request"],
    [{ tenant: undefined }, "invalid_request"],
    [{ code_challenge: undefined }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge: "short" }, "invalid_request"],
    [{ scope: "read everything" }, "invalid_scope"],
    [{ user: "99" }, "access_denied"],
  ])("%j comes back as %s", async (given, error) => {
    expect(back(await authorize(sandbox, given))).toMatchObject({ error, state: "s 1" });
  });
});

describe("the token endpoint", () => {
  test("gives tokens for a code, once; a second time ends them", async () => {
    const { code } = back(await authorize(sandbox));
    const first = await token(sandbox, redeeming(code));
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{32}$/),
      token_type: "Bearer",
      expires_in: 3600,
      scope: "read offline_access",
      refresh_token: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(first.headers.get("cache-control")).toBe("no-store");
    const bearer = { authorization: `Bearer ${String(first.body["access_token"])}` };
    expect((await me(bearer)).status).toBe(200);
    const second = await token(sandbox, redeeming(code));
    expect([second.status, second.body["error"]]).toEqual([400, "invalid_grant"]);
    expect((await me(bearer)).status).toBe(401);
  });

  test.each([
    ["a verifier of somebody else", { code_verifier: "b".repeat(50) }, 400, "invalid_grant"],
    ["a verifier that is none", { code_verifier: "" }, 400, "invalid_grant"],
    ["another redirect_uri", { redirect_uri: "https://app.example/back" }, 400, "invalid_grant"],
    ["no code", { code: "" }, 400, "invalid_request"],
    ["a wrong secret", { client_secret: "Secret" }, 401, "invalid_client"],
    ["no such client", { client_id: "nobody" }, 401, "invalid_client"],
    ["another client", { client_id: "native", client_secret: "secret" }, 401, "invalid_client"],
    ["no such grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["a grant that is not this client's", { grant_type: "client_credentials" }, 400, "unauthorized_client"],
  ])("refuses %s", async (_, fields, status, error) => {
    const { code } = back(await authorize(sandbox));
    const answer = await token(sandbox, { ...redeeming(code), ...fields });
    expect([answer.status, answer.body]).toEqual([status, { error, error_description: expect.any(String) }]);
  });

  test("wants the tenant, in the address or the form, nothing else in the address, and a form", async () => {
    const code = async () => back(await authorize(sandbox))["code"];
    expect((await token(sandbox, redeeming(await code()), { query: "" })).body["error"]).toBe("invalid_request");
    expect((await token(sandbox, { ...redeeming(await code()), tenant: "acme" }, { query: "" })).status).toBe(200);
    const leaked = await token(sandbox, redeeming(await code()), { query: "tenant=acme&client_secret=secret" });
    expect(leaked.body["error"]).toBe("invalid_request");
    const body = JSON.stringify(redeeming(await code()));
    const asJson = await ask(at(sandbox, "auth", "/token?tenant=acme"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(asJson.body["error"]).toBe("invalid_request");
  });

  test("takes the client by Basic too, but not twice; a public client has no secret, and must use PKCE", async () => {
    const { client_id: _, client_secret: __, ...bare } = redeeming(back(await authorize(sandbox))["code"]);
    const basic = { authorization: `Basic ${Buffer.from("desk:secret").toString("base64")}` };
    expect((await token(sandbox, bare, { headers: basic })).status).toBe(200);
    expect((await token(sandbox, { ...bare, ...CLIENT }, { headers: basic })).body["error"]).toBe("invalid_request");
    const { code } = back(await authorize(sandbox, { client_id: "native" }));
    expect((await token(sandbox, { ...bare, code: code ?? "", client_id: "native" })).status).toBe(200);
  });

  test("a code without a challenge is not redeemed with a verifier", async () => {
    const uri = "https://app.example/back";
    const asked = { client_id: "old", redirect_uri: uri, code_challenge: undefined, code_challenge_method: undefined };
    const fields = { grant_type: "authorization_code", redirect_uri: uri, client_id: "old", client_secret: "secret" };
    const code = async () => ({ code: back(await authorize(sandbox, asked))["code"] ?? "" });
    expect((await token(sandbox, { ...fields, ...(await code()), code_verifier: VERIFIER })).status).toBe(400);
    expect((await token(sandbox, { ...fields, ...(await code()) })).status).toBe(200);
  });

  test("client credentials act as the client's user, without a refresh token", async () => {
    const fields = { grant_type: "client_credentials", client_id: "service", client_secret: "secret", scope: "read" };
    const { body } = await token(sandbox, fields);
    expect(body).not.toHaveProperty("refresh_token");
    expect((await me({ authorization: `bearer ${String(body["access_token"])}` })).body).toMatchObject({
      id: 32,
      name: "Ben",
    });
  });
});

describe("refreshing", () => {
  const refresh = async (value: string, more: object = {}) =>
    await token(sandbox, { grant_type: "refresh_token", refresh_token: value, ...CLIENT, ...more });

  test("rotates; one that was used ends everything that came of it", async () => {
    const before = await counters(sandbox);
    const first = await signIn(sandbox);
    const second = await refresh(first.refresh);
    expect(second.body).toMatchObject({ scope: "read write offline_access" });
    const bearer = { authorization: `Bearer ${String(second.body["access_token"])}` };
    expect((await me(bearer)).status).toBe(200);
    const again = await refresh(first.refresh);
    expect([again.status, again.body["error"]]).toEqual([400, "invalid_grant"]);
    expect((await me(bearer)).status).toBe(401);
    expect((await refresh(String(second.body["refresh_token"]))).status).toBe(400);
    const after = await counters(sandbox);
    expect([after["refresh_token"], after["refresh_token_reused"]]).toEqual([
      Number(before["refresh_token"] ?? 0) + 1,
      Number(before["refresh_token_reused"] ?? 0) + 1,
    ]);
  });

  test("may narrow the scopes, never widen them, and only for the client that asked", async () => {
    const narrow = await signIn(sandbox, "31", "read offline_access");
    expect((await refresh(narrow.refresh, { scope: "read write" })).body["error"]).toBe("invalid_scope");
    const other = { grant_type: "refresh_token", refresh_token: narrow.refresh, client_id: "native" };
    expect((await token(sandbox, other)).body["error"]).toBe("invalid_grant");
    expect((await refresh(narrow.refresh, { scope: "read offline_access" })).status).toBe(200);
  });

  test("needs a scope that was asked for", async () => {
    const { body } = await token(sandbox, redeeming(back(await authorize(sandbox, { scope: "read" }))["code"]));
    expect(body).not.toHaveProperty("refresh_token");
  });
});

describe("who calls", () => {
  test("two people have two identities, named by key or by another field", async () => {
    const [ada, ben] = await Promise.all([signIn(sandbox, "31"), signIn(sandbox, "ben@harbour.example")]);
    expect((await me(ada.bearer)).body["name"]).toBe("Ada");
    expect((await me(ben.bearer)).body["name"]).toBe("Ben");
  });

  test("a test says who signs in from now on", async () => {
    expect((await control(sandbox, "user", { user: 32 })).status).toBe(200);
    const { body } = await token(sandbox, redeeming(back(await authorize(sandbox))["code"]));
    expect((await me({ authorization: `Bearer ${String(body["access_token"])}` })).body["name"]).toBe("Ben");
    expect((await control(sandbox, "user", { user: 31 })).status).toBe(200);
    expect((await control(sandbox, "user", { user: 99 })).status).toBe(400);
  });

  test("scopes are those of the description, and those of the file", async () => {
    const reader = await signIn(sandbox, "31", "read");
    const post = async (bearer: object) =>
      await ask(at(sandbox, "api", "/berths"), {
        method: "POST",
        headers: { ...bearer, "content-type": "application/json" },
        body: '[{"name":"N"}]',
      });
    const refused = await post(reader.bearer);
    expect([refused.status, refused.body]).toEqual([403, { Message: "Not for you." }]);
    expect((await post((await signIn(sandbox)).bearer)).status).toBe(201);
    expect((await ask(at(sandbox, "api", "/ships/21"), { method: "DELETE", headers: reader.bearer })).status).toBe(403);
  });

  test("an operation that asks nobody is open, every other is not", async () => {
    expect((await ask(at(sandbox, "api", "/info"))).body).toEqual({ auth_url: "https://harbour.example/auth" });
    for (const headers of [{}, { authorization: "Bearer x" }, { authorization: "Bearer" }])
      expect((await ask(at(sandbox, "api", "/ships"), { headers })).status).toBe(401);
  });

  test("tokens end when a test says so", async () => {
    const { bearer, refresh } = await signIn(sandbox);
    await control(sandbox, "expire", { what: "access" });
    expect((await me(bearer)).status).toBe(401);
    const { body } = await token(sandbox, { grant_type: "refresh_token", refresh_token: refresh, ...CLIENT });
    await control(sandbox, "expire", { what: "refresh" });
    expect((await me({ authorization: `Bearer ${String(body["access_token"])}` })).status).toBe(200);
    const last = { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]), ...CLIENT };
    expect((await token(sandbox, last)).body["error"]).toBe("invalid_grant");
  });
});

test("the fault expire ends the token of every other request, on each server by itself", async () => {
  const faulty = await startSandbox(HARBOUR, { faults: ["expire"] });
  const statuses: number[] = [];
  for (let round = 0; round < 2; round++) {
    for (let turn = 0; turn < 2; turn++) {
      const { bearer } = await signIn(faulty);
      statuses.push((await ask(at(faulty, "api", "/ships"), { headers: bearer })).status);
    }
  }
  expect(statuses).toEqual([401, 200, 401, 200]);
  await faulty.close();
});
