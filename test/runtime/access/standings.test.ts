import { expect, test } from "vitest";
import { openBounds } from "../../../src/runtime/access/bounds.ts";
import { openStandings } from "../../../src/runtime/access/standings.ts";
import type { Judgement } from "../../../src/runtime/deployment.ts";

/** One call of a key, and what the vendor thinks of it. */
function callers() {
  const standings = openStandings("Acme", openBounds());
  return async (key: string, judgement: Judgement | undefined, address = "203.0.113.7") => {
    const trial = await standings.of(key, address).begin();
    if (judgement) trial.heard(judgement);
    await trial.end();
  };
}
const TOO_MANY = { code: "rate_limited", facts: { retryable: true } };

test.each(["refused", "forbidden", "undecided"] as const)(
  "T42 600 keys of one address that are %s",
  async (judgement) => {
    const call = callers();
    await call("known", "taken");
    for (let n = 0; n < 600; n++) await call(`key ${n}`, judgement);
    await expect(call("another", "taken")).rejects.toMatchObject(TOO_MANY);
    await call("known", "taken");
    await call("another", "taken", "203.0.113.8");
    await call("another", "taken");
  },
);

test.each(["taken", undefined] as const)(
  "an office of 2,000 whose keys are %s is never too many",
  async (judgement) => {
    const call = callers();
    for (let n = 0; n < 2_000; n++) await call(`key ${n}`, judgement);
  },
);

test("one key that is refused is refused here for the rest of the minute, and costs its office nothing more", async () => {
  const call = callers();
  for (let n = 0; n < 10; n++) await call("old", "refused");
  for (let n = 0; n < 700; n++) await expect(call("old", "refused")).rejects.toMatchObject(TOO_MANY);
  await call("good", "taken");
});

test("what is forbidden to a key that was taken says nothing against it; what is refused does", async () => {
  const call = callers();
  await call("ann", "taken");
  for (let n = 0; n < 700; n++) await call("ann", "forbidden");
  for (let n = 0; n < 10; n++) await call("ann", "refused");
  await expect(call("ann", "taken")).rejects.toMatchObject(TOO_MANY);
});

test("of ten thousand keys the one that was not used for longest is a stranger's again", async () => {
  const standings = openStandings("Acme", openBounds());
  const isStranger = (key: string) => standings.of(key, "203.0.113.7").isStranger();
  const take = async (key: string) => (await standings.of(key, "203.0.113.7").begin()).heard("taken");
  for (let n = 0; n < 600; n++) await take(`first ${n}`);
  expect([isStranger("first 0"), isStranger("first 1"), isStranger("never")]).toEqual([false, false, true]);
  for (let n = 0; n < 9_401; n++) {
    const trial = await standings.of(`more ${n}`, `198.51.${Math.floor(n / 250)}.${n % 250}`).begin();
    trial.heard("taken");
    if (n % 100 === 0) isStranger("first 0"); // is used meanwhile
  }
  expect([isStranger("first 0"), isStranger("first 2"), isStranger("more 9400")]).toEqual([false, true, false]);
});
