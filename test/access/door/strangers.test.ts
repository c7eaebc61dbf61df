import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { legacy, raw, type RawAnswer } from "../../mcp/fixture/raw.ts";
import { serveDoor } from "./fixture/door.ts";
import { issuerAccess, startIssuer } from "./fixture/issuer.ts";
import { callTool, nameIn, textIn } from "./fixture/rpc.ts";
import { keyOf, nameFor } from "./fixture/vendor.ts";

/** Whoever invents keys: the vendor refuses what begins with `revoked`. */
const invented = (n: number) => `revoked${String(n).padStart(12, "0")}`;
const good = (n: number) => `person${String(n).padStart(12, "0")}`;
const ANN = good(0);

/** All customers of the vendor's share a host, so that each key has limits of its own. */
const SHARED_HOST = { servers: { api: { url: "https://api.acme.example.com" } } };

async function serve(given: Parameters<typeof serveDoor>[0] = {}) {
  const door = await serveDoor({ trustProxy: true, ...given });
  onTestFinished(async () => await door.close());
  const call = async (key: string, from = "203.0.113.7", args: Record<string, unknown> = { thing_id: 1 }) =>
    await callTool(door.url, "fetchThing", { "x-acme-api-key": key, "x-forwarded-for": from }, { args });
  return { ...door, call };
}

const answered = (answers: readonly RawAnswer[]) => answers.filter((answer) => nameIn(answer) !== undefined).length;
const many = async <T>(count: number, work: (n: number) => Promise<T>) =>
  await Promise.all(Array.from({ length: count }, async (_, n) => await work(n)));
/** In rounds, so that none is refused because too many wait. */
async function inRounds<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let at = 0; at < count; at += 100)
    all.push(...(await many(Math.min(100, count - at), async (n) => await work(at + n))));
  return all;
}

describe("T42 invented keys leave nothing behind", () => {
  test("no file of a month, for none of 200; a good one's is there", async () => {
    const definition = { ...SHARED_HOST, limits: { calls: ["1000/day", "5000/month"], upstream: ["1000/month"] } };
    const { call, stateDirectory } = await serve({ definition });
    const files = () => (existsSync(join(stateDirectory, "quota")) ? readdirSync(join(stateDirectory, "quota")) : []);
    await inRounds(200, async (n) => await call(invented(n)));
    expect(files()).toEqual([]);
    expect(nameIn(await call(ANN))).toBe(nameFor(ANN));
    expect(files()).toHaveLength(2);
  });

  test("a good key is held to its month from the first call of a new process on", async () => {
    const definition = { ...SHARED_HOST, limits: { calls: ["3/month"] } };
    const first = await serve({ definition });
    const { stateDirectory, vendor } = first;
    const more = { definition, stateDirectory, vendor };
    const told = async ({ call }: typeof first, key = ANN) =>
      [await call(key), await call(key)].map((one) => nameIn(one) !== undefined);
    expect(await told(first)).toEqual([true, true]);
    expect(await told(await serve(more), good(1))).toEqual([true, true]);
    expect(await told(await serve(more))).toEqual([true, false]);
    expect(await told(await serve(more))).toEqual([false, false]);
    expect(vendor.seen).toHaveLength(5);
  });

  test("many first calls of one good key at once are held to its limit", async () => {
    const { call } = await serve({
      definition: { ...SHARED_HOST, limits: { calls: ["5/minute"] } },
      delayMs: () => 50,
    });
    expect(answered(await many(40, async () => await call(ANN)))).toBe(5);
    expect(nameIn(await call(ANN))).toBeUndefined();
    expect(nameIn(await call(good(1)))).toBe(nameFor(good(1)));
  });
});

describe("T42 invented keys use up nothing that belongs to others", () => {
  test("of one account that all share, neither calls nor requests", async () => {
    const definition = { limits: { calls: ["20/hour", "20/month"], upstream: ["20/hour"] } };
    const { call, vendor } = await serve({ definition });
    for (let n = 0; n < 50; n++) await call(invented(n));
    expect(vendor.seen).toHaveLength(50);
    expect(answered(await many(21, async (n) => await call(good(n))))).toBe(20);
  });

  test("nor does what the vendor counts for strangers count for the account", async () => {
    const definition = { limits: { upstream: ["20/hour"], headers: { remaining: "X-Remaining", cost: "X-Cost" } } };
    const { call } = await serve({ definition, refusalHeaders: { "x-remaining": "0", "x-cost": "20" } });
    await call(invented(1));
    expect(answered(await many(5, async () => await call(ANN)))).toBe(5);
  });
});

