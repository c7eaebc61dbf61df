import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { endedWithTests } from "../../children.ts";
import { legacy, modern, raw } from "../../mcp/fixture/raw.ts";
import { inFrontOf, type Served } from "../bench.ts";
import { both, type Row } from "../row.ts";
import { http } from "../vendor.ts";
import { json, sendJson } from "./answers.ts";

const MIB = 1024 * 1024;
const CANCEL = "faults/cancel.test.ts";

/** Faults of whoever calls. */
export const CLIENT: readonly Row[] = [
  {
    number: 74,
    fault: "the client goes before the vendor answers",
    ...both({
      says: "its connection is closed within 100 ms, nothing more is sent; logged as `cancelled`",
      file: CANCEL,
      test: "74 before the vendor answers",
    }),
  },
  {
    number: 75,
    fault: "the client goes in the middle of the vendor's answer",
    ...both({ says: "the same", file: CANCEL, test: "75 in the middle of the vendor's answer" }),
  },
  {
    number: 76,
    fault: "the client goes between two attempts",
    ...both({ says: "no further attempt", file: CANCEL, test: "76 between two attempts" }),
  },
  {
    number: 77,
    fault: "the client goes between two pages",
    reading: {
      says: "no further page",
      file: "runtime/call/lists.test.ts",
      test: "row 77: a call cancelled between pages asks for no further one",
    },
  },
  {
    number: 78,
    fault: "clients that ask for 14 MB and read nothing",
    reading: { says: "others are served meanwhile; who takes nothing for 30 s is cut off", prove: slowReaders },
  },
  {
    number: 79,
    fault: "a request of 4 MiB and a byte, its length told or not",
    ...both({ says: "not asked: 413", prove: tooLargeBody }),
  },
  {
    number: 79,
    fault: "arguments nested deeper than 64, or of more than 10,000 values",
    ...both({ says: "not asked: `invalid_arguments`", prove: tooMuchToLookAt }),
  },
  {
    number: 79,
    fault: "a message of more than 50,000 values, wherever they stand",
    ...both({ says: "not asked: 400", prove: tooManyValues }),
  },
  {
    number: 80,
    fault: "what is no JSON-RPC, or of another content type",
    ...both({ says: "not asked: 400 or 415", prove: malformed }),
  },
  {
    number: 81,
    fault: "2,000 calls at once of whoever started the server",
    ...both({ says: "500 at a time, the others `rate_limited`", prove: manyCalls }),
  },
  {
    number: 81,
    fault: "hundreds of calls at once of one of many callers",
    ...both({
      says: "8 at a time, 100 wait for 10 s at most, the others `rate_limited`",
      file: "faults/fairness.test.ts",
      test: "81 400 calls at once of one caller",
    }),
  },
];

/** As much as an answer may hold; as text 14 MB. */
const PICTURE = randomBytes(10 * MIB - 1_024);
const album = http((response, _attempt, request) => {
  if (request.url === "/picture") response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
  else sendJson(response, '{"ok":true}');
});

/** Clients ask for a large picture and never read. */
async function slowReaders(): Promise<void> {
  await inFrontOf(
    album,
    async (vendor, served) => {
      const port = Number(new URL(served.url).port);
      const accepted: Socket[] = [];
      const note = (message: unknown) => {
        const { socket } = message as { readonly socket: Socket }; // as Node documents this channel
        if (socket.localPort === port) accepted.push(socket);
      };
      subscribe("net.server.socket", note);
      const stuck = [modern, legacy].flatMap((era) => Array.from({ length: 3 }, () => askAndNeverRead(port, era)));
      try {
        await expect.poll(() => vendor.attempts(), { interval: 5, timeout: 20_000 }).toBe(stuck.length);
        unsubscribe("net.server.socket", note);
        const others = await Promise.all(Array.from({ length: 20 }, () => served.call("get_thing", {})));
        expect(others.filter(({ value }) => value?.["ok"] === true)).toHaveLength(20);
        expect(accepted).toHaveLength(stuck.length);
        // What the kernel has taken for a client is not ours any more.
        const held = () => accepted.filter(({ destroyed, writableLength }) => !destroyed && writableLength > 0).length;
        await expect.poll(held, { timeout: 15_000 }).toBe(0);
      } finally {
        for (const socket of stuck) socket.destroy();
      }
    },
    { stuckMs: 500, timeoutMs: 45_000, timeScale: 1 }, // pictures of this size take this process longer than the scaled times
  );
}

