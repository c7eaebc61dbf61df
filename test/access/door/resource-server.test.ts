import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { legacy, modern, raw } from "../../mcp/fixture/raw.ts";
import { OWN_KEY, serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
import { callTool, ERAS, listTools, nameIn } from "./fixture/rpc.ts";
import { keyOf, nameFor } from "./fixture/vendor.ts";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let door: Awaited<ReturnType<typeof serveDoor>>;
beforeAll(async () => {
  issuer = await startIssuer();
  door = await serveDoor({ access: noIntrospection(), environment: { ISSUER: issuer.url } });
});
afterAll(async () => {
  await door.close();
  await issuer.close();
});

function noIntrospection() {
  const { resourceServer, ...access } = issuerAccess();
  const { introspection: _introspection, ...rest } = resourceServer;
  return { ...access, resourceServer: rest };
}
/** As `raw` calls it: by the name that this machine has. */
const resource = () => door.url;
const bearer = async (more: Record<string, unknown> = {}, header: Record<string, unknown> = {}) => ({
  authorization: `Bearer ${await issuer.token(resource(), more, header)}`,
});

describe("A2 protected resource metadata", () => {
  test("the document that the 401 names is there, and it names this endpoint and the issuer, byte for byte", async () => {
    const refused = await raw(door.url, legacy("tools/list"));
    const named = /resource_metadata="([^"]+)"/.exec(String(refused.headers["www-authenticate"]))?.[1] ?? "";
    expect(named).toBe(`${new URL(door.url).origin}/.well-known/oauth-protected-resource/mcp`);
    const document = await raw(named, { method: "GET" });
    expect(document.json).toMatchObject({
      resource: door.url,
      authorization_servers: [issuer.url],
      resource_name: "Acme",
    });
    for (const path of ["/.well-known/oauth-protected-resource", "/mcp/.well-known/oauth-protected-resource"])
      expect((await raw(door.url, { method: "GET", path })).text).toBe(document.text);
  });

  test("each of the endpoint's paths is a resource of its own", async () => {
    const path = "/.well-known/oauth-protected-resource/mcp/acme";
    expect((await raw(door.url, { method: "GET", path })).json).toMatchObject({ resource: `${door.url}/acme` });
    const refused = await raw(door.url, { ...legacy("tools/list"), path: "/mcp/acme" });
    expect(refused.headers["www-authenticate"]).toContain(`${path}"`);
  });

  test.each(["oauth-authorization-server", "openid-configuration"])(
    "%s is the issuer's own, in all three forms",
    async (name) => {
      for (const path of [`/.well-known/${name}`, `/.well-known/${name}/mcp`, `/mcp/.well-known/${name}`]) {
        const answer = await raw(door.url, { method: "GET", path });
        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
        expect(answer.json).toMatchObject({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });
      }
    },
  );
});

test("A3 the challenge asks for the baseline, metadata list our scopes and no offline_access", async () => {
  const refused = await raw(door.url, legacy("tools/list"));
  expect(refused.status).toBe(401);
  expect(refused.headers["www-authenticate"]).toContain('scope="read"');
  const document = await raw(door.url, { method: "GET", path: "/.well-known/oauth-protected-resource" });
  expect(document.json).toMatchObject({ scopes_supported: ["read", "write"], bearer_methods_supported: ["header"] });
});

describe("A4 a token for here is taken, and goes no further", () => {
  test.each(ERAS)(
    "a call answers with the server's own account where upstream is shared, revision %s",
    async (_name, era) => {
      const headers = await bearer();
      expect(nameIn(await callTool(door.url, "fetchThing", headers, { era }))).toBe(nameFor(OWN_KEY));
    },
  );

  test("T29 the inbound token never reaches the vendor", async () => {
    const headers = await bearer();
    await callTool(door.url, "fetchThing", headers);
    const [, token = ""] = headers.authorization.split(" ");
    expect(keyOf(door.vendor.seen.at(-1) ?? { headers: {} })).toBe(OWN_KEY);
    expect(JSON.stringify(door.vendor.seen)).not.toContain(token.slice(0, 40));
    expect(JSON.stringify(door.vendor.seen)).not.toContain(token.split(".")[2]);
  });

  test("A4 a token in the query string is none", async () => {
    const token = await issuer.token(resource());
    const answer = await raw(door.url, { ...legacy("tools/list"), path: `/mcp?access_token=${token}` });
    expect(answer.status).toBe(401);
  });

  test("with the audience that an operator named, and for no other", async () => {
    const access = noIntrospection();
    const named = await serveDoor({ access, environment: { ISSUER: issuer.url, AUDIENCE: "api://acme" } });
    const good = { authorization: `Bearer ${await issuer.token("api://acme")}` };
    const url = { authorization: `Bearer ${await issuer.token(named.url)}` };
    expect([(await listTools(named.url, good)).status, (await listTools(named.url, url)).status]).toEqual([200, 401]);
    await named.close();
  });
});

