import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, test } from "vitest";
import { serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
import { callTool, listTools, nameIn, textIn } from "./fixture/rpc.ts";
import { legacy, modern } from "../../mcp/fixture/raw.ts";
import { keyOf, nameFor } from "./fixture/vendor.ts";

const keyFor = (person: number) => `person${String(person).padStart(10, "0")}`;
/** A sequence that looks like chance and is the same in every run. */
function sequence(seed: number) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

describe("S4 people with keys of their own never meet", () => {
  test("T30 100 people, 20 calls each, at once, in both eras, a tenth of them given up half-way: each gets his own", async () => {
    const delay = sequence(7);
    const door = await serveDoor({ delayMs: () => delay() * 50, environment: { ACME_CALLS_PER_MINUTE: "100000" } });
    const chance = sequence(1);
    let mine = 0;
    let aborted = 0;
    const one = async (person: number, call: number) => {
      const key = keyFor(person);
      const era = call % 2 === 0 ? modern : legacy;
      const message = era("tools/call", { name: "fetchThing", arguments: { thing_id: 1 + call } });
      const giveUp = chance() < 0.1;
      const signal = giveUp ? AbortSignal.timeout(Math.ceil(chance() * 25)) : undefined;
      try {
        const response = await fetch(door.url, {
          method: "POST",
          body: message.body,
          headers: {
            ...(message.headers as Record<string, string>), // none is undefined
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "x-acme-api-key": key,
          },
          ...(signal && { signal }),
        });
        const text = await response.text();
        expect(text).toContain(nameFor(key));
        expect(text.match(/"name":"[0-9a-f]{12}"/g)?.every((name) => name === `"name":"${nameFor(key)}"`) ?? true).toBe(
          true,
        );
        mine++;
      } catch (error) {
        if (!giveUp) throw error;
        aborted++;
      }
    };
    for (let round = 0; round < 20; round += 5) {
      await Promise.all(Array.from({ length: 500 }, (_, index) => one(index % 100, round + Math.floor(index / 100))));
    }
    expect(mine + aborted).toBe(2_000);
    expect(aborted).toBeGreaterThan(50);
    const shown = new Set(door.vendor.seen.map(keyOf));
    expect(shown.size).toBe(100);
    await door.close();
  }, 180_000);

  test("two people, the clients of SDK v2 and v1, with their keys in a header", async () => {
    const door = await serveDoor();
    const given = [keyFor(1), keyFor(2)].map((key) => ({ requestInit: { headers: { "X-Acme-Api-Key": key } } }));
    const [ann, bob] = given;
    const v2 = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await v2.connect(new StreamableHTTPClientTransport(new URL(door.url), ann));
    const v1 = new ClientV1({ name: "test", version: "1" });
    await v1.connect(new TransportV1(new URL(door.url), bob));
    const call = { name: "fetchThing", arguments: { thing_id: 1 } };
    const answers = await Promise.all([v2.callTool(call), v1.callTool(call), v2.callTool(call), v1.callTool(call)]);
    expect(answers.map(({ structuredContent }) => (structuredContent as { name: string }).name)).toEqual(
      [1, 2, 1, 2].map((person) => nameFor(keyFor(person))),
    );
    await Promise.all([v1.close(), v2.close()]);
    await door.close();
  });
});

describe("T31 nothing of one is shown to another", () => {
  test("the same URL, asked by two: each has his own request, and a refused key gets nobody's data", async () => {
    const door = await serveDoor();
    await callTool(door.url, "fetchThing", { "x-acme-api-key": keyFor(1) });
    const second = await callTool(door.url, "fetchThing", { "x-acme-api-key": keyFor(2) });
    const refused = await callTool(door.url, "fetchThing", { "x-acme-api-key": "revoked0123456789" });
    expect(nameIn(second)).toBe(nameFor(keyFor(2)));
    expect(textIn(refused)).toContain("does not accept the key");
    expect(refused.text).not.toContain(nameFor(keyFor(1)));
    expect(door.vendor.seen.length).toBe(3);
    await door.close();
  });
});

describe("T42 a new key is no new quota", () => {
  const calls = async (environment: Record<string, string>, definition = {}) => {
    const door = await serveDoor({ environment: { ACME_CALLS_PER_MINUTE: "20", ...environment }, definition });
    const answers = [];
    for (let person = 0; person < 50; person++)
      answers.push(await callTool(door.url, "fetchThing", { "x-acme-api-key": keyFor(person) }));
    await door.close();
    return answers.filter((answer) => nameIn(answer) !== undefined).length;
  };

  test("50 keys of an account with a host of its own share its limit", async () => {
    expect(await calls({})).toBe(20);
  });

  test("where all the vendor's customers share a host, each key is an account", async () => {
    expect(await calls({}, { servers: { api: { url: "https://api.acme.example.com" } } })).toBe(50);
  });
});

describe("T33 a cursor is no capability", () => {
  test("another person's, a changed one or a forged one is refused before anything is sent", async () => {
    const door = await serveDoor();
    const list = async (person: number, args: Record<string, unknown>) =>
      await callTool(door.url, "fetchThings", { "x-acme-api-key": keyFor(person) }, { args });
    const first = await list(1, { limit: 1 });
    const cursor = (first.json.result as { structuredContent: { next_cursor: string } }).structuredContent.next_cursor;
    expect((await list(1, { limit: 1, cursor })).json.result?.["isError"]).toBeUndefined();
    const sent = door.vendor.seen.length;
    const flipped = `${cursor.slice(0, -1)}${cursor.endsWith("A") ? "B" : "A"}`;
    for (const answer of [await list(2, { limit: 1, cursor }), await list(1, { limit: 1, cursor: flipped })])
      expect(answer.json.result).toMatchObject({ isError: true });
    const forged = await list(1, {
      cursor: Buffer.from('[1,0,2,0,10,0,null,"AAAAAAAAAAAAAAAA"]').toString("base64url"),
    });
    expect(forged.json.result).toMatchObject({ isError: true });
    expect(door.vendor.seen.length).toBe(sent);
    await door.close();
  });
});

test("S4 two people of an issuer, one shared account: the log says who it was", async () => {
  const issuer = await startIssuer();
  const { resourceServer, ...access } = issuerAccess();
  const { introspection: _introspection, ...rest } = resourceServer;
  const door = await serveDoor({ access: { ...access, resourceServer: rest }, environment: { ISSUER: issuer.url } });
  for (const sub of ["ann", "bob"])
    await callTool(door.url, "fetchThing", { authorization: `Bearer ${await issuer.token(door.url, { sub })}` });
  await listTools(door.url);
  const lines = door.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ subject, client }) => [subject, client])).toEqual([
    ["ann", "client-1"],
    ["bob", "client-1"],
  ]);
  expect(new Set(lines.map(({ caller }) => caller)).size).toBe(2);
  expect(door.lines.join("\n")).not.toContain("eyJ");
  await door.close();
  await issuer.close();
});
