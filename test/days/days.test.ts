import { describe, expect, test } from "vitest";
import { WAYS } from "./client.ts";
import { daysIn } from "./day.ts";
import { runDay } from "./run-day.ts";

const days = daysIn(import.meta.dirname);

test("there are days", () => expect(days.length).toBeGreaterThan(0));

describe.each(WAYS)("$sdk over $over", (way) => {
  test.concurrent.each(days)("$api: $day", async (day) => await runDay(day, way), 120_000);
});
