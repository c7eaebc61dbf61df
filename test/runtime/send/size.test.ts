import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { failureTo, sendTo, vendorOf } from "./vendor.ts";

// How much of an answer is read, beside rows 44 and 47 of test/faults.

test("44 a gzip bomb costs less than 64 MB and a second", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  const vendor = await vendorOf((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
  const before = process.memoryUsage.rss();
  const start = performance.now();
  expect(await failureTo(vendor)).toMatchObject({ code: "response_too_large" });
  expect(performance.now() - start).toBeLessThan(4_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  await vendor.close();
});

test("47 exactly the cap is read", async () => {
  const text = `"${"a".repeat(10 * 1024 * 1024 - 2)}"`;
  const vendor = await vendorOf((response) => response.end(text));
  expect((await sendTo(vendor)).bytes).toBe(10 * 1024 * 1024);
  await vendor.close();
});
