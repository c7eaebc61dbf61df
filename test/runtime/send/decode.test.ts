import { afterEach, expect, test } from "vitest";
import { failureTo, sendTo, type Vendor, vendorOf } from "./vendor.ts";

const open: Vendor[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((vendor) => vendor.close()))));

async function answering(type: string, body: string | Buffer): Promise<string> {
  const vendor = await vendorOf((response) => response.setHeader("content-type", type).end(body));
  open.push(vendor);
  return vendor.url;
}

const lines = '{"a":1}\n{"a":2}\n';
const request = { method: "GET", path: "/x" } as const;

// Each is described as JSON, and comes as something else.
test.each([
  { type: "application/octet-stream", body: lines, want: new Uint8Array(Buffer.from(lines)) },
  { type: "application/vnd.ms-excel", body: Buffer.from([0x50, 0x4b]), want: new Uint8Array([0x50, 0x4b]) },
  { type: "application/octet-stream", body: '{"a":1}', want: { a: 1 } }, // JSON is JSON under any type
  { type: "text/html", body: "OK", want: "OK" },
  { type: "text/csv", body: "a,b", want: "a,b" },
])("what is no JSON is what it says it is: $type", async ({ type, body, want }) => {
  const { body: read } = await sendTo(await answering(type, body), { request });
  expect(read instanceof Uint8Array ? new Uint8Array(read) : read).toEqual(want);
});

test.each([
  { type: "application/json", body: lines, code: "invalid_json" },
  { type: "application/vnd.acme+json", body: "{", code: "invalid_json" },
  { type: "application/x-json", body: "{", code: "invalid_json" },
  { type: "text/html", body: "<!doctype html><p>Sign in", code: "not_authenticated_html" },
])("what calls itself JSON and is none is refused: $type", async ({ type, body, code }) => {
  expect(await failureTo(await answering(type, body), { request })).toMatchObject({ code });
});
