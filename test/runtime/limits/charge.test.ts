import { expect, test } from "vitest";
import type { Limits } from "../../../src/definition/api.ts";
import { chargeCall, meterRequests } from "../../../src/runtime/limits/charge.ts";
import { readLimits } from "../../../src/runtime/limits/limits.ts";
import { context, deploy, problemOf } from "../call/deploy.ts";

const request = { method: "GET", path: "/tickets", server: "api" } as const;
const withLimits = (limits: Limits) => deploy("http://127.0.0.1:9", {}, { api: { limits } });

test("R6: of a thousand parallel calls exactly the limit passes", async () => {
  const deployment = withLimits({ calls: ["100/minute"] });
  const outcomes = await Promise.allSettled(Array.from({ length: 1_000 }, () => chargeCall(deployment)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(100);
  expect((await readLimits(deployment))[0]).toMatchObject({ name: "calls per minute", used: 100, limit: 100 });
});

test("two windows at once: the narrower one refuses and the other is not charged", async () => {
  const deployment = withLimits({ calls: ["2/second", "5/day"] });
  await chargeCall(deployment);
  await chargeCall(deployment);
  const { message, facts } = await problemOf(chargeCall(deployment));
  expect(message).toMatch(
    /^The local limit of 2 calls a second to Acme is used up; the request was not sent\. Come back in 1 second, at .*Z\. Left: 3 of 5 calls per day\.$/,
  );
  expect(facts.retryAfterSeconds).toBe(1);
});

test("a window starts again when it has passed", async () => {
  const deployment = withLimits({ calls: ["1/second"] });
  await chargeCall(deployment);
  await problemOf(chargeCall(deployment));
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await chargeCall(deployment);
});

test("a charge that is given back after its window has ended is not free in the next", async () => {
  const deployment = withLimits({ calls: ["2/second"] });
  const giveBack = await chargeCall(deployment);
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await chargeCall(deployment);
  await giveBack();
  expect((await readLimits(deployment))[0]).toMatchObject({ used: 1 });
});

test("a request waits for its turn when that comes soon enough", async () => {
  const deployment = withLimits({ upstream: ["2/second"] });
  const meter = meterRequests(deployment, request, context());
  const before = Date.now();
  await Promise.all([1, 2, 3, 4].map(() => meter.attempt()));
  expect(Date.now() - before).toBeGreaterThanOrEqual(950);
  expect(Date.now() - before).toBeLessThan(2_500);
});

test("a request is refused at once when its turn comes after the deadline", async () => {
  const deployment = withLimits({ upstream: ["1/second"] });
  const meter = meterRequests(deployment, request, context({ deadlineAt: Date.now() + 300 }));
  await meter.attempt();
  const before = Date.now();
  expect((await problemOf(meter.attempt())).code).toBe("rate_limited");
  expect(Date.now() - before).toBeLessThan(600);
});

test("a request is refused at once when its turn is more than ten seconds away", async () => {
  const deployment = withLimits({ upstream: ["1/minute"], calls: ["9/minute"] });
  const meter = meterRequests(deployment, request, context({ deadlineAt: Date.now() + 3_600_000 }));
  await meter.attempt();
  const { message, facts } = await problemOf(meter.attempt());
  expect(message).toMatch(
    /^The local limit of 1 request a minute to Acme is used up; .* Left: 9 of 9 calls per minute\.$/,
  );
  expect(facts.retryAfterSeconds).toBeGreaterThan(55);
});

test("an operation has limits of its own, and what it refuses costs the account nothing", async () => {
  const deployment = withLimits({ upstream: ["9/minute"], operations: { "GET /tickets": ["1/minute"] } });
  const tickets = meterRequests(deployment, request, context());
  await tickets.attempt();
  expect((await problemOf(tickets.attempt())).message).toContain(
    "The local limit of 1 request a minute to GET /tickets of Acme is used up",
  );
  await meterRequests(deployment, { ...request, method: "POST" }, context()).attempt();
  expect((await readLimits(deployment)).map(({ name, used }) => [name, used])).toEqual([
    ["requests per minute", 2],
    ["GET /tickets per minute", 1],
  ]);
});

test("row 29: when the vendor says that nothing is left, the window counts as spent", async () => {
  const deployment = withLimits({ upstream: ["100/minute", "1000/hour"], headers: { remaining: "X-Remaining" } });
  const meter = meterRequests(deployment, request, context());
  await meter.attempt();
  meter.answered(new Headers({ "x-remaining": "7" }));
  await meter.attempt();
  meter.answered(new Headers({ "x-remaining": "0" }));
  expect((await problemOf(meter.attempt())).code).toBe("rate_limited");
  expect((await readLimits(deployment)).map(({ name, used }) => [name, used])).toEqual([
    ["requests per minute", 100],
    ["requests per hour", 2],
  ]);
});

test("a request that cost more than one is charged what it cost", async () => {
  const deployment = withLimits({ upstream: ["10/minute"], headers: { cost: "X-Cost" } });
  const meter = meterRequests(deployment, request, context());
  for (const cost of ["3", "1", "0", "-2", "a lot", ""]) {
    await meter.attempt();
    meter.answered(new Headers({ "x-cost": cost }));
  }
  await meter.attempt();
  expect((await readLimits(deployment))[0]?.used).toBe(9);
});

test("a wait ends when the caller gives up", async () => {
  const deployment = withLimits({ upstream: ["1/second"] });
  const abort = new AbortController();
  const meter = meterRequests(deployment, request, context({ signal: abort.signal }));
  await meter.attempt();
  const before = Date.now();
  setTimeout(() => abort.abort(), 50);
  await expect(meter.attempt()).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  expect(Date.now() - before).toBeLessThan(500);
});

test("row 81: more than a hundred waiting requests are refused", async () => {
  const deployment = withLimits({ upstream: ["1/second"] });
  const abort = new AbortController();
  const attempts = Promise.allSettled(
    Array.from({ length: 150 }, () =>
      meterRequests(deployment, request, context({ signal: AbortSignal.any([abort.signal]) })).attempt(),
    ),
  );
  setTimeout(() => abort.abort(), 100);
  const outcomes = await attempts;
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const codes = outcomes.map((outcome) =>
    outcome.status === "rejected" ? (outcome.reason as { code: unknown }).code : undefined,
  );
  expect(codes.filter((code) => code === "rate_limited")).toHaveLength(49);
});

test("without limits nothing is counted", async () => {
  const deployment = deploy("http://127.0.0.1:9", {});
  await chargeCall(deployment);
  await meterRequests(deployment, request, context()).attempt();
  expect(await readLimits(deployment)).toEqual([]);
});
