import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { ACME, bundle } from "./fixture/bundle.ts";
import { legacy, modern, raw } from "./fixture/raw.ts";
import { startVendor } from "./fixture/vendor.ts";

let program: Awaited<ReturnType<typeof bundle>>;
let vendor: Awaited<ReturnType<typeof startVendor>>;
beforeAll(async () => {
  [program, vendor] = await Promise.all([bundle(resolve(import.meta.dirname, "fixture/program.ts")), startVendor()]);
}, 60_000);
afterAll(async () => {
  program.remove();
  await vendor.close();
});

/** How soon a process is gone is the machine's doing too: one that is slow to end is so every time. */
const PROMPT = { retry: 2 };

/** A server as a process of its own. */
function start(transport: "stdio" | "http", graceMs = 25_000) {
  const child = endedWithTests(
    spawn(process.execPath, [...WATCHING_PARENT, program.program, ACME, vendor.url, transport, String(graceMs)], {
      stdio: "pipe",
    }),
  );
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.err += chunk.toString()));
  child.stdin.on("error", () => {}); // it may be gone before it has read everything
  return { child, output };
}

async function startHttp(graceMs?: number) {
  const { child, output } = start("http", graceMs);
  const address = () => /listening (\S+)/.exec(output.err)?.[1];
  await expect.poll(address, { interval: 10, timeout: 10_000 }).toMatch(/^http:\/\/localhost:\d+\/mcp$/);
  return { child, output, url: address() ?? "" };
}

/** The exit code, and how long it took from now. */
async function exit(child: ChildProcess): Promise<{ code: number | null; ms: number }> {
  const before = performance.now();
  const [code] = (await once(child, "exit")) as [number | null];
  return { code, ms: performance.now() - before };
}

const slowly = (wait_ms: number) => modern("tools/call", { name: "fetchThing", arguments: { thing_id: 1, wait_ms } });

/** Waits until the vendor has so many more requests than before. */
async function atVendor(count: number, before: number): Promise<void> {
  await expect.poll(() => vendor.seen.length - before, { interval: 5, timeout: 10_000 }).toBe(count);
}

describe("HTTP", PROMPT, () => {
  test("82 SIGTERM while idle: exit 0 within a second", async () => {
    const { child, url } = await startHttp();
    expect((await raw(url, legacy("ping"))).status).toBe(200);
    child.kill("SIGTERM");
    const { code, ms } = await exit(child);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1_000);
  });

  test("82 with a connection kept alive and a subscription open", async () => {
    const { child, url } = await startHttp();
    await fetch(url, { method: "POST", body: legacy("ping").body, headers: HEADERS }).then((answer) => answer.text());
    const listen = modern("subscriptions/listen", { notifications: { toolsListChanged: true } });
    const stream = await fetch(url, {
      method: "POST",
      body: listen.body,
      headers: { ...HEADERS, ...given(listen.headers) },
    });
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    child.kill("SIGTERM");
    const { code, ms } = await exit(child);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1_500);
    await stream.text().catch(() => {});
  });

  test("83 SIGTERM with 50 calls of 800 ms: all are answered, exit 0 within 1.5 s", async () => {
    const { child, url } = await startHttp();
    await raw(url, slowly(0)); // the first call loads what calls need
    const before = vendor.seen.length;
    const calls = Array.from({ length: 50 }, () => raw(url, slowly(800)));
    await atVendor(50, before);
    child.kill("SIGTERM");
    const [{ code, ms }, answers] = await Promise.all([exit(child), Promise.all(calls)]);
    expect(
      answers.filter(({ json }) => (json.result?.["structuredContent"] as { id?: number } | undefined)?.id === 1),
    ).toHaveLength(50);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1_500);
  });

  test("while it drains nobody new comes in", async () => {
    const { child, url } = await startHttp();
    const before = vendor.seen.length;
    const call = raw(url, slowly(700));
    await atVendor(1, before);
    child.kill("SIGTERM");
    const knock = () => raw(url, legacy("ping")).then(() => "answers", String);
    await expect.poll(knock, { interval: 20 }).toMatch(/ECONNREFUSED|without an answer/);
    expect((await call).headers).toMatchObject({ "content-type": "application/json" });
    expect((await exit(child)).code).toBe(0);
  });

  test("84 a call that is longer than the grace gets an answer that says so, exit 0", async () => {
    const { child, url } = await startHttp(300);
    const before = vendor.seen.length;
    const calls = [
      raw(url, slowly(20_000)),
      raw(url, legacy("tools/call", { name: "fetchThing", arguments: { thing_id: 2, wait_ms: 20_000 } })),
    ];
    await atVendor(2, before);
    child.kill("SIGTERM");
    const [{ code, ms }, answers] = await Promise.all([exit(child), Promise.all(calls)]);
    for (const { json } of answers) {
      expect(json.result).toMatchObject({ isError: true, content: [{ type: "text" }] });
    }
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_000);
    await expect.poll(() => vendor.seen.slice(before).every(({ aborted }) => aborted)).toBe(true);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("85 a second %s: exit 1 at once", async (signal) => {
    const { child, url } = await startHttp();
    const before = vendor.seen.length;
    const call = raw(url, slowly(10_000)).catch(() => "cut off");
    await atVendor(1, before);
    child.kill(signal);
    await new Promise((wait) => setTimeout(wait, 100));
    child.kill(signal);
    const { code, ms } = await exit(child);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(500);
    await call;
  });

  test.each([
    ["74 before the vendor answers", { thing_id: 1, wait_ms: 10_000 }],
    ["75 in the middle of the vendor's answer", { thing_id: 24 }],
    ["76 between two attempts", { thing_id: 23 }],
  ])("a client that leaves, %s: nothing more is sent, in both eras", async (_when, args) => {
    const { child, output, url } = await startHttp();
    const params = { name: "fetchThing", arguments: args };
    for (const { body, headers } of [modern("tools/call", params), legacy("tools/call", params)]) {
      const before = vendor.seen.length;
      const abort = new AbortController();
      const call = fetch(url, {
        method: "POST",
        body,
        headers: { ...HEADERS, ...given(headers) },
        signal: abort.signal,
      });
      const ended = call.then((answer) => answer.text()).catch(() => "left");
      await atVendor(1, before);
      await new Promise((wait) => setTimeout(wait, 100)); // for its answer, or half of it, to arrive
      output.err = "";
      abort.abort();
      expect(await ended).toBe("left");
      await expect.poll(() => output.err, { interval: 5, timeout: 5_000 }).toContain('"status":"cancelled"');
      if (args.thing_id !== 23)
        await expect.poll(() => vendor.seen[before]?.aborted, { interval: 5, timeout: 5_000 }).toBe(true);
      expect(vendor.seen).toHaveLength(before + 1);
    }
    child.kill("SIGTERM");
    expect((await exit(child)).code).toBe(0);
  });
});

