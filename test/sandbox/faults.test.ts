import { afterEach, describe, expect, test } from "vitest";
import { type Fault, FAULTS, faultOf } from "../../src/sandbox/faults.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { FRESHSERVICE, KEY } from "./request.ts";

let sandbox: Sandbox | undefined;
afterEach(async () => await sandbox?.close());

async function withFaults(...faults: Fault[]): Promise<() => Promise<Response>> {
  const started = await startSandbox(FRESHSERVICE, { faults });
  sandbox = started;
  return async () => await fetch(`${started.url}/workspaces`, { headers: { authorization: KEY } });
}

test("faults alternate with good answers, one after the other", () => {
  const met = [0, 1, 2, 3, 4, 5].map((before) => faultOf(["429", "reset"], before));
  expect(met).toEqual(["429", undefined, "reset", undefined, "429", undefined]);
  expect([0, 1, 2].map((before) => faultOf([], before))).toEqual([undefined, undefined, undefined]);
});

/** What a client sees of each fault. */
const SEEN: Readonly<Record<Fault, (ask: () => Promise<Response>) => Promise<unknown>>> = {
  "429": async (ask) => {
    const answer = await ask();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "1"]);
  },
  "500": async (ask) => expect((await ask()).status).toBe(500),
  "503": async (ask) => expect((await ask()).status).toBe(503),
  html: async (ask) => {
    const answer = await ask();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(await answer.text()).toContain("<form>");
  },
  reset: async (ask) => await expect(ask()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } }),
  drop: async (ask) => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow("terminated");
  },
  // A constant key never ends; test/sandbox/oauth.test.ts sees a token that does.
  expire: async (ask) => expect((await ask()).status).toBe(200),
  slow: async (ask) => {
    const started = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(2_500);
  },
};

describe("as a client sees it", () => {
  test.each(FAULTS)("%s, and then a good answer", async (fault) => {
    const ask = await withFaults(fault);
    await SEEN[fault](ask);
    const { status } = await ask();
    expect(status).toBe(200);
  });

  test("a write that meets a fault is not done", async () => {
    const started = await startSandbox(FRESHSERVICE, { faults: ["503"] });
    sandbox = started;
    const headers = { authorization: KEY, "content-type": "application/json" };
    const body = JSON.stringify({ subject: "S", description: "D", email: "john@acme.com" });
    const post = async () => await fetch(`${started.url}/tickets`, { method: "POST", headers, body });
    expect((await post()).status).toBe(503);
    const { ticket } = (await (await post()).json()) as { ticket: { id: number } };
    await fetch(started.url).catch(() => undefined); // the next fault
    const before = await fetch(`${started.url}/tickets/${ticket.id - 1}`, { headers });
    expect(((await before.json()) as typeof ticket & { ticket: { subject: string } }).ticket.subject).not.toBe("S");
  });
});