describe("T28 forged and foreign tokens", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = (alg: string) => `${encode({ alg, typ: "at+jwt" })}.${encode(issuer.claims(resource()))}.`;
  /** The public key as the secret of an HMAC: what a careless verifier takes. */
  const confused = () => {
    const signed = `${encode({ alg: "HS256", kid: "k1", typ: "at+jwt" })}.${encode(issuer.claims(resource()))}`;
    return `${signed}.${createHmac("sha256", JSON.stringify(issuer.jwk)).update(signed).digest("base64url")}`;
  };
  const forged: readonly (readonly [string, () => Promise<string> | string])[] = [
    ["for another audience", () => issuer.token("https://other.example/mcp")],
    ["for no audience", () => issuer.token(resource(), { aud: undefined })],
    ["for our origin alone", () => issuer.token(new URL(resource()).origin)],
    ["for a path below", () => issuer.token(`${resource()}/other`)],
    ["of another issuer", () => issuer.token(resource(), { iss: "https://evil.example" })],
    ["of no issuer", () => issuer.token(resource(), { iss: undefined })],
    ["expired", () => issuer.token(resource(), { exp: now() - 60 })],
    ["without an end", () => issuer.token(resource(), { exp: undefined })],
    ["not valid yet", () => issuer.token(resource(), { nbf: now() + 600 })],
    ["signed by a stranger", () => issuer.token(resource(), {}, {}, issuer.stranger)],
    ["with a key that is not there", () => issuer.token(resource(), {}, { kid: "k2" })],
    ["alg none", () => unsigned("none")],
    ["alg None", () => unsigned("None")],
    ["alg HS256 with the public key", confused],
    ["an ID token by its typ", () => issuer.token(resource(), {}, { typ: "id+jwt" })],
    ["a logout token by its typ", () => issuer.token(resource(), {}, { typ: "logout+jwt" })],
    ["bound to a key of its client", () => issuer.token(resource(), { cnf: { jkt: "x" } })],
    ["for nobody", () => issuer.token(resource(), { sub: undefined, client_id: undefined })],
    ["a critical header that nobody knows", () => issuer.token(resource(), {}, { crit: ["x"], x: 1 })],
    [
      "changed after it was signed",
      async () =>
        (await issuer.token(resource())).replace(/\.[^.]+\./, `.${encode(issuer.claims(resource(), { sub: "bob" }))}.`),
    ],
    ["no JWT at all", () => "opaque-token-of-something"],
    ["the vendor's own key", () => OWN_KEY],
  ];
  test.each(forged)("%s: 401, the challenge intact, nothing done", async (_what, make) => {
    const before = door.vendor.seen.length;
    const answer = await callTool(door.url, "fetchThing", { authorization: `Bearer ${await make()}` });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(
      /^Bearer error="invalid_token", .*scope="read", resource_metadata="http/,
    );
    expect(door.vendor.seen.length).toBe(before);
  });

  test.each(["Bearer", "Basic abc", "bearer", "Token x", "Bearer  "])(
    "the header %j is none",
    async (authorization) => {
      expect((await raw(door.url, { ...legacy("tools/list"), headers: { authorization } })).status).toBe(401);
    },
  );
});