describe("T42 what strangers do is bounded for each address", () => {
  test("600 calls in ten minutes that the vendor refuses; whoever it knows goes on, and so does another address", async () => {
    const { call, vendor } = await serve();
    await call(ANN);
    const answers = await inRounds(620, async (n) => await call(invented(n)));
    expect(answers.filter((answer) => textIn(answer).includes("does not accept the key"))).toHaveLength(600);
    const refused = answers.filter((answer) => textIn(answer).includes("Too many calls came from your network"));
    expect(refused).toHaveLength(20);
    expect(refused[0]?.text).toMatch(/Try again in (5\d\d|600) seconds/);
    expect(vendor.seen).toHaveLength(601);
    expect(nameIn(await call(ANN))).toBe(nameFor(ANN));
    expect(nameIn(await call(ANN, "203.0.113.8"))).toBe(nameFor(ANN));
    expect(nameIn(await call(good(1)))).toBeUndefined();
    expect(nameIn(await call(good(1), "203.0.113.8"))).toBe(nameFor(good(1)));
    expect(nameIn(await call(good(1)))).toBe(nameFor(good(1))); // by now it is known
  }, 180_000);

  test("200 people of one office, who all begin at once, are served", async () => {
    const { call, vendor } = await serve({ definition: SHARED_HOST });
    expect(answered(await many(200, async (n) => await call(good(n))))).toBe(200);
    expect(vendor.seen).toHaveLength(200);
  });

  test("one wrong key that is tried again and again uses up nothing of its office's", async () => {
    const { call, vendor } = await serve();
    for (let n = 0; n < 30; n++) await call(invented(1));
    expect(vendor.seen).toHaveLength(10);
    expect(textIn(await call(invented(1)))).toMatch(/has just refused this key 10 times.*Try again in \d+ seconds/);
    expect(nameIn(await call(ANN))).toBe(nameFor(ANN));
  });

  test("the turns: 24 at a time for an address, 32 for all strangers, and those whom the vendor knows do not wait for them", async () => {
    const { call, vendor } = await serve();
    await call(ANN);
    const release = vendor.hold();
    const floods = many(90, async (n) => await call(invented(n), `203.0.113.${n % 3}`));
    await expect.poll(() => vendor.seen.length, { timeout: 20_000 }).toBe(33);
    const one = many(30, async (n) => await call(invented(100 + n), "203.0.113.9"));
    const anns = many(8, async () => await call(ANN, "203.0.113.1"));
    await expect.poll(() => vendor.seen.filter((seen) => keyOf(seen) === ANN).length, { timeout: 20_000 }).toBe(9);
    expect(vendor.seen).toHaveLength(41);
    release();
    expect(answered(await anns)).toBe(8);
    expect((await floods).every((answer) => textIn(answer).includes("does not accept the key"))).toBe(true);
    expect((await one).every((answer) => textIn(answer).includes("does not accept the key"))).toBe(true);
  });
});

test("T42 T44 X-Forwarded-For makes no new address of a stranger, unless an operator trusts the proxy", async () => {
  const { call, vendor } = await serve({ trustProxy: false });
  const release = vendor.hold();
  const all = many(40, async (n) => await call(invented(n), `203.0.113.${n}`));
  await expect.poll(() => vendor.seen.length, { timeout: 20_000 }).toBe(24);
  await pause(200);
  expect(vendor.seen).toHaveLength(24);
  release();
  await all;
});

test("a key that was taken once and is refused later is a stranger's again", async () => {
  const { call, vendor } = await serve();
  await call(ANN);
  vendor.answerWith(401);
  for (let n = 0; n < 12; n++) await call(ANN);
  expect(vendor.seen).toHaveLength(1 + 10);
  expect(textIn(await call(ANN))).toContain("has just refused this key 10 times");
});

describe("T42 nobody makes this server ask the issuer about tokens at will", () => {
  test("600 tokens in ten minutes of which it knows nothing; good ones do not count", async () => {
    const issuer = await startIssuer();
    const environment = { ISSUER: issuer.url, INTROSPECTION: `${issuer.url}/introspect` };
    const door = await serve({ access: issuerAccess(), environment });
    onTestFinished(async () => await issuer.close());
    const list = async (token: string, from = "203.0.113.7") => {
      const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": from };
      return await raw(door.url, { ...legacy("tools/list"), headers });
    };
    const asked = () => issuer.asked.filter((path) => path === "/introspect").length;
    const known = (token: string) => issuer.opaque.set(token, { active: true, ...issuer.claims(door.url) });
    known("opaque-good");
    expect((await list("opaque-good")).status).toBe(200);
    const answers = await inRounds(620, async (n) => await list(`opaque-${n}`));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(600);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(500);
    expect(JSON.parse(refused?.text ?? "")).toMatchObject({ error: "too_many_requests" });
    expect(asked()).toBe(601);
    known("opaque-other");
    expect((await list("opaque-good")).status).toBe(200); // it was asked about before
    expect((await list("opaque-other")).status).toBe(429);
    expect((await list("opaque-other", "203.0.113.8")).status).toBe(200);
  });
});
