import { getEventListeners } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { within } from "../request/fixture.ts";
import { failureTo, rawVendor, sendTo, type Vendor, vendorOf, WRITE } from "./vendor.ts";

beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(() => configureTransport({}));

/** Cancels when a request has come in, and says how long the vendor's connection then lived. */
async function cancelled(vendor: Vendor, request: object) {
  const controller = new AbortController();
  const outcome = failureTo(vendor, { request, context: within(10_000, controller.signal) });
  while (vendor.requests.length === 0) await pause(2);
  await pause(30); // headers and the first bytes are there
  const start = performance.now();
  controller.abort();
  const error = await outcome;
  while (vendor.sockets.size > 0 && performance.now() - start < 2_000) await pause(2);
  return { error, tookMs: performance.now() - start };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

for (const [kind, request] of Object.entries({ safe: {}, write: WRITE })) {
  test(`74 a cancelled call drops the connection before the headers: ${kind}`, async () => {
    const vendor = await rawVendor(() => undefined);
    const { error, tookMs } = await cancelled(vendor, request);
    expect(error).toMatchObject({ code: "cancelled" });
    expect(tookMs).toBeLessThan(100);
    expect(vendor.requests).toHaveLength(1);
    await vendor.close();
  });

  test(`75 and in the middle of the body: ${kind}`, async () => {
    const vendor = await rawVendor((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"));
    const { error, tookMs } = await cancelled(vendor, request);
    expect(error).toMatchObject({ code: "cancelled" });
    expect(tookMs).toBeLessThan(100);
    expect(vendor.requests).toHaveLength(1);
    await vendor.close();
  });

  test(`76 and no attempt follows a pause that was cut short: ${kind}`, async () => {
    const vendor = await vendorOf((response) =>
      response.writeHead(429, { "retry-after": "10", connection: "close" }).end(),
    ); // 0.5 s here
    const { error, tookMs } = await cancelled(vendor, request);
    expect(error).toMatchObject({ code: "cancelled" });
    expect(tookMs).toBeLessThan(100);
    await pause(600);
    expect(vendor.requests).toHaveLength(1);
    await vendor.close();
  });
}

test("a call that is cancelled already sends nothing", async () => {
  const vendor = await vendorOf((response) => response.end("{}"));
  expect(await failureTo(vendor, { context: within(10_000, AbortSignal.abort()) })).toMatchObject({
    code: "cancelled",
  });
  expect(await failureTo(vendor, { context: within(-1) })).toMatchObject({ code: "timeout" });
  expect(vendor.requests).toEqual([]);
  await vendor.close();
});

test("all attempts share one deadline", async () => {
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
