import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { raw } from "../../mcp/fixture/raw.ts";
import { serveDoor } from "./fixture/door.ts";
import { callTool, ERAS, listTools, nameIn, textIn } from "./fixture/rpc.ts";
import { keyOf, nameFor } from "./fixture/vendor.ts";

const ANN = "annskey0123456789ann";
let door: Awaited<ReturnType<typeof serveDoor>>;
beforeAll(async () => (door = await serveDoor()));
afterAll(() => door.close());

/** What fetch adds by itself. */
const FETCH = ["accept-language", "sec-fetch-mode"];
const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";

describe("key rule 1: off by default, and never in the clear", () => {
  test.each([
    ["no public URL", ""],
    ["one without https", "http://localhost:8000"],
  ])("off this machine it refuses to start with %s", async (_what, url) => {
    const started = serveDoor({ host: "0.0.0.0", environment: { ACME_PUBLIC_URL: url } });
    await expect(started).rejects.toMatchObject({
      name: "StartError",
      help: expect.stringContaining("--public-url") as string,
    });
  });

  test("with an https one it starts", async () => {
    const open = await serveDoor({ host: "0.0.0.0", environment: { ACME_PUBLIC_URL: "https://mcp.example.com" } });
    await open.close();
  });

  test("without access: nobody is asked for a key", async () => {
    const env = await serveDoor({ environment: { ACME_ACCESS: "env" } });
    expect((await callTool(env.url, "fetchThing")).status).toBe(200);
    await env.close();
  });
});

describe.each(ERAS)("key rule 2: where a key may stand, revision %s", (_name, era) => {
  test.each([
    ["the dedicated header", { "x-acme-api-key": ANN }],
    ["the dedicated scheme", { authorization: `Acme-Key ${ANN}` }],
    ["the scheme in other letters", { authorization: `acme-key ${ANN}` }],
  ])("%s is taken", async (_what, headers) => {
    expect(nameIn(await callTool(door.url, "fetchThing", headers, { era }))).toBe(nameFor(ANN));
  });

  test.each([
    ["the bare key", { authorization: ANN }],
    ["Basic", { authorization: `Basic ${Buffer.from(`${ANN}:X`).toString("base64")}` }],
  ])("%s only behind the compatibility switch", async (_what, headers) => {
    expect((await callTool(door.url, "fetchThing", headers, { era })).status).toBe(401);
    const raw = await serveDoor({ environment: { ACME_RAW: "true" } });
    expect(nameIn(await callTool(raw.url, "fetchThing", headers, { era }))).toBe(nameFor(ANN));
    await raw.close();
  });
});

describe("key rule 3: what is no key is refused unseen", () => {
  test.each([
    ["Bearer with a key", { authorization: `Bearer ${ANN}` }],
    ["Bearer beside a good key", { authorization: `Bearer ${ANN}`, "x-acme-api-key": ANN }],
    ["DPoP", { authorization: `DPoP ${ANN}` }],
    ["a JWT in the header", { "x-acme-api-key": JWT }],
    ["a JWT by the scheme", { authorization: `Acme-Key ${JWT}` }],
    ["too short a key", { "x-acme-api-key": "abc" }],
    ["a key that does not fit to its end", { "x-acme-api-key": `${ANN}!` }],
    ["a key with a line's beginning", { "x-acme-api-key": `${ANN} x` }],
    ["an endless key", { "x-acme-api-key": "a".repeat(8_000) }],
  ])("%s: 401, and the vendor sees nothing", async (_what, headers) => {
    const before = door.vendor.seen.length;
    expect((await callTool(door.url, "fetchThing", headers)).status).toBe(401);
    expect(door.vendor.seen.length).toBe(before);
  });

  test("a JWT bare, with the switch on: 401", async () => {
    const open = await serveDoor({ environment: { ACME_RAW: "true" } });
    for (const authorization of [JWT, `Bearer ${JWT}`, `Basic ${Buffer.from(`${JWT}:X`).toString("base64")}`])
      expect((await callTool(open.url, "fetchThing", { authorization })).status).toBe(401);
    expect(open.vendor.seen).toEqual([]);
    await open.close();
  });
});

describe("key rule 4: the server's own key never takes a caller's place", () => {
  test("no key: 401, and the vendor sees nothing, though the environment holds one", async () => {
    const before = door.vendor.seen.length;
    expect((await callTool(door.url, "fetchThing")).status).toBe(401);
    expect((await callTool(door.url, "fetchThing", { "x-acme-api-key": "" })).status).toBe(401);
    expect(door.vendor.seen.length).toBe(before);
  });

  test("the environment of the deployment has it no longer", () => {
    expect(door.deployment.environment["ACME_API_KEY"]).toBeUndefined();
    expect(door.deployment.environment["ACME_AGENT_ID"]).toBe("42");
  });

  test("it starts without the variable", async () => {
    const bare = await serveDoor({ environment: { ACME_API_KEY: "" } });
    expect(nameIn(await callTool(bare.url, "fetchThing", { "x-acme-api-key": ANN }))).toBe(nameFor(ANN));
    await bare.close();
  });
});

