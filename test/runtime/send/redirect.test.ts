import { afterAll, beforeAll, expect, test } from "vitest";
import { configureTransport } from "../../../src/runtime/send/transport.ts";
import { failureTo, sendTo, vendorOf, WRITE } from "./vendor.ts";

beforeAll(() => configureTransport({ timeScale: 1 / 20 }));
afterAll(() => configureTransport({}));

const redirecting = (status: number, location: string) =>
  vendorOf((response, _attempt, request) => {
    if (request.url?.startsWith("/api/")) response.writeHead(status, { location }).end();
    else response.end('{"ok":true}');
  });
const statuses = [301, 302, 303, 307, 308];

test.each(statuses)("54 %i to the same origin: a GET follows", async (status) => {
  const vendor = await redirecting(status, "/moved?x=1#part");
  expect(await sendTo(vendor)).toMatchObject({ body: { ok: true } });
  expect(vendor.requests).toEqual(["GET /api/tickets", "GET /moved?x=1"]);
  expect(vendor.headers[1]).toHaveProperty("x-api-key", "s3cr3t/k+y"); // it is the credential's own server
  await vendor.close();
});

test("54 303 after a POST is a GET without the body", async () => {
  const vendor = await redirecting(303, "/result");
  expect(await sendTo(vendor, { request: WRITE })).toMatchObject({ body: { ok: true } });
  expect(vendor.requests).toEqual(["POST /api/tickets", "GET /result"]);
  expect(vendor.bodies).toEqual(['{"a":1}', ""]);
  expect(vendor.headers[1]).not.toHaveProperty("content-type");
  await vendor.close();
});

for (const status of statuses) {
  test.each([
    ["safe", {}],
    ["write", WRITE],
  ])(`T12 redirect carries credentials, 55 and 57: ${status} to another origin, %s`, async (_kind, request) => {
    const canary = await vendorOf((response) => response.end("{}"));
    const host = new URL(canary.url).host;
    for (const location of [`${canary.url}/x`, `//${host}/x`, `http://user:pass@${host}/x`]) {
      const vendor = await redirecting(status, location);
      const refusal = await failureTo(vendor, { request });
      expect(refusal).toMatchObject({ code: "unexpected_redirect" });
      expect(String(refusal)).toContain(`(${host})`); // the host, so that the operator knows
      expect(String(refusal)).not.toMatch(/:\/\/|\/x|pass|s3cr3t/); // and nothing else of it
      expect(vendor.requests).toHaveLength(1);
      await vendor.close();
    }
    expect(canary.requests).toEqual([]);
    await canary.close();
  });
}

test.each([
  "https://127.0.0.1:PORT/x",
  "http://user@127.0.0.1:PORT/x",
  "http://127.0.0.1:PORT.evil.example/",
  "http://[",
  "javascript:alert(1)",
  "file:///etc/passwd",
])("59 T12 a redirect to %s is refused", async (location) => {
  const vendor = await vendorOf((response, _attempt, request) => {
    response.writeHead(302, { location: location.replace("PORT", String(request.socket.localPort)) }).end();
  });
  expect(await failureTo(vendor)).toMatchObject({ code: "unexpected_redirect" });
  expect(vendor.requests).toHaveLength(1);
  await vendor.close();
});
