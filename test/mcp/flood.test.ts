import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { holdsTooMuch, MOST_VALUES } from "../../src/runtime/serve/message-size.ts";
import { legacy, modern, raw } from "./fixture/raw.ts";
import { serveAcme } from "./fixture/serve.ts";

let acme: Awaited<ReturnType<typeof serveAcme>>;
beforeAll(async () => void (acme = await serveAcme()));
afterAll(() => acme.close());

const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]));

describe("T23 a message of more values than anybody would look at", () => {
  test.each([
    ["the arguments", { name: "fetchThing", arguments: members(MOST_VALUES) }],
    ["_meta", { name: "fetchThing", arguments: {}, _meta: members(MOST_VALUES) }],
    ["other params", { name: "fetchThing", ...members(MOST_VALUES) }],
  ])("in %s: 400, before any of it is looked at", async (_what, params) => {
    for (const era of "_meta" in params ? [legacy] : [modern, legacy]) {
      const { status, json } = await raw(acme.url, era("tools/call", params));
      expect(status).toBe(400);
      expect(json.error).toEqual({ code: -32600, message: "Messages of more than 50,000 values are not accepted" });
    }
  });

  test("a megabyte of commas in one text is one value", async () => {
    const params = { name: "fetchThing", arguments: { thing_id: 1, unknown: `"\\,[{`.repeat(200_000) } };
    const { status, json } = await raw(acme.url, legacy("tools/call", params));
    expect(status).toBe(200);
    expect(JSON.stringify(json)).toContain("unknown");
  });

  test.each([
    ["nothing", "", false],
    ["a short list", "[1]", false],
    ["as many as may be", `[${"1,".repeat(MOST_VALUES - 2)}1]`, false],
    ["one more", `[${"1,".repeat(MOST_VALUES - 1)}1]`, true],
    ["as deep", "[".repeat(MOST_VALUES), true],
    ["commas in a text", `"${",".repeat(MOST_VALUES * 2)}"`, false],
    ["and quoted quotes", `"${String.raw`\",`.repeat(MOST_VALUES)}"`, false],
    ["commas behind a text that ends in a backslash", `"\\\\"${",".repeat(MOST_VALUES)}`, true],
  ])("%s", (_what, text, tooMuch) => {
    expect(holdsTooMuch(text)).toBe(tooMuch);
  });
});

describe("a client that asks again and again on one connection without waiting for an answer", () => {
  const ask = async (count: number) => {
    const { headers, body } = legacy("tools/call", { name: "fetchThing", arguments: { thing_id: 1 } });
    const lines = Object.entries({
      ...headers,
      host: "localhost",
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "content-length": String(body.length),
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(Number(new URL(acme.url).port), "127.0.0.1");
    let got = "";
    socket.on("data", (piece: Buffer) => (got += piece.toString()));
    socket.on("error", () => undefined);
    socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("")}\r\n${body}`.repeat(count));
    const answers = () => got.split("HTTP/1.1 200").length - 1;
    for (let tries = 0; tries < 500 && !socket.closed && answers() < count; tries++) await pause(20);
    const seen = { open: !socket.closed, answers: answers() };
    socket.destroy();
    return seen;
  };

  test("has a few answers, and then no connection", async () => {
    expect(await ask(10)).toEqual({ open: true, answers: 10 });
    const before = acme.vendor.seen.length;
    expect(await ask(2_000)).toEqual({ open: false, answers: 0 });
    expect(acme.vendor.seen.length - before).toBeLessThan(20);
    expect(await ask(10)).toEqual({ open: true, answers: 10 });
  });
});
