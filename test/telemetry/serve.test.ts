import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestProject } from "../e2e/project.ts";
import { CLIENTS } from "../e2e/clients.ts";
import type { startCollector } from "./fixture/collector.ts";
import { telemetryProject } from "./fixture/project.ts";
import { labelsOf, readExposition, scrape, type Series, sum } from "./fixture/prometheus.ts";
import { until } from "./fixture/until.ts";
import { THING } from "./fixture/vendor.ts";
import { ELSEWHERE, META, PARENT, type Started, startWatched, TRACE } from "./fixture/watched.ts";

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

const named = (series: readonly Series[]) => [...new Set(series.map(({ name }) => name))].sort();
describe.each(["HTTP", "stdio"] as const)("over %s", (transport) => {
  test.each(CLIENTS)("%s: the names and labels of every metric, span and log line", async (kind) => {
    const { client, collector, metrics, notes, stop } = await watched(transport, kind);
    await client.tools();
    await client.call("get_thing", { thing_id: THING.ok }, { meta: META });
    await client.call("get_thing", { thing_id: THING.flaky });
    expect((await client.call("get_thing", { thing_id: 404 })).isError).toBe(true);
    expect((await client.call("get_thing", { thing_id: THING.big })).isError).toBeFalsy();
    await expect(client.call("get_everything")).rejects.toThrow(/Unknown tool/);
    const series = await scrape(metrics);
    expect(named(series)).toEqual(METRICS);
    const counts = labelsOf(series, "mcp_server_operation_duration_seconds_count");
    const listed = kind === "SDK v2, 2026-07-28" ? expect.any(Number) : 1; // this SDK may look twice
    expect(counts.filter((one) => !("gen_ai_tool_name" in one) && !("error_type" in one))).toEqual([
      { mcp_method_name: "tools/list", value: listed },
    ]);
    expect(counts.filter((one) => "gen_ai_tool_name" in one || "error_type" in one)).toEqual([
      { mcp_method_name: "tools/call", gen_ai_tool_name: "get_thing", value: 3 },
      { mcp_method_name: "tools/call", gen_ai_tool_name: "get_thing", error_type: "tool_error", value: 1 },
      { mcp_method_name: "tools/call", error_type: "-32602", value: 1 },
    ]);
    const buckets = series.filter(
      ({ name, labels }) => name.endsWith("operation_duration_seconds_bucket") && labels["error_type"] === "tool_error",
    );
    expect(buckets.map(({ labels }) => labels["le"])).toEqual([...BUCKETS.map(String), "+Inf"]);
    const asked = { http_request_method: "GET", server_address: "127.0.0.1", url_template: "/things/{thing_id}" };
    expect(labelsOf(series, "http_client_request_duration_seconds_count")).toEqual([
      { ...asked, http_response_status_code: "200", value: 3 },
      { ...asked, http_response_status_code: "503", error_type: "503", value: 1 },
      { ...asked, http_response_status_code: "404", error_type: "404", value: 1 },
    ]);
    expect(labelsOf(series, "toolwright_upstream_attempts_total")).toEqual([
      { tool: "get_thing", outcome: "ok", value: 3 },
      { tool: "get_thing", outcome: "server_error", value: 1 },
      { tool: "get_thing", outcome: "rejected", value: 1 },
    ]);
    expect(labelsOf(series, "toolwright_retries_total")).toEqual([{ reason: "server_error", value: 1 }]);
    expect(labelsOf(series, "toolwright_problems_total")).toEqual([{ code: "not_found", value: 1 }]);
    expect(labelsOf(series, "toolwright_quota_remaining")).toEqual([
      { api: "basic", window: "calls per minute", value: 999_996 },
    ]);
    expect(sum(series, "toolwright_response_truncated_total")).toBe(1);
    expect(sum(series, "toolwright_inflight")).toBe(0);
    expect(sum(series, "process_resident_memory_bytes")).toBeGreaterThan(20e6);
    expect(sum(series, "nodejs_eventloop_lag_seconds")).toBeLessThan(5);
    await stop();
    await until(() => (collector.spans.length > 0 && collector.points.length > 0) || undefined, "what is handed over");
    expectSpans(collector.spans, transport, kind);
    expectPoints(collector.points);
    expect(collector.resources.every((one) => one["service.name"] === "toolwright")).toBe(true);
    expectLog(notes(), collector.spans);
  });
});

const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const METRICS = [
  ...["bucket", "count", "sum"].map((part) => `http_client_request_duration_seconds_${part}`),
  ...["bucket", "count", "sum"].map((part) => `mcp_server_operation_duration_seconds_${part}`),
  "nodejs_eventloop_lag_seconds",
  "nodejs_heap_size_used_bytes",
  "process_resident_memory_bytes",
  "toolwright_cancelled_total",
  "toolwright_inflight",
  "toolwright_problems_total",
  "toolwright_quota_remaining",
  "toolwright_response_truncated_total",
  "toolwright_retries_total",
  "toolwright_upstream_attempts_total",
];