test("key rule 5: where a call goes is the operator's word alone (T14)", async () => {
  const given = { "x-acme-api-key": ANN, "x-base-url": "http://evil.example", "x-acme-url": "http://evil.example" };
  const before = door.vendor.seen.length;
  expect(nameIn(await callTool(door.url, "fetchThing", given))).toBe(nameFor(ANN));
  expect(door.vendor.seen.length).toBe(before + 1);
});

describe("key rule 6: a key is known by its digest", () => {
  test("the log has the digest, and neither the key nor its Basic form", async () => {
    await callTool(door.url, "fetchThing", { "x-acme-api-key": ANN });
    const line = JSON.parse(door.lines.at(-1) ?? "{}") as Record<string, unknown>;
    expect(line).toMatchObject({
      api: "acme",
      tool: "fetchThing",
      status: "ok",
      caller: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(door.lines.join("\n")).not.toContain(ANN);
    expect(door.lines.join("\n")).not.toContain(Buffer.from(`${ANN}:X`).toString("base64"));
  });

  test("the same after a restart, another elsewhere, and nothing that the key alone gives", async () => {
    const digestOf = async (given: Parameters<typeof serveDoor>[0]) => {
      const one = await serveDoor(given);
      await callTool(one.url, "fetchThing", { "x-acme-api-key": ANN });
      const { caller } = JSON.parse(one.lines.at(-1) ?? "{}") as { caller: string };
      await one.close();
      return caller;
    };
    const { stateDirectory } = door;
    const [first, second, other] = [
      await digestOf({ stateDirectory }),
      await digestOf({ stateDirectory }),
      await digestOf({}),
    ];
    expect(first).toBe(second);
    expect(other).not.toBe(first);
  });
});

describe("key rule 7: nothing of an answer is kept in between", () => {
  test("no-store on an answer and on a refusal", async () => {
    const ok = await callTool(door.url, "fetchThing", { "x-acme-api-key": ANN });
    const refused = await callTool(door.url, "fetchThing");
    expect([ok.headers["cache-control"], refused.headers["cache-control"]]).toEqual(["no-store", "no-store"]);
  });

  test("A11 a list that is the same for all is public, one that a header narrowed is private", async () => {
    expect((await listTools(door.url, { "x-acme-api-key": ANN })).cacheScope).toBe("public");
    expect((await listTools(door.url, { "x-acme-api-key": ANN, "x-mcp-readonly": "true" })).cacheScope).toBe("private");
  });
});

describe("key rule 8: no client takes it for OAuth", () => {
  test("the challenge is none of Bearer's", async () => {
    const { headers, json } = await callTool(door.url, "fetchThing");
    expect(headers["www-authenticate"]).toBe('Acme-Key realm="Acme"');
    expect(json).toMatchObject({ error: "unauthorized", message: expect.stringContaining("x-acme-api-key") as string });
  });

  test.each(["oauth-protected-resource", "oauth-authorization-server", "openid-configuration"])(
    "%s is a JSON 404 in all three forms, asked for without a key",
    async (name) => {
      for (const path of [`/.well-known/${name}`, `/.well-known/${name}/mcp`, `/mcp/.well-known/${name}`]) {
        const answer = await raw(door.url, { method: "GET", path });
        expect({ path, status: answer.status, type: answer.headers["content-type"] }).toEqual({
          path,
          status: 404,
          type: "application/json",
        });
        expect(answer.json).toMatchObject({ error: "not_found" });
      }
    },
  );
});

test("key rule 9: no text of ours calls this mode an authorization of MCP", () => {
  const docs = readFileSync(join(import.meta.dirname, "../../../docs/access.md"), "utf8");
  expect(docs).toContain("not an authorization of MCP");
  expect(docs).not.toMatch(/api-key-passthrough[^.]*\bconform/i);
});

describe("an upstream 401 never becomes ours", () => {
  test.each(ERAS)("it is an answer of the tool, which says whose key it is, revision %s", async (_name, era) => {
    const key = "revoked0123456789ann";
    const answer = await callTool(door.url, "fetchThing", { "x-acme-api-key": key }, { era });
    expect(answer.status).toBe(200);
    expect(answer.headers["www-authenticate"]).toBeUndefined();
    expect(answer.json.result).toMatchObject({ isError: true });
    expect(textIn(answer)).toContain("does not accept the key that came with this request");
    expect(answer.text).not.toContain(key);
  });
});

test("T29 the vendor sees its credential, and nothing else of what came in", async () => {
  const headers = {
    "x-acme-api-key": ANN,
    cookie: "session=1",
    "x-forwarded-for": "192.0.2.1",
    "mcp-session-id": "s",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    baggage: "who=ann",
  };
  await callTool(door.url, "fetchThing", headers);
  const seen = door.vendor.seen.at(-1);
  expect(keyOf(seen ?? { headers: {} })).toBe(ANN);
  const allowed = new Set(["host", "connection", "accept", "accept-encoding", "user-agent", "authorization", ...FETCH]);
  expect(Object.keys(seen?.headers ?? {}).filter((name) => !allowed.has(name))).toEqual([]);
});
