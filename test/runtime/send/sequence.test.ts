import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { within } from "../request/fixture.ts";
import { failureTo, sendTo, vendorOf, type Vendor, WRITE } from "./vendor.ts";

beforeAll(() => configureTransport({ timeScale: 1 / 20 })); // a stream is listened to for a second
afterAll(() => configureTransport({}));

const stream = (type: string, write: (response: ServerResponse) => void): Promise<Vendor> =>
  vendorOf((response) => {
    response.on("error", () => undefined);
    response.writeHead(200, { "content-type": type });
    write(response);
  });

test("server-sent events are collected, their data read as JSON where it is JSON", async () => {
  const vendor = await stream("text/event-stream; charset=utf-8", (response) =>
    response.end(': hello\n\nevent: step\nid: 7\ndata: {"n":\ndata: 1}\n\ndata: [DONE]\r\n\r\ndata: last'),
  );
  const { body, bytes } = await sendTo(vendor, { call: { answer: "events" } });
  expect(body).toEqual({ items: [{ event: "step", id: "7", data: { n: 1 } }, { data: "[DONE]" }, { data: "last" }] });
  expect(bytes).toBe(75);
  expect(vendor.headers[0]?.accept).toBe("text/event-stream");
  await vendor.close();
});

test.each(["application/jsonl", "application/x-ndjson", "application/json-seq", "application/geo+json-seq"])(
  "lines of %s are collected, whole characters and whole lines whatever comes when",
  async (type) => {
    const vendor = await stream(type, (response) => {
      const bytes = Buffer.from('\u001E{"a":"é"}\n\n\u001E{"id":9007199254740993}\r\nno JSON\n[1]');
      void (async () => {
        for (const byte of bytes) response.write(Buffer.of(byte));
        response.end();
      })();
    });
    const { body } = await sendTo(vendor, { call: { answer: "lines" } });
    expect(body).toEqual({ items: [{ a: "é" }, { id: "9007199254740993" }, "no JSON", [1]] });
    expect(vendor.headers[0]?.accept).toBe("application/jsonl, application/x-ndjson, application/json-seq");
    await vendor.close();
  },
);

test("a stream is a stream though the description says JSON", async () => {
  const vendor = await stream("text/event-stream", (response) => response.end("data: 1\n\n"));
  expect((await sendTo(vendor, { request: WRITE })).body).toEqual({ items: [{ data: 1 }] });
  await vendor.close();
});

test("JSON is JSON though the description says a stream", async () => {
  const vendor = await vendorOf((response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"a":1}'),
  );
  expect((await sendTo(vendor, { call: { answer: "events" } })).body).toEqual({ a: 1 });
  await vendor.close();
});

test("a stream without an end is left after a time, with what came, and its connection is closed", async () => {
  const vendor = await stream("text/event-stream", (response) => {
    response.write("data: 1\n\n");
    const alive = setInterval(() => response.write(": alive\n\n"), 100);
    response.on("close", () => clearInterval(alive));
  });
  const started = Date.now();
  const { body } = await sendTo(vendor, { call: { answer: "events" } });
  expect(body).toEqual({ items: [{ data: 1 }], partial: "only what came within 1 seconds" });
  expect(Date.now() - started).toBeLessThan(3000);
  await pause(50);
  expect(vendor.sockets.size).toBe(0);
  await vendor.close();
});

test("a stream that falls silent is left earlier", async () => {
  const vendor = await stream("text/event-stream", (response) => void response.write("data: 1\n\n"));
  const { body } = await sendTo(vendor, { call: { answer: "events" } });
  expect(body).toEqual({ items: [{ data: 1 }], partial: "what came until nothing more did" });
  await vendor.close();
});

test("what was heard is handed over before the deadline of the call", async () => {
  const vendor = await stream("text/event-stream", (response) => void response.write("data: 1\n\n"));
  const { body } = await sendTo(vendor, { call: { answer: "events" }, context: within(400) });
  expect(body).toMatchObject({ items: [{ data: 1 }], partial: expect.stringContaining("only what came") as string });
  await vendor.close();
});

test("a stream of very many items is left after 500", async () => {
  const vendor = await stream("application/x-ndjson", (response) => response.end("1\n".repeat(100_000)));
  const { body } = await sendTo(vendor);
  expect(body).toEqual({ items: Array.from({ length: 500 }, () => 1), partial: "only the first 500 items" });
  await vendor.close();
});

test("a stream of very large items is left after a megabyte", async () => {
  const vendor = await stream("application/x-ndjson", (response) => {
    for (let n = 0; n < 8; n++) response.write(`"${"x".repeat(256 * 1024)}"\n`);
  });
  const { body } = await sendTo(vendor);
  expect(body).toMatchObject({ partial: "only the first 1 MB" });
  expect((body as { items: unknown[] }).items.length).toBeLessThanOrEqual(5);
  await vendor.close();
});

test("a stream that breaks off keeps what came; without anything it is a failure", async () => {
  const broken = (text: string) =>
    stream("text/event-stream", (response) => {
      response.write(text);
      setTimeout(() => response.destroy(), 30);
    });
  const some = await broken("data: 1\n\n");
  expect((await sendTo(some)).body).toEqual({
    items: [{ data: 1 }],
    partial: "the connection broke off before the end",
  });
  await some.close();
  const none = await broken(": nothing yet\n\n");
  expect(await failureTo(none, { request: WRITE })).toMatchObject({ name: "Problem" });
  await none.close();
});

test("whoever cancels gets nothing", async () => {
  const vendor = await stream("text/event-stream", (response) => void response.write("data: 1\n\n"));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  expect(await failureTo(vendor, { context: within(10_000, controller.signal) })).toMatchObject({ code: "cancelled" });
  await vendor.close();
});

test("an error that is a stream is still an error", async () => {
  const vendor = await vendorOf((response) =>
    response.writeHead(400, { "content-type": "text/event-stream" }).end("data: no\n\n"),
  );
  expect(await failureTo(vendor)).toMatchObject({ name: "Problem" });
  await vendor.close();
});

test.each([
  ["text/plain", "OK", "OK"],
  ["text/csv", "a,b\n1,2", "a,b\n1,2"],
  ["application/xml", "<a/>", "<a/>"],
  ["image/png", "\u0089PNG", Buffer.from("\u0089PNG")],
  ["application/pdf", "%PDF", Buffer.from("%PDF")],
] as const)("an answer that nobody described is what it says it is: %s", async (type, text, want) => {
  const vendor = await vendorOf((response) => response.writeHead(200, { "content-type": type }).end(text));
  const { body } = await sendTo(vendor);
  expect(body instanceof Uint8Array ? Buffer.from(body) : body).toEqual(want);
  await vendor.close();
});