type Spans = Awaited<ReturnType<typeof startCollector>>["spans"];

function expectSpans(spans: Spans, transport: string, kind: string): void {
  const calls = spans.filter(({ name }) => name === "tools/call get_thing");
  expect(calls.map(({ kind }) => kind)).toEqual(["SERVER", "SERVER", "SERVER", "SERVER"]);
  const [first, flaky, missing] = calls;
  expect(first).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, failed: false });
  const http = { "network.transport": "tcp", "network.protocol.name": "http", "network.protocol.version": "1.1" };
  expect(first?.attributes).toEqual({
    "mcp.method.name": "tools/call",
    "gen_ai.tool.name": "get_thing",
    "gen_ai.operation.name": "execute_tool",
    "jsonrpc.request.id": expect.stringMatching(/^\d+$/),
    "mcp.protocol.version": expect.stringMatching(kind === "SDK v2, 2026-07-28" ? /^2026-07-28$/ : /^2025-/),
    ...(transport === "HTTP"
      ? { ...http, "client.address": expect.stringMatching(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/) }
      : { "network.transport": "pipe" }),
  });
  const [, link, span] = ELSEWHERE.traceparent.split("-");
  expect(first?.links).toEqual(transport === "HTTP" ? [{ traceId: link, spanId: span }] : []);
  expect(flaky?.parentSpanId).toBe("");
  expect(missing).toMatchObject({ failed: true, statusMessage: "" });
  expect(missing?.attributes).toMatchObject({ "error.type": "tool_error", "toolwright.problem.code": "not_found" });
  const unknown = spans.find(({ name, failed }) => name === "tools/call" && failed);
  expect(unknown?.attributes).toMatchObject({ "error.type": "-32602", "rpc.response.status_code": "-32602" });
  expect(unknown?.attributes).not.toHaveProperty("gen_ai.tool.name");
  expect(spans.some((one) => one.name === "tools/list" && one.kind === "SERVER")).toBe(true);
  const attempts = spans.filter((one) => one.kind === "CLIENT" && one.parentSpanId === flaky?.spanId);
  expect(attempts.map(({ name }) => name)).toEqual(["GET /things/{thing_id}", "GET /things/{thing_id}"]);
  expect(attempts.map(({ traceId }) => traceId)).toEqual([flaky?.traceId, flaky?.traceId]);
  const asked = { "http.request.method": "GET", "server.address": "127.0.0.1", "url.template": "/things/{thing_id}" };
  expect(attempts.map(({ attributes }) => attributes)).toEqual([
    { ...asked, "http.response.status_code": 503, "error.type": "503" },
    { ...asked, "http.response.status_code": 200, "http.request.resend_count": 1 },
  ]);
}

function expectPoints(points: Awaited<ReturnType<typeof startCollector>>["points"]): void {
  expect([...new Set(points.map(({ metric }) => metric))].sort()).toEqual([
    "http.client.request.duration",
    "mcp.server.operation.duration",
    "nodejs.eventloop.lag",
    "nodejs.heap_size_used",
    "process.resident_memory",
    "toolwright.cancelled",
    "toolwright.inflight",
    "toolwright.problems",
    "toolwright.quota.remaining",
    "toolwright.response_truncated",
    "toolwright.retries",
    "toolwright.upstream.attempts",
  ]);
  expect(points.find(({ attributes }) => attributes["error.type"] === "tool_error")).toEqual({
    metric: "mcp.server.operation.duration",
    unit: "s",
    attributes: { "mcp.method.name": "tools/call", "gen_ai.tool.name": "get_thing", "error.type": "tool_error" },
    value: 1,
  });
}

function expectLog(notes: string, spans: Spans): void {
  const lines = notes.split("\n").filter((line) => line.startsWith("{"));
  const records = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  expect(records.map(({ status, attempts }) => [status, attempts])).toEqual([
    ["ok", 1],
    ["ok", 2],
    ["not_found", 1],
    ["ok", 1],
  ]);
  for (const record of records) {
    expect(Object.keys(record)).toEqual(["time", "api", "tool", "status", "ms", "attempts", "trace"]);
  }
  const calls = spans.filter(({ name }) => name === "tools/call get_thing");
  expect(records.map(({ trace }) => trace)).toEqual(calls.map(({ traceId }) => traceId));
}

test("what a scraper reads is the text format, to the letter", () => {
  expect(readExposition('# HELP a_total x\n# TYPE a_total counter\na_total{b="c\\"d"} 1\n')).toHaveLength(1);
  expect(() => readExposition("a-b 1")).toThrow(/not of the text format/);
});