describe("A5 scopes: one round, then no more", () => {
  test.each(ERAS)(
    "a writing tool with a reading token: 403 with all that it needs, revision %s",
    async (_name, era) => {
      const answer = await callTool(door.url, "createThing", await bearer(), { era, args: { name: "x" } });
      expect(answer.status).toBe(403);
      const challenge = String(answer.headers["www-authenticate"]);
      expect(challenge).toMatch(/^Bearer error="insufficient_scope"/);
      const asked = /scope="([^"]*)"/.exec(challenge)?.[1] ?? "";
      expect(asked).toBe("read write");
      expect(challenge).toContain("resource_metadata=");
      const before = door.vendor.seen.length;
      const again = await callTool(door.url, "createThing", await bearer({ scope: asked }), {
        era,
        args: { name: "x" },
      });
      expect([again.status, door.vendor.seen.length - before]).toEqual([200, 1]);
    },
  );

  test("who may write may read: scopes are a ladder", async () => {
    expect((await callTool(door.url, "fetchThing", await bearer({ scope: "write" }))).status).toBe(200);
  });

  test("scopes in scp, a text or a list, count as well", async () => {
    for (const scp of ["read write", ["read", "write"]])
      expect((await listTools(door.url, await bearer({ scope: undefined, scp }))).names).toContain("createThing");
  });

  test("a token that allows nothing here: 403 with the baseline", async () => {
    const answer = await raw(door.url, { ...legacy("tools/list"), headers: await bearer({ scope: "openid email" }) });
    expect([answer.status, /scope="([^"]*)"/.exec(String(answer.headers["www-authenticate"]))?.[1]]).toEqual([
      403,
      "read",
    ]);
  });

  test("a call in a batch is looked at too", async () => {
    const call = (name: string, id: number) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name, arguments: {} },
    });
    const body = JSON.stringify([call("fetchThing", 1), call("createThing", 2)]);
    const before = door.vendor.seen.length;
    expect((await raw(door.url, { body, headers: await bearer() })).status).toBe(403);
    expect(door.vendor.seen.length).toBe(before);
  });

  test("a scope of its own for one tool, besides that of what it does", async () => {
    const access = { ...noIntrospection(), toolScopes: { pictures: ["downloadThing"] } };
    const named = await serveDoor({ access, environment: { ISSUER: issuer.url } });
    const bearing = async (scope: string) => ({ authorization: `Bearer ${await issuer.token(named.url, { scope })}` });
    expect((await listTools(named.url, await bearing("read"))).names).not.toContain("downloadThing");
    expect((await listTools(named.url, await bearing("read pictures"))).names).toContain("downloadThing");
    expect((await listTools(named.url, await bearing("pictures"))).names).toEqual([]);
    const refused = await callTool(named.url, "downloadThing", await bearing("read"));
    expect(refused.headers["www-authenticate"]).toContain('scope="read pictures"');
    await named.close();
  });

  test("initial_scopes is what the first challenge asks for", async () => {
    const access = { ...noIntrospection(), initialScopes: ["read", "write"] };
    const named = await serveDoor({ access, environment: { ISSUER: issuer.url } });
    const { headers } = await raw(named.url, legacy("tools/list"));
    expect(headers["www-authenticate"]).toContain('scope="read write"');
    const reader = { authorization: `Bearer ${await issuer.token(named.url)}` };
    expect((await listTools(named.url, reader)).status).toBe(200);
    await named.close();
  });
});

describe("A11 the list is what the caller may do", () => {
  test("filtered by scopes, and private", async () => {
    expect(await listTools(door.url, await bearer())).toEqual({
      status: 200,
      names: ["downloadThing", "fetchThing", "fetchThings"],
      cacheScope: "private",
    });
    expect((await listTools(door.url, await bearer({ scope: "read write" }))).names).toContain("createThing");
  });

  test("without a door it is one for all, and public", async () => {
    const env = await serveDoor({ access: { mode: "env" } });
    expect(await listTools(env.url)).toMatchObject({ status: 200, cacheScope: "public" });
    await env.close();
  });

  test("what is not served is unknown with any token, not forbidden", async () => {
    const less = await serveDoor({
      access: noIntrospection(),
      environment: { ISSUER: issuer.url },
      except: ["createThing"],
    });
    const headers = { authorization: `Bearer ${await issuer.token(less.url)}` };
    const answer = await callTool(less.url, "createThing", headers, { args: { name: "x" } });
    expect([answer.status, answer.json.error?.code]).toEqual([200, -32602]);
    await less.close();
  });
});

