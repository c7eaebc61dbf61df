import { randomInt, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openTelemetry } from "../../src/runtime/telemetry/open-telemetry.ts";
import { telemetrySettings } from "../../src/runtime/telemetry/settings.ts";
import { serveDoor } from "../access/door/fixture/door.ts";
import { legacy, modern } from "../mcp/fixture/raw.ts";
import { scrape, sum } from "./fixture/prometheus.ts";

const CALLS = 10_000;
const CALLERS = 1_000;
const OUTCOMES = 12;

test("T41 O1 10,000 calls with random ids of 1,000 callers, and tools that are not there, leave the number of series unchanged", async () => {
  const settings = telemetrySettings({}, "0");
  if (!settings) throw new Error("metrics were asked for");
  const telemetry = await openTelemetry(settings, { version: "1.2.3", deployments: [] });
  const metrics = telemetry.metricsUrl ?? "";
  const door = await serveDoor({ telemetry, environment: { ACME_CALLS_PER_MINUTE: "1000000" } });
  const sent: string[] = [];
  const call = async (key: string, name: string, args: Readonly<Record<string, unknown>>) => {
    const era = randomInt(2) === 0 ? modern : legacy;
    const { headers, body } = era("tools/call", { name, arguments: args });
    const trace = `00-${randomUUID().replaceAll("-", "")}-00f067aa0ba902b7-01`;
    const common = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    await (
      await fetch(door.url, {
        method: "POST",
        headers: { ...(headers as Record<string, string>), ...common, "x-acme-api-key": key, traceparent: trace },
        body: body.replace('"id":1', `"id":"${randomUUID()}"`),
      })
    ).text();
  };
  const one = async (caller: number) => {
    const key = `${caller % 10 === 0 ? "revoked" : "person"}${String(caller).padStart(12, "0")}`;
    const id = randomInt(1, 1_000_000_000);
    sent.push(key, String(id));
    const kind = randomInt(20);
    if (kind === 0) await call(key, `tool_${randomUUID()}`, {});
    else if (kind === 1) await call(key, "fetchThing", { thing_id: randomUUID() });
    else if (kind < 10) await call(key, "fetchThings", { color: randomUUID(), limit: randomInt(1, 5) });
    else await call(key, "fetchThing", { thing_id: id });
  };
  const many = async (count: number) => {
    let next = 0;
    const worker = async () => {
      while (next < count) await one(next++ % CALLERS);
    };
    await Promise.all(Array.from({ length: 32 }, worker));
  };
  const names = async () =>
    (await scrape(metrics)).map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`).sort();
  await many(400);
  const before = await names();
  await many(CALLS);
  expect(await names()).toEqual(before);
  const series = await scrape(metrics);
  expect(sum(series, "mcp_server_operation_duration_seconds_count")).toBe(400 + CALLS);
  const tools = new Set(series.flatMap(({ labels }) => labels["gen_ai_tool_name"] ?? labels["tool"] ?? []));
  expect([...tools].sort()).toEqual(["fetchThing", "fetchThings"]);
  const outcomes = series.filter(({ name }) => name === "mcp_server_operation_duration_seconds_count");
  expect(outcomes.length).toBeLessThanOrEqual(5 * OUTCOMES);
  const values = new Set(series.flatMap(({ labels }) => Object.values(labels)));
  expect(sent.filter((text) => values.has(text))).toEqual([]);
  await door.close();
  await expect(fetch(metrics)).rejects.toThrow(); // closed with the server
}, 400_000);
