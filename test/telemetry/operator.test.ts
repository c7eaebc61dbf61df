import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestProject } from "../e2e/project.ts";
import { serve } from "../e2e/server.ts";
import { CLIENTS, connect } from "../e2e/clients.ts";
import { startCollector } from "./fixture/collector.ts";
import { environment, telemetryProject } from "./fixture/project.ts";
import { labelsOf, scrape, sum } from "./fixture/prometheus.ts";
import { until } from "./fixture/until.ts";
import { startVendor, THING } from "./fixture/vendor.ts";
import { META, type Started, startWatched, TRACE } from "./fixture/watched.ts";

let project: TestProject;
const closing: Started[] = [];
beforeAll(async () => {
  project = await telemetryProject(["basic"]);
});
afterAll(() => project.remove());
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

type Given = Parameters<typeof startWatched> extends [unknown, unknown, ...infer Rest] ? Rest : never;
const watched = async (...given: Given) => await startWatched(project, closing, ...given);

describe("what is told on", () => {
  test("the vendor is not told the trace, unless an operator says so", async () => {
    const quiet = await watched("HTTP");
    await quiet.client.call("get_thing", { thing_id: THING.ok }, { meta: META });
    expect(quiet.vendor.seen.map(({ headers }) => headers["traceparent"])).toEqual([undefined]);
    const telling = await watched("HTTP", CLIENTS[0], { TOOLWRIGHT_TRACE_VENDOR: "true" });
    await telling.client.call("get_thing", { thing_id: THING.ok }, { meta: META });
    await telling.stop();
    const attempt = await until(() => telling.collector.spans.find(({ kind }) => kind === "CLIENT"), "the span");
    expect(telling.vendor.seen.map(({ headers }) => headers["traceparent"])).toEqual([
      `00-${TRACE}-${attempt.spanId}-01`,
    ]);
    expect(telling.vendor.seen.map(({ headers }) => headers["tracestate"])).toEqual(["host=1"]);
  });

  test("arguments and results are in no span, unless an operator says so", async () => {
    const quiet = await watched("HTTP");
    await quiet.client.call("get_thing", { thing_id: THING.ok });
    await quiet.stop();
    await until(() => quiet.collector.spans.find(({ kind }) => kind === "SERVER"), "the span");
    expect(quiet.collector.spans.flatMap(({ attributes }) => Object.keys(attributes))).not.toContain(
      "gen_ai.tool.call.arguments",
    );
    const telling = await watched("stdio", CLIENTS[0], { TOOLWRIGHT_TRACE_CONTENT: "true" });
    await telling.client.call("get_thing", { thing_id: THING.ok });
    await telling.stop();
    const span = await until(
      () => telling.collector.spans.find(({ name }) => name.startsWith("tools/call")),
      "the span",
    );
    expect(span.attributes["gen_ai.tool.call.arguments"]).toBe('{"thing_id":1}');
    expect(span.attributes["gen_ai.tool.call.result"]).toContain('"structuredContent":{"id":1,"name":"thing"}');
  });

  test("a sampler of an operator's, headers for the collector and a name of the service hold", async () => {
    const { client, collector, stop } = await watched("HTTP", CLIENTS[0], {
      OTEL_TRACES_SAMPLER: "always_off",
      OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=of-the-operator",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
      OTEL_SERVICE_NAME: "desk",
    });
    await client.call("get_thing", { thing_id: THING.ok });
    await stop();
    await until(() => collector.points[0], "the metrics");
    expect(collector.spans).toEqual([]);
    expect(collector.headers[0]?.["x-collector-key"]).toBe("of-the-operator");
    expect(collector.resources[0]).toMatchObject({ "service.name": "desk", "deployment.environment.name": "test" });
    expect(JSON.stringify(collector.resources)).not.toMatch(/process\.|host\./); // a command line is nobody's business
  });

  test("the settings may stand in the project's .env", async () => {
    const collector = await startCollector();
    const vendor = await startVendor();
    closing.push(collector, vendor);
    project.write(".env", `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.url}/\nOTEL_SERVICE_NAME=from-file\n`);
    const server = await serve(["basic", "--server", `api=${vendor.url}/v1`], environment(), project.directory);
    project.write(".env", "");
    const client = await connect(CLIENTS[0], { url: server.url });
    await client.call("get_thing", { thing_id: THING.ok });
    await client.close();
    await server.stop();
    expect((await until(() => collector.resources[0], "anything"))["service.name"]).toBe("from-file");
    expect(collector.spans.map(({ name }) => name)).toContain("tools/call get_thing");
  });
});

describe("what an operator sees", () => {
  test("outcomes of attempts: a word for each way to fail", async () => {
    const { client, metrics } = await watched("HTTP");
    for (const id of [THING.elsewhere, THING.reset, THING.halfway, 401, 403, 429, 500]) {
      await client.call("get_thing", { thing_id: id });
    }
    const after = await scrape(metrics);
    const outcomes = labelsOf(after, "toolwright_upstream_attempts_total");
    expect(outcomes).toEqual([
      { tool: "get_thing", outcome: "redirected", value: 1 },
      { tool: "get_thing", outcome: "broken", value: 6 },
      { tool: "get_thing", outcome: "unauthorized", value: 1 },
      { tool: "get_thing", outcome: "rejected", value: 1 },
      { tool: "get_thing", outcome: "rate_limited", value: 3 },
      { tool: "get_thing", outcome: "server_error", value: 1 },
    ]);
    expect(labelsOf(after, "toolwright_retries_total")).toEqual([
      { reason: "broken", value: 4 },
      { reason: "rate_limited", value: 2 },
    ]);
    expect(labelsOf(after, "toolwright_rate_limited_total")).toEqual([{ scope: "vendor", value: 1 }]);
  });

  test("calls that are running, and one that nobody waits for any more", async () => {
    const { client, vendor, metrics, collector, stop } = await watched("HTTP");
    const leaving = new AbortController();
    const call = client.call("get_thing", { thing_id: THING.slow }, { signal: leaving.signal }).catch(() => "gone");
    await until(() => vendor.seen[0], "the request");
    expect(sum(await scrape(metrics), "toolwright_inflight")).toBe(1);
    leaving.abort();
    expect(await call).toBe("gone");
    await until(async () => sum(await scrape(metrics), "toolwright_cancelled_total") === 1 || undefined, "its end");
    const series = await scrape(metrics);
    expect(sum(series, "toolwright_inflight")).toBe(0);
    expect(labelsOf(series, "toolwright_upstream_attempts_total")).toEqual([
      { tool: "get_thing", outcome: "cancelled", value: 1 },
    ]);
    await client.call("get_thing", { thing_id: THING.ok }); // one that is answered is none that was cancelled
    expect(sum(await scrape(metrics), "toolwright_cancelled_total")).toBe(1);
    await stop();
    await until(() => collector.spans.find(({ kind }) => kind === "CLIENT"), "the span");
  });

  test("a limit of this server's, and what is left of it", async () => {
    const { client, metrics } = await watched("HTTP", CLIENTS[0], { CALLS_PER_MINUTE: "2" });
    for (let call = 0; call < 3; call++) await client.call("get_thing", { thing_id: THING.ok });
    const series = await scrape(metrics);
    expect(labelsOf(series, "toolwright_rate_limited_total")).toEqual([{ scope: "calls", value: 1 }]);
    expect(labelsOf(series, "toolwright_quota_remaining")).toEqual([
      { api: "basic", window: "calls per minute", value: 0 },
    ]);
    expect(sum(series, "toolwright_upstream_attempts_total")).toBe(2);
  });
});