function askAndNeverRead(port: number, era: typeof modern | typeof legacy): Socket {
  const { headers, body } = era("tools/call", { name: "get_picture", arguments: {} });
  const all = {
    ...headers,
    host: "localhost",
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "content-length": String(body.length),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(port, "127.0.0.1").pause();
  socket.on("error", () => undefined).write(`POST /mcp HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
  return socket;
}

async function tooLargeBody(): Promise<void> {
  await inFrontOf(json("{}"), async (vendor, served) => {
    for (const era of [modern, legacy]) {
      const request = era("tools/call", { name: "create_thing", arguments: { name: "x" } });
      for (const chunked of [false, true]) {
        const body = request.body.padEnd(4 * MIB + 1);
        expect((await raw(served.url, { ...request, body, chunked })).status).toBe(413);
      }
      expect(vendor.attempts()).toBe(0);
    }
    const request = modern("tools/call", { name: "create_thing", arguments: { name: "x" } });
    const taken = await raw(served.url, { ...request, body: request.body.padEnd(4 * MIB) });
    expect(taken.json.result).toMatchObject({ content: [{ text: "{}" }] });
    expect(vendor.attempts()).toBe(1);
  });
}

async function tooMuchToLookAt(): Promise<void> {
  await inFrontOf(json("{}"), async (vendor, served) => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    const members = Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`);
    const tooMuch = [nested(64), nested(10_000), `[${"1,".repeat(10_000)}1]`, `{${members.join(",")}}`];
    for (const era of [modern, legacy]) {
      for (const more of tooMuch) {
        const { status, isError, said } = await createWith(served, era, more);
        expect({ status, isError }).toEqual({ status: 200, isError: true });
        expect(said).toMatch(/are not accepted\. Nothing was sent/);
      }
    }
    expect(vendor.attempts()).toBe(0);
    expect((await createWith(served, modern, nested(62))).isError).toBe(false);
  });
}

async function tooManyValues(): Promise<void> {
  await inFrontOf(json("{}"), async (vendor, served) => {
    for (const era of [modern, legacy]) {
      for (const more of [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, `[${"1,".repeat(50_000)}1]`])
        expect((await createWith(served, era, more)).status).toBe(400);
    }
    expect(vendor.attempts()).toBe(0);
  });
}

/** Calls the tool that writes with an argument in these very characters. */
async function createWith({ url }: Served, era: typeof modern | typeof legacy, more: string) {
  const { headers, body } = era("tools/call", { name: "create_thing", arguments: { name: "x", more: "MORE" } });
  const { status, json: answer } = await raw(url, { headers, body: body.replace('"MORE"', more) });
  return { status, isError: answer.result?.["isError"] === true, said: JSON.stringify(answer.result) };
}

async function malformed(): Promise<void> {
  await inFrontOf(json("{}"), async (vendor, served) => {
    const call = modern("tools/call", { name: "create_thing", arguments: { name: "x" } });
    const of = (type: string | undefined) => ({ ...call, headers: { ...call.headers, "content-type": type } });
    for (const body of ["{", "", "[]", '{"id":1}', '"x"', "null"]) {
      expect((await raw(served.url, { ...call, body })).status, body).toBe(400);
    }
    for (const type of ["text/plain", "application/jsonx", undefined]) {
      expect((await raw(served.url, of(type))).status, type).toBe(415);
    }
    expect(vendor.attempts()).toBe(0);
  });
}

/** What a client of another process makes of 2,000 calls, each on a connection of its own; prints how many ended how. */
const CLIENT_PROGRAM = `
  import { request } from "node:http";
  const [url, body, headers] = process.argv.slice(1);
  const call = () => new Promise((end) => {
    const sent = request(url, { method: "POST", headers: JSON.parse(headers), agent: false }, async (response) => {
      let text = "";
      for await (const piece of response) text += piece;
      const { result } = JSON.parse(text);
      end(!result.isError ? "ok" : /as many calls as it can/.test(result.content[0].text) ? "refused" : result.content[0].text);
    });
    sent.on("error", ({ code }) => end(code)).end(body);
  });
  const counts = {};
  for (const end of await Promise.all(Array.from({ length: 2000 }, call))) counts[end] = (counts[end] ?? 0) + 1;
  console.log(JSON.stringify(counts));
`;

/** Bytes that this thread holds: what is resident belongs to every test that runs beside this one. */
function heldMemory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function manyCalls(): Promise<void> {
  const slow = http((response) => setTimeout(() => sendJson(response, '{"ok":true}'), 300));
  await inFrontOf(
    slow,
    async (vendor, served) => {
      await served.call("get_thing", {}); // what calls need is read
      const before = heldMemory();
      const { body, headers } = modern("tools/call", { name: "get_thing", arguments: {} });
      const all = { ...headers, "content-type": "application/json", accept: "application/json, text/event-stream" };
      const args = ["--input-type=module", "-e", CLIENT_PROGRAM, served.url, body, JSON.stringify(all)];
      const child = endedWithTests(spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] }));
      const {
        ok = 0,
        refused = 0,
        ...others
      } = JSON.parse(await text(child.stdout)) as Readonly<Record<string, number>>;
      expect(others).toEqual({});
      expect(ok + refused).toBe(2_000);
      expect(ok).toBeGreaterThanOrEqual(500);
      expect(vendor.attempts()).toBe(ok + 1);
      expect(heldMemory() - before).toBeLessThan(500 * MIB);
      expect((await served.call("get_thing", {})).value).toEqual({ ok: true });
    },
    { timeoutMs: 45_000, timeScale: 1 }, // 500 connections in one moment take this process longer than the scaled times
  );
}
