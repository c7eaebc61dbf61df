import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { WAYS } from "../days/client.ts";
import { daysIn, isFailureCase, toolOf } from "../days/day.ts";
import { runDay } from "../days/run-day.ts";
import { run } from "../e2e/server.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { apisOf, folderOf, VENDORS } from "./project.ts";

// A vendor is added here by a folder alone: descriptions, YAML, and what is generated of them. Nothing below knows any by name.
const SOURCE = resolve(import.meta.dirname, "../../src");

test.skipIf(VENDORS.length === 0).each(Object.keys(CAPABILITIES))("some vendor has: %s", async (name) => {
  const apis = (await Promise.all(VENDORS.map(apisOf))).flat();
  expect(apis.some((api) => CAPABILITIES[name]?.(api))).toBe(true);
});

describe.each(VENDORS)("%s", (vendor) => {
  const folder = folderOf(vendor);
  const config = join(folder, "tools.yaml");
  const days = daysIn(join(folder, "days"));

  test("what is generated is what its YAML says", async () => {
    const { code, out, note } = await run(["generate", "--check", "--config", config]);
    expect(`${out}${note}`).toMatch(/is current/);
    expect(code).toBe(0);
  });

  test("it holds no code but what is generated, and no source knows it", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.[cm]?[jt]sx?$/.test(file),
    );
    expect(files.filter((file) => !file.startsWith("generated"))).toEqual([]);
    const sources = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(sources.filter((file) => readFileSync(join(SOURCE, file), "utf8").toLowerCase().includes(vendor))).toEqual(
      [],
    );
  });

  test("its days call every tool, and each once where something goes wrong", async () => {
    const tools = (await apisOf(vendor)).flatMap(({ tools }) => tools.map(({ shown }) => shown.name));
    const calls = days.flatMap(({ asks }) => asks.flatMap((ask) => ask.calls));
    const called = (wanted: (call: (typeof calls)[number]) => boolean) =>
      [...new Set(calls.filter(wanted).map((call) => toolOf(call)[0]))].sort();
    expect(called(({ error, person }) => error === undefined && (person ?? "accept") === "accept")).toEqual(
      [...tools].sort(),
    );
    expect(called(isFailureCase)).toEqual([...tools].sort());
  });

  describe.each(WAYS)("$sdk over $over", (way) => {
    test.concurrent.each(days)("$api: $day", async (day) => await runDay(day, way, config), 120_000);
  });
});
