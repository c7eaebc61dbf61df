import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { daysIn, isFailureCase, toolOf } from "./day.ts";

/** APIs of which every tool must be called over every way, and once with something that goes wrong. */
const WHOLE = ["halo-itsm", "halo-lms"] as const;
const GENERATED = resolve(import.meta.dirname, "../../generated");

describe.each(WHOLE)("%s", (api) => {
  const calls = daysIn(import.meta.dirname)
    .filter((day) => day.api === api)
    .flatMap(({ asks }) => asks.flatMap((ask) => ask.calls));
  const { tools } = JSON.parse(readFileSync(`${GENERATED}/${api}/catalog.json`, "utf8")) as {
    tools: { name: string }[];
  }; // written by `generate`

  test("there are tools", () => expect(tools.length).toBeGreaterThan(10));

  test.each(tools.map(({ name }) => name))("%s is called by a day, and once where something goes wrong", (name) => {
    const own = calls.filter((call) => toolOf(call)[0] === name);
    expect(
      own.some((call) => call.error === undefined && call.person !== "decline" && call.person !== "cancel"),
      "a call that works",
    ).toBe(true);
    expect(own.some(isFailureCase), "a failure case").toBe(true);
  });

  test("no day calls a tool that there is not", () => {
    expect(calls.map((call) => toolOf(call)[0]).filter((name) => !tools.some((tool) => tool.name === name))).toEqual(
      [],
    );
  });
});
