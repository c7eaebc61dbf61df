import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { now } from "../../../src/runtime/clock.ts";
import { trackCalls } from "../../../src/runtime/serve/in-flight.ts";

const client = () => new AbortController().signal;

test("a call ends with its client, with the client's reason", () => {
  const controller = new AbortController();
  const call = trackCalls().begin(controller.signal);
  controller.abort("gone");
  expect(call.signal.reason).toBe("gone");
  call.end();
  expect(trackCalls().begin(controller.signal).signal.aborted).toBe(true);
});

test("a call ends when its time is up", async () => {
  const call = trackCalls(20).begin(client());
  expect(call.deadlineAt - now()).toBeLessThanOrEqual(20);
  await expect.poll(() => call.signal.aborted, { interval: 5 }).toBe(true);
  expect(call.signal.reason).toMatchObject({ name: "TimeoutError" });
  call.end();
});

test("a call that has ended leaves nothing behind", () => {
  const signal = client();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const calls = trackCalls();
  calls.begin(signal).end();
  expect(calls.size).toBe(0);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(timers()).toBe(before);
});

test("stop ends every call, and those that come later", () => {
  const calls = trackCalls();
  const running = calls.begin(client());
  calls.stop();
  const late = calls.begin(client());
  expect([running.signal.aborted, late.signal.aborted]).toEqual([true, true]);
  running.end();
  late.end();
});

test("idle waits for the last call, or for its time", async () => {
  const calls = trackCalls();
  await calls.idle(60_000);
  const [one, two] = [calls.begin(client()), calls.begin(client())];
  let idle = false;
  const waiting = calls.idle(60_000).then(() => (idle = true));
  one.end();
  await Promise.resolve();
  expect(idle).toBe(false);
  two.end();
  await waiting;
  const stuck = calls.begin(client());
  await calls.idle(10);
  expect(calls.size).toBe(1);
  stuck.end();
});

test("81 the 501st call at one time is told to come back", () => {
  const calls = trackCalls();
  const running = Array.from({ length: 500 }, () => calls.begin(client()));
  expect(() => calls.begin(client())).toThrow("Try again in a few seconds");
  running.forEach((call) => call.end());
  calls.begin(client()).end();
});
