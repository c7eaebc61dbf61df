import { getEventListeners } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { within } from "../request/fixture.ts";
import { failureTo, rawVendor, sendTo, vendorOf, WRITE } from "./vendor.ts";

beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(() => configureTransport({}));

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test("a call that is cancelled already sends nothing", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  expect(await failureTo(vendor, { context: within(10_000, AbortSignal.abort()) })).toMatchObject({
    code: "cancelled",
  });
  expect(await failureTo(vendor, { context: within(-1) })).toMatchObject({ code: "timeout" });
  expect(vendor.requests).toEqual([]);
  await vendor.close();
});

test("all attempts share one deadline", { retry: 2 }, async () => {
  const vendor = await vendorOf((response) => response.destroy());
  const slow = { attempt: () => pause(150) };
  const start = performance.now();
  expect(await failureTo(vendor, { context: within(250), hooks: slow })).toMatchObject({ code: "timeout" });
  expect(performance.now() - start).toBeLessThan(600);
  expect(vendor.requests.length).toBeLessThan(3);
  await vendor.close();
});

test("a deadline that passes while a write is out leaves its outcome unknown", async () => {
  const vendor = await rawVendor(() => undefined);
  expect(await failureTo(vendor, { request: WRITE, context: within(200) })).toMatchObject({ code: "outcome_unknown" });
  expect(
    await failureTo(vendor, { request: WRITE, context: within(200), hooks: { attempt: () => pause(400) } }),
  ).toMatchObject({ code: "timeout" });
  await vendor.close();
});

test("a call leaves no listener and no timer behind", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  await sendTo(vendor);
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const { signal } = new AbortController();
  for (let call = 0; call < 20; call++) await sendTo(vendor, { context: within(60_000, signal) });
  expect(timers()).toBeLessThanOrEqual(before);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  await vendor.close();
});