describe("stdio", PROMPT, () => {
  const hello = legacy("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "t", version: "1" },
  }).body;
  const call = legacy("tools/call", { name: "fetchThing", arguments: { thing_id: 1, wait_ms: 10_000 } }, 2).body;

  test("87 the end of standard input: the call at the vendor ends, exit 0 within half a second", async () => {
    const { child } = start("stdio");
    const before = vendor.seen.length;
    child.stdin.write(`${hello}\n${call}\n`);
    await atVendor(1, before);
    child.stdin.end();
    const { code, ms } = await exit(child);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(500);
    await expect.poll(() => vendor.seen[before]?.aborted).toBe(true);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s ends it like the end of its input", async (signal) => {
    const { child, output } = start("stdio");
    const before = vendor.seen.length;
    child.stdin.write(`${hello}\n${call}\n`);
    await atVendor(1, before);
    child.kill(signal);
    const { code, ms } = await exit(child);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(500);
    expect(output.err).toContain('"status":"cancelled"');
  });

  test("a line over 10 MiB: a word on standard error, exit 1", async () => {
    const { child, output } = start("stdio");
    child.stdin.write(`${hello}\n`);
    await expect.poll(() => output.out).toContain('"protocolVersion"');
    child.stdin.write(legacy("ping", { padding: "x".repeat(11 * 1024 * 1024) }).body);
    expect((await exit(child)).code).toBe(1);
    expect(output.err).toContain("A message of more than 10 MiB came in");
  });

  test("what is no JSON is passed over, and standard output holds the protocol alone", async () => {
    const { child, output } = start("stdio");
    child.stdin.write(`nonsense\n{}\n[]\n${hello}\n${legacy("tools/list", {}, 2).body}\n`);
    await expect.poll(() => output.out, { timeout: 5_000 }).toContain('"fetchThing"');
    child.stdin.end();
    expect((await exit(child)).code).toBe(0);
    for (const line of output.out.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  test("T35 T36 the log has a line a call, without arguments and secrets", async () => {
    const { child, output } = start("stdio");
    child.stdin.write(
      `${hello}\n${legacy("tools/call", { name: "createThing", arguments: { name: "\u001b[2J\n{}" } }, 3).body}\n`,
    );
    child.stdin.write(`${legacy("tools/call", { name: "no\u001b[2Jtool", arguments: {} }, 4).body}\n`);
    await expect.poll(() => output.out, { timeout: 5_000 }).toMatch(/"id":3[\s\S]*"id":4|"id":4[\s\S]*"id":3/);
    child.stdin.end();
    await exit(child);
    const lines = output.err.trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(Object.keys(JSON.parse(lines[0] ?? "") as object)).toEqual([
      "time",
      "api",
      "tool",
      "status",
      "ms",
      "attempts",
    ]);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ api: "acme", tool: "createThing", status: "ok" });
    expect(output.err + output.out).not.toMatch(/canary|Basic /);
  });
});

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

function given(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