describe("T27 nothing is looked at before it is known who asks", () => {
  const given: readonly (readonly [string, Parameters<typeof raw>[1]])[] = [
    ["GET", { method: "GET" }],
    ["DELETE", { method: "DELETE" }],
    ["HEAD", { method: "HEAD" }],
    ["PUT", { method: "PUT" }],
    ["OPTIONS that is no preflight", { method: "OPTIONS" }],
    ["a notification", { body: '{"jsonrpc":"2.0","method":"notifications/initialized"}' }],
    [
      "initialize",
      legacy("initialize", {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "x", version: "1" },
      }),
    ],
    ["server/discover", modern("server/discover")],
    ["what is no JSON", { body: "{" }],
    ["another content type", { body: "x", headers: { "content-type": "text/plain" } }],
    ["too large a body", { body: " ".repeat(4 * 1024 * 1024 + 1) }],
    ["an unknown method", legacy("nothing/known")],
    ["a path below", { path: "/mcp/acme/nothing" }],
    ["an unknown path under it", { path: "/mcp/other" }],
    ["a slash at the end", { path: "/mcp/" }],
    ["dots in the path", { path: "/mcp/../mcp" }],
  ];
  test.each(given)("%s without a token: 401", async (_what, request) => {
    expect((await raw(door.url, request)).status).toBe(401);
  });

  test("with a token, what there is not is not found", async () => {
    const headers = await bearer();
    expect((await raw(door.url, { path: "/mcp/other", ...legacy("ping"), headers })).status).toBe(404);
  });
});

describe("opaque tokens, by introspection (RFC 7662)", () => {
  let asking: Awaited<ReturnType<typeof serveDoor>>;
  beforeAll(async () => {
    const environment = { ISSUER: issuer.url, INTROSPECTION: `${issuer.url}/introspect` };
    asking = await serveDoor({ access: issuerAccess(), environment });
  });
  afterAll(() => asking.close());
  const listed = async (token: string, claims: Record<string, unknown>) => {
    issuer.opaque.set(token, { active: true, ...issuer.claims(asking.url), ...claims });
    return (await listTools(asking.url, { authorization: `Bearer ${token}` })).status;
  };

  test("an active one is taken, and asked about once", async () => {
    const asked = () => issuer.asked.filter((path) => path === "/introspect").length;
    const before = asked();
    expect(await listed("opaque-good", {})).toBe(200);
    expect(await listed("opaque-good", {})).toBe(200);
    expect(asked() - before).toBe(1);
  });

  test.each([
    ["inactive", { active: false }],
    ["for another audience", { aud: "https://other.example/mcp" }],
    ["for no audience", { aud: undefined }],
    ["of another issuer", { iss: "https://evil.example" }],
    ["expired", { exp: 1 }],
    ["of another kind", { token_type: "DPoP" }],
    ["bound to a key", { cnf: { jkt: "x" } }],
  ])("one that is %s: 401", async (what, claims) => {
    expect(await listed(`opaque-${what}`, claims)).toBe(401);
  });

  test("one that ends soon is asked about again when it has ended", async () => {
    const exp = Math.floor(Date.now() / 1000) + 1;
    expect(await listed("opaque-short", { exp })).toBe(200);
    await new Promise((done) => setTimeout(done, 2_100));
    expect((await listTools(asking.url, { authorization: "Bearer opaque-short" })).status).toBe(401);
  });

  test("JWTs are verified by their signature all the same", async () => {
    const token = await issuer.token(asking.url);
    expect((await listTools(asking.url, { authorization: `Bearer ${token}` })).status).toBe(200);
  });
});

test("an issuer that is out of reach is a 503, never a 401: a client must not throw its token away", async () => {
  const other = await startIssuer();
  const cut = await serveDoor({ access: noIntrospection(), environment: { ISSUER: other.url } });
  other.setDown(true);
  const headers = { authorization: `Bearer ${await other.token(cut.url)}` };
  const refused = await raw(cut.url, { ...legacy("tools/list"), headers });
  expect([refused.status, refused.headers["retry-after"], refused.headers["www-authenticate"]]).toEqual([
    503,
    "5",
    undefined,
  ]);
  expect(cut.lines.join("\n")).toContain("fault");
  other.setDown(false);
  await new Promise((done) => setTimeout(done, 2_100));
  expect((await listTools(cut.url, headers)).status).toBe(200);
  await cut.close();
  await other.close();
});
