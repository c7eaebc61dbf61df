import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StartError } from "../../src/runtime/load/start-error.ts";
import { insure } from "../../src/runtime/limits/insurance.ts";
import { sharedSettings } from "../../src/runtime/shared-state/settings.ts";
import { PASSWORD, SECRET } from "./redis-server.ts";

const read = (changes: Readonly<Record<string, string | undefined>> = {}) =>
  sharedSettings({ TOOLWRIGHT_REDIS_URL: "redis://cache:6379", TOOLWRIGHT_SECRET: SECRET, ...changes });

test("without a URL nothing is shared, whatever else is set", () => {
  expect(read({ TOOLWRIGHT_REDIS_URL: undefined, TOOLWRIGHT_REPLICAS: "x" })).toBeUndefined();
  expect(read({ TOOLWRIGHT_REDIS_URL: " " })).toBeUndefined();
});

test.each([
  [{}, { prefix: "toolwright:default:", replicas: 4, shown: "redis://cache:6379", inTheClear: true }],
  [
    { TOOLWRIGHT_DEPLOYMENT: "staging", TOOLWRIGHT_REPLICAS: "12" },
    { prefix: "toolwright:staging:", replicas: 12, shown: "redis://cache:6379" },
  ],
  [
    { TOOLWRIGHT_REDIS_URL: `rediss://ann:${PASSWORD}@cache.example.com:6380/2?a=${PASSWORD}` },
    { shown: "rediss://cache.example.com:6380/2", inTheClear: false },
  ],
  [{ TOOLWRIGHT_REDIS_URL: `redis://:${PASSWORD}@127.0.0.1` }, { shown: "redis://127.0.0.1", inTheClear: false }],
])("%o", (changes, wanted) => expect(read(changes)).toMatchObject(wanted));

test.each([
  [{ TOOLWRIGHT_REDIS_URL: `https://:${PASSWORD}@cache` }, "TOOLWRIGHT_REDIS_URL is not the URL of a Redis"],
  [{ TOOLWRIGHT_REDIS_URL: `redis://:${PASSWORD}#x@` }, "TOOLWRIGHT_REDIS_URL is not the URL of a Redis"],
  [{ TOOLWRIGHT_REDIS_URL: `redis://:${PASSWORD}@cache/zero` }, "TOOLWRIGHT_REDIS_URL is not the URL of a Redis"],
  [{ TOOLWRIGHT_REDIS_URL: `redis://:${PASSWORD}%@cache` }, "TOOLWRIGHT_REDIS_URL is not the URL of a Redis"],
  [{ TOOLWRIGHT_REDIS_URL: `redis://a%zz:${PASSWORD}@cache` }, "TOOLWRIGHT_REDIS_URL is not the URL of a Redis"],
  [{ TOOLWRIGHT_SECRET: undefined }, "TOOLWRIGHT_REDIS_URL is set and TOOLWRIGHT_SECRET is not"],
  [{ TOOLWRIGHT_SECRET: "short" }, "TOOLWRIGHT_SECRET is shorter than 32 characters"],
  [{ TOOLWRIGHT_DEPLOYMENT: "a:b" }, "TOOLWRIGHT_DEPLOYMENT is no name"],
  [{ TOOLWRIGHT_REPLICAS: "0" }, "TOOLWRIGHT_REPLICAS is not a whole number of 1 or more"],
])("%o is refused in words that show no secret", (changes, words) => {
  const problem = (() => {
    try {
      return read(changes);
    } catch (error) {
      return error;
    }
  })();
  expect(problem).toBeInstanceOf(StartError);
  const { message, help } = problem as StartError; // as was just seen
  expect(message).toContain(words);
  expect(message + help).not.toContain(PASSWORD);
});

test("the library is read where replicas share something, and nowhere else", () => {
  const source = join(import.meta.dirname, "../../src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const naming = files.filter((file) => readFileSync(join(source, file), "utf8").includes("@redis/client"));
  expect(naming.map((file) => file.replaceAll("\\", "/"))).toEqual(["runtime/shared-state/client.ts"]);
  expect(readFileSync(join(source, naming[0] ?? ""), "utf8")).toContain('await import("@redis/client")');
});

test("without Redis so many replicas stay within the limit together, whatever each of them knows of it", () => {
  for (const [limit, replicas, used] of [
    [100, 4, 0],
    [100, 4, 61],
    [5, 4, 0],
    [3, 4, 0],
    [1_000, 7, 999],
  ] as const) {
    const parts = Array.from({ length: replicas }, () =>
      insure({ used, limit, replicas, endsAt: Date.now() + 60_000 }),
    );
    const taken = parts.map((part) => {
      let count = 0;
      while (part.take()) count += 1;
      return count;
    });
    const all = taken.reduce((sum, one) => sum + one, used);
    expect(all).toBeLessThanOrEqual(limit);
    expect(all).toBeGreaterThan(limit - replicas);
  }
});
