import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, expect, test } from "vitest";
import { configureTransport } from "../../src/runtime/send/transport.ts";
import { pause, type Served, serve } from "./bench.ts";
import { sendJson } from "./groups/answers.ts";
import { http } from "./vendor.ts";

afterAll(() => configureTransport({}));

/** Long beside what a call costs this process, which plays vendor, server and clients. */
const LATENCY_MS = 1_000;
/** What a vendor does at a time; the rest waits for it. */
const CAPACITY = 20;
const CALLERS = 10;
const CALLS_EACH = 3;
const NOISY = { "x-crowd-key": "noisytenantskey" };

/** A vendor that takes its time and does so much at once, and how many requests of each key it had at a time. */
async function slowVendor(ms: number) {
  const most = new Map<string, number>();
  const here = new Map<string, number>();
  const queue: (() => void)[] = [];
  let busy = 0;
  const vendor = await http((response, _attempt, request) => {
    const key = String(request.headers["x-api-key"]);
    const count = (here.get(key) ?? 0) + 1;
    here.set(key, count);
    most.set(key, Math.max(count, most.get(key) ?? 0));
    queue.push(() => {
      busy++;
      setTimeout(() => {
        busy--;
        here.set(key, (here.get(key) ?? 1) - 1);
        sendJson(response, '{"ok":true}');
        queue.shift()?.();
      }, ms);
    });
    if (busy < CAPACITY) queue.shift()?.();
  })();
  return { ...vendor, most };
}

/** Callers who ask one thing after another. */
async function quietCallers(served: Served): Promise<{ readonly ok: number; readonly p95: number }> {
  const calls = await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      const headers = { "x-crowd-key": `quietcallerskey${caller}` };
      const made = [];
      for (let n = 0; n < CALLS_EACH; n++) made.push(await served.call("get_thing", {}, { headers }));
      return made;
    }),
  );
  const all = calls.flat();
  const sorted = all.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return {
    ok: all.filter(({ value }) => value?.["ok"] === true).length / all.length,
    p95: sorted[Math.floor(all.length * 0.95)] ?? Infinity,
  };
}

test("R7 a tenant who asks ten times as much as all others leaves them 95 % and twice the time", async () => {
  const [vendor, calmVendor] = [await slowVendor(LATENCY_MS), await slowVendor(LATENCY_MS)];
  const times = { timeoutMs: 45_000, timeScale: 1, graceMs: 0 };
  const [served, calm] = [await serve(vendor, "crowd", times), await serve(calmVendor, "crowd", times)];
  for (const one of [served, calm]) await one.call("get_thing", {}, { headers: NOISY }); // what calls need is read
  const quiet = new AbortController();
  let asked = 0;
  const noise = Array.from({ length: CALLERS * 10 }, async () => {
    while (!quiet.signal.aborted) {
      asked++;
      // In the end it finds the door shut, or is shut out while it comes in.
      await served.call("get_thing", {}, { headers: NOISY }).catch((error: unknown) => {
        if (!quiet.signal.aborted) throw error;
      });
      await pause(LATENCY_MS); // ten times as many as the quiet ones; whoever never pauses takes the machine, which is none of the server's to share
    }
  });
  await pause(1_500); // for the first of it to have come in
  // At the same time, so that both have the same machine.
  const [beside, alone] = await Promise.all([quietCallers(served), quietCallers(calm)]);
  quiet.abort();
  await served.close(); // which ends what of the noise still waits
  await Promise.all(noise);
  expect(alone.ok).toBe(1);
  expect(beside.ok).toBeGreaterThanOrEqual(0.95);
  expect(beside.p95).toBeLessThanOrEqual(2 * alone.p95);
  expect(vendor.most.get(NOISY["x-crowd-key"])).toBe(8);
  expect(asked).toBeGreaterThan(100);
  for (const one of [calm, vendor, calmVendor]) await one.close();
});

test("81 400 calls at once of one caller: eight at a time, a hundred wait, the others are told to", async () => {
  const held: (() => void)[] = [];
  let [open, under, most] = [true, 0, 0];
  const vendor = await http((response) => {
    most = Math.max(most, ++under);
    const answer = () => {
      under--;
      sendJson(response, '{"ok":true}');
    };
    if (open) setTimeout(answer, 10);
    else held.push(answer);
  })();
  const served = await serve(vendor, "crowd", { timeoutMs: 45_000, timeScale: 1 });
  await served.call("get_thing", {}, { headers: NOISY });
  open = false; // until the first of them is refused, however long they take to come in
  const calling = Array.from({ length: 400 }, () => served.call("get_thing", {}, { headers: NOISY }));
  await expect.poll(() => served.log.join(""), { interval: 5, timeout: 30_000 }).toContain('"status":"rate_limited"');
  expect(held.length).toBe(8);
  open = true;
  for (const answer of held) answer();
  const calls = await Promise.all(calling);
  const ok = calls.filter(({ value }) => value?.["ok"] === true);
  const refused = calls.filter(
    ({ isError, text }) => isError && /8 calls under way here and too many that wait/.test(text),
  );
  expect(ok.length + refused.length).toBe(400);
  expect(ok.length).toBeGreaterThan(8); // 108 and more, unless the machine takes longer for them than the 10 s that a call waits
  expect(most).toBe(8);
  await served.close();
  await vendor.close();
});

test("a caller who goes while his call waits gives up his place, and nothing of it is sent", async () => {
  const held: (() => void)[] = [];
  const vendor = await http((response, attempt) => {
    const answer = () => sendJson(response, '{"ok":true}');
    if (attempt === 1) answer();
    else held.push(answer); // for as long as the test needs
  })();
  const served = await serve(vendor, "crowd", { timeoutMs: 45_000, timeScale: 1 });
  await served.call("get_thing", {}, { headers: NOISY });
  const eight = Array.from({ length: 8 }, () => served.call("get_thing", {}, { headers: NOISY }));
  await expect.poll(() => held.length, { interval: 5 }).toBe(8);
  let came = 0;
  const note = () => void came++;
  subscribe("http.server.request.start", note);
  const leave = new AbortController();
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "get_thing", arguments: {} },
  });
  const headers = { ...NOISY, "content-type": "application/json", accept: "application/json, text/event-stream" };
  const ninth = fetch(served.url, { method: "POST", body, headers, signal: leave.signal }).catch(() => "left");
  await expect.poll(() => came, { interval: 5 }).toBe(1);
  unsubscribe("http.server.request.start", note);
  for (let turn = 0; turn < 20; turn++) await pause(5); // of the event loop, in which it comes to wait
  leave.abort();
  expect(await ninth).toBe("left");
  await expect.poll(() => served.log.join("\n"), { interval: 5 }).toContain('"status":"cancelled"');
  for (const answer of held) answer();
  expect((await Promise.all(eight)).every(({ value }) => value?.["ok"] === true)).toBe(true);
  await pause(100);
  expect(vendor.attempts()).toBe(9);
  await served.close();
  await vendor.close();
});
