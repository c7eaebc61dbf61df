import { randomInt, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openTelemetry } from "../../src/runtime/telemetry/open-telemetry.ts";
import { telemetrySettings } from "../../src/runtime/telemetry/settings.ts";
import type { Telemetry } from "../../src/runtime/telemetry/telemetry.ts";
import { serveDoor } from "../access/door/fixture/door.ts";
import { legacy, modern } from "../mcp/fixture/raw.ts";
import { scrape, sum } from "./fixture/prometheus.ts";
import { requestTo } from "./fixture/request.ts";

const CALLS = 10_000;
/** So many go all the way, over HTTP and on to a vendor; of the others a server would say the same. */
const OVER_HTTP = 1_000;
const WARMING = 400;
const CALLERS = 1_000;
const OUTCOMES = 12;
/** Outcomes that a machine which stands still for a moment adds: words of ours, and no more than these. */
const MACHINE: ReadonlySet<string> = new Set(["broken", "unreachable", "timeout"]);

test("T41 O1 10,000 calls with random ids, 1,000 of them over HTTP by as many callers, and tools that are not there, leave the number of series unchanged", async () => {
  const settings = telemetrySettings({}, "0");
  if (!settings) throw new Error("metrics were asked for");
  const telemetry = await openTelemetry(settings, { version: "1.2.3", deployments: [] });
  const metrics = telemetry.metricsUrl ?? "";
  const door = await serveDoor({ telemetry, environment: { ACME_CALLS_PER_MINUTE: "1000000" } });
  const sent: string[] = [];
  const many = async (overHttp: number, recorded: number) => {
    let next = 0;
    const worker = async () => {
      while (next < overHttp) sent.push(...(await callOver(door.url, next++ % CALLERS)));
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    for (let call = 0; call < recorded; call++) sent.push(...record(telemetry));
  };
  const names = async () =>
    (await scrape(metrics))
      .filter(({ labels }) => !Object.values(labels).some((value) => MACHINE.has(value)))
      .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)
      .sort();
  await many(WARMING, WARMING);
  const before = await names();
  await many(OVER_HTTP, CALLS - OVER_HTTP);
  expect(await names()).toEqual(before);
  const series = await scrape(metrics);
  expect(sum(series, "mcp_server_operation_duration_seconds_count")).toBe(2 * WARMING + CALLS);
  const tools = new Set(series.flatMap(({ labels }) => labels["gen_ai_tool_name"] ?? labels["tool"] ?? []));
  expect([...tools].sort()).toEqual(["fetchThing", "fetchThings"]);
  const outcomes = series.filter(({ name }) => name === "mcp_server_operation_duration_seconds_count");
  expect(outcomes.length).toBeLessThanOrEqual(5 * OUTCOMES);
  const values = new Set(series.flatMap(({ labels }) => Object.values(labels)));
  expect(sent.filter((text) => values.has(text))).toEqual([]);
  await door.close();
  await expect(fetch(metrics)).rejects.toThrow(); // closed with the server
}, 600_000); // a quarter of a minute on a machine that has nothing else to do

/** A call of a caller's, of one of several kinds. @returns what may be in no label. */
async function callOver(url: string, caller: number): Promise<readonly string[]> {
  const key = `${caller % 10 === 0 ? "revoked" : "person"}${String(caller).padStart(12, "0")}`;
  const id = randomInt(1, 1_000_000_000);
  const kind = randomInt(20);
  const [name, args] =
    kind === 0
      ? [`tool_${randomUUID()}`, {}]
      : kind === 1
        ? ["fetchThing", { thing_id: randomUUID() }]
        : kind < 10
          ? ["fetchThings", { color: randomUUID(), limit: randomInt(1, 5) }]
          : ["fetchThing", { thing_id: id }];
  const era = randomInt(2) === 0 ? modern : legacy;
  const { headers, body } = era("tools/call", { name, arguments: args });
  const common = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...(headers as Record<string, string>), // of which none is undefined
      ...common,
      "x-acme-api-key": key,
      traceparent: traceparent(),
    },
    body: body.replace('"id":1', `"id":"${randomUUID()}"`),
  });
  await response.text();
  return [key, String(id)];
}

/** The same as a server tells it, with words of a client's wherever there may be any. @returns what may be in no label. */
function record(telemetry: Telemetry): readonly string[] {
  const words = Array.from({ length: 5 }, () => randomUUID());
  const [id = "", argument, path, secret = "", message] = words;
  const operation = telemetry.begin({
    method: "tools/call",
    tool: [undefined, "fetchThing", "fetchThings"][randomInt(3)],
    id,
    protocolVersion: "2026-07-28",
    meta: { traceparent: traceparent() },
    http: { headers: { traceparent: traceparent() }, address: `203.0.113.${randomInt(256)}` },
    args: { argument },
  });
  const foreign = randomInt(2) === 0;
  const host = foreign ? `${secret}.storage.example` : "acme.example";
  const attempt = operation.request(requestTo(`https://${host}/${path}?key=${secret}`, foreign, [secret])).attempt();
  const error = new Error(message);
  if (randomInt(3) === 0) attempt.failed(error, undefined);
  else attempt.answered([200, 404, 503][randomInt(3)] ?? 200);
  operation.end(randomInt(4) === 0 ? { error } : { result: { argument } });
  return foreign ? [...words, host] : words;
}

function traceparent(): string {
  return `00-${randomUUID().replaceAll("-", "")}-00f067aa0ba902b7-01`;
}
