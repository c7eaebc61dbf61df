import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { failureTo, sendTo, vendorOf, WRITE } from "./vendor.ts";

// What is sent again, beside the rows of test/faults.

beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(() => configureTransport({}));

test("408: a read is sent three times, a write once", async () => {
  for (const [request, times, code] of [
    [{}, 3, "upstream_unreachable"],
    [WRITE, 1, "outcome_unknown"],
  ] as const) {
    const vendor = await vendorOf((response) => response.writeHead(408).end());
    expect(await failureTo(vendor, { request })).toMatchObject({ code });
    expect(vendor.requests).toHaveLength(times);
    await vendor.close();
  }
});

test("a PUT is repeated like a read, and a POST that says it is idempotent as well", async () => {
  for (const [request, call] of [
    [{ ...WRITE, method: "PUT" }, {}],
    [WRITE, { idempotent: true }],
  ] as const) {
    const vendor = await vendorOf((response, attempt) => {
      if (attempt === 1) response.destroy();
      else response.end("{}");
    });
    expect(await sendTo(vendor, { request, call })).toMatchObject({ status: 200 });
    expect(vendor.requests).toHaveLength(2);
    expect(vendor.bodies).toEqual(['{"a":1}', '{"a":1}']); // the whole body again
    await vendor.close();
  }
});

test.each([
  ["read", {}],
  ["write", WRITE],
])("a reset during the handshake, before anything is sent: a %s is sent three times", async (_kind, request) => {
  const server = createServer((socket) => socket.on("error", () => undefined).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens
  let attempts = 0;
  const error = await failureTo(url, { request, hooks: { attempt: () => void attempts++ } });
  expect(error).toMatchObject({ code: "upstream_unreachable", facts: { retryable: true } });
  expect(attempts).toBe(3);
  server.close();
});
