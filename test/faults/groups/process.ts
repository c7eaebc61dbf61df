import { expect, vi } from "vitest";
import { DEADLINE_MS, pause, serve, statusesIn } from "../bench.ts";
import { both, type Row } from "../row.ts";
import { http, raw } from "../vendor.ts";
import { bytes, drip, HEAD, sendJson } from "./answers.ts";

const LIFETIME = "mcp/lifetime.test.ts";
const SHARED = "shared-state/limits.test.ts";
const HOUR = 3_600_000;

/** Faults of our own process and of the machine that it runs on. */
export const PROCESS: readonly Row[] = [
  {
    number: 82,
    fault: "SIGTERM while idle",
    ...both({ says: "exit 0 within a second", file: LIFETIME, test: "82 SIGTERM while idle: exit 0 within a second" }),
  },
  {
    number: 83,
    fault: "SIGTERM during 50 calls of 800 ms",
    ...both({
      says: "all are answered, exit 0 within 1.5 s",
      file: LIFETIME,
      test: "83 SIGTERM with 50 calls of 800 ms: all are answered, exit 0 within 1.5 s",
    }),
  },
  {
    number: 84,
    fault: "SIGTERM during a call that is longer than the grace",
    ...both({
      says: "an answer that says so at the end of the grace, exit 0",
      file: LIFETIME,
      test: "84 a call that is longer than the grace gets an answer that says so, exit 0",
    }),
  },
  {
    number: 85,
    fault: "a second SIGTERM or SIGINT",
    ...both({ says: "exit 1 at once", file: LIFETIME, test: "85 a second %s: exit 1 at once" }),
  },
  {
    number: 86,
    fault: "every replica ends, and Redis is killed (kill -9)",
    ...both({
      says: "after the restart what was counted stays counted",
      file: SHARED,
      test: "R6 a month is exact over processes, and over a restart of them and of Redis",
    }),
  },
  {
    number: 87,
    fault: "the end of standard input",
    ...both({
      says: "the request at the vendor ends, exit 0 within 0.5 s",
      file: LIFETIME,
      test: "87 the end of standard input: the call at the vendor ends, exit 0 within half a second",
    }),
  },
  {
    number: 88,
    fault: "Redis is down at the start",
    ...both({
      says: "calls go on, each replica keeps to its part of a limit",
      file: SHARED,
      test: "88 without a Redis at the start each of four replicas keeps to its part, and says so once",
    }),
  },
  {
    number: 89,
    fault: "Redis is lost and comes back",
    ...both({
      says: "no call fails, the limit is kept, and exact again",
      file: SHARED,
      test: "89 Redis that is lost and comes back: no call fails, together they stay within the limit, and are exact again",
    }),
  },
  {
    number: 89,
    fault: "Redis takes five seconds to answer",
    ...both({
      says: "no call waits for it",
      file: SHARED,
      test: "89 Redis that answers after five seconds makes no call wait for it, nor fail",
    }),
  },
  {
    number: 90,
    fault: "the wall clock jumps by an hour during a call",
    ...both({ says: "deadline and pauses as if it had not", prove: clockJumps }),
  },
  {
    number: 90,
    fault: "the wall clock jumps by an hour while a limit is used up",
    ...both({ says: "nobody waits longer than a window", prove: windowsAfterJump }),
    differs:
      "After a jump forward a window may begin anew before its time: rate-limiter-flexible tells its end by `Date.now()` (measured: `MemoryStorage.incrby`, 11.4.0), so that one window more than allowed may go out, once.",
  },
  {
    number: 90,
    fault: "the event loop is blocked for 2 s",
    ...both({ says: "the deadline holds as soon as it goes on", prove: blocked }),
  },
];

/** A call that reads and one that writes, and what each comes to when the deadline ends it. */
const BOTH = [
  ["get_thing", {}, "timeout"],
  ["create_thing", { name: "x" }, "outcome_unknown"],
] as const;
const ENDED = BOTH.map(([, , code]) => code).toSorted();

async function clockJumps(): Promise<void> {
  for (const jump of [HOUR, -HOUR]) {
    await jumping(jump, async (jumpNow) => {
      const vendor = await bytes(
        (socket) => (socket.write(`${HEAD}content-length: 100000\r\n\r\n`), drip(socket, " ")),
      )();
      const served = await serve(vendor);
      const calls = BOTH.map(([tool, args]) => served.call(tool, args));
      await pause(300);
      jumpNow();
      for (const { ms } of await Promise.all(calls)) {
        expect(ms).toBeGreaterThan(DEADLINE_MS - 100);
        expect(ms).toBeLessThan(DEADLINE_MS + 1_000);
      }
      expect(statusesIn(served.log).toSorted()).toEqual(ENDED);
      await served.close();
      await vendor.close();
    });
    for (const [tool, args] of BOTH) await jumping(jump, async (jumpNow) => await pausesAs(tool, args, jumpNow));
  }
}

/** A pause that the vendor asks for is as long as it says, whatever the clock says by then. */
async function pausesAs(tool: string, args: object, jumpNow: () => void): Promise<void> {
  const vendor = await http((response, attempt) => {
    jumpNow();
    if (attempt === 1) response.writeHead(429, { "retry-after": "2", date: new Date().toUTCString() }).end();
    else sendJson(response, '{"ok":true}');
  })();
  const served = await serve(vendor);
  expect((await served.call(tool, args)).value).toEqual({ ok: true });
  expect(vendor.attempts()).toBe(2);
  await served.close();
  await vendor.close();
}

/** Two requests a second: the third waits for the next window, whatever the clock says by then. */
async function windowsAfterJump(): Promise<void> {
  for (const jump of [HOUR, -HOUR]) {
    await jumping(jump, async (jumpNow) => {
      const vendor = await http((response) => sendJson(response, '{"ok":true}'))();
      const environment = { CROWD_RATE: "2" };
      const served = await serve({ ...vendor, environment }, "crowd", { timeoutMs: 10_000 });
      const headers = { "x-crowd-key": "somebodyskey" };
      for (const tool of ["get_thing", "create_thing"])
        await served.call(tool, tool === "get_thing" ? {} : { name: "x" }, { headers });
      jumpNow();
      const third = await served.call("get_thing", {}, { headers });
      expect(third.value).toEqual({ ok: true });
      expect(third.ms).toBeLessThan(1_500);
      await served.close();
      await vendor.close();
    });
  }
}

async function blocked(): Promise<void> {
  const vendor = await raw(() => undefined)();
  const served = await serve(vendor);
  await served.call("get_thing", {}); // what calls need is read
  const calls = BOTH.map(([tool, args]) => served.call(tool, args));
  await pause(100);
  const until = performance.now() + 2_000;
  while (performance.now() < until); // nothing else runs
  for (const { ms, isError } of await Promise.all(calls)) {
    expect(isError).toBe(true);
    expect(ms).toBeLessThan(DEADLINE_MS + 1_000);
  }
  expect(statusesIn(served.log).slice(1).toSorted()).toEqual(ENDED);
  await served.close();
  await vendor.close();
}

/** Runs something in whose course the wall clock jumps. */
async function jumping(byMs: number, run: (jump: () => void) => Promise<void>): Promise<void> {
  const real = Date.now.bind(Date);
  let offset = 0;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => real() + offset);
  try {
    await run(() => (offset = byMs));
  } finally {
    clock.mockRestore();
  }
}
