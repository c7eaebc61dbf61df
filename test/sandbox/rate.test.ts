import { expect, test } from "vitest";
import { createRate } from "../../src/sandbox/rate.ts";
import { smallFile } from "./small-vendor.ts";

const MINUTE = Date.parse("2026-11-22T09:00:00Z");
const rule = { ...smallFile().rate, perMinute: 5, operations: { listTickets: 2 } };
const read = { cost: 1, operationId: "getTicket" };
const list = { cost: 1, operationId: "listTickets" };

test("a minute holds so much, by cost; the next one starts anew", () => {
  const count = createRate(rule);
  expect(count({ ...read, cost: 3 }, MINUTE)).toEqual({
    allowed: true,
    retryAfter: 60,
    headers: { "x-left": "2", "x-cost": "3", "x-limit": "5" },
  });
  expect(count({ ...read, cost: 2 }, MINUTE + 59_000)).toMatchObject({ allowed: true, retryAfter: 1 });
  expect(count(read, MINUTE + 59_999)).toMatchObject({ allowed: false, headers: { "x-left": "0" } });
  expect(count(read, MINUTE + 60_000)).toMatchObject({ allowed: true, headers: { "x-left": "4" } });
});

test("single operations have a limit of their own, by requests", () => {
  const count = createRate(rule);
  expect([list, list, list].map((request) => count(request, MINUTE).allowed)).toEqual([true, true, false]);
  expect(count(read, MINUTE).allowed).toBe(true);
  expect(count(list, MINUTE + 60_000).allowed).toBe(true);
});

test("another figure takes the place of all", () => {
  const count = createRate(rule, 4);
  const allowed = [list, list, list, read, read].map((request) => count(request, MINUTE).allowed);
  expect(allowed).toEqual([true, true, true, true, false]);
});
