import { expect, test } from "vitest";
import { openTelemetry } from "../../src/runtime/telemetry/open-telemetry.ts";
import { telemetrySettings } from "../../src/runtime/telemetry/settings.ts";
import { startCollector } from "./fixture/collector.ts";
import { scrape } from "./fixture/prometheus.ts";
import { requestTo } from "./fixture/request.ts";

const SECRET = "canary-signature-0123456789";

test("T35 T41 a host that an earlier answer named: its name, its path and its signature are told nobody, and nobody's trace is told to it", async () => {
  const collector = await startCollector();
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TOOLWRIGHT_TRACE_VENDOR: "true" };
  const settings = telemetrySettings(environment, "0");
  if (!settings) throw new Error("it was asked for");
  const telemetry = await openTelemetry(settings, { version: "1", deployments: [] });
  const asked = {
    method: "tools/call",
    tool: "add_file",
    id: 1,
    protocolVersion: undefined,
    meta: {},
    http: undefined,
  } as const;
  const operation = telemetry.begin(asked);
  const own = operation.request(requestTo("https://acme.example/tickets/42", false)).attempt();
  own.answered(200);
  expect(own.headers["traceparent"]).toBe(`00-${operation.traceId}-${own.headers["traceparent"]?.split("-")[2]}-01`);
  for (let host = 0; host < 50; host++) {
    const url = `https://bucket-${host}.storage.example/path-${host}?signature=${SECRET}`;
    const attempt = operation.request(requestTo(url, true, [SECRET])).attempt();
    attempt.answered(200);
    expect(attempt.headers).toEqual({});
  }
  operation.end({});
  expect(operation.attempts()).toBe(51);
  const counts = (await scrape(telemetry.metricsUrl ?? "")).filter(
    ({ name }) => name === "http_client_request_duration_seconds_count",
  );
  expect(counts.map(({ labels, value }) => ({ ...labels, value }))).toEqual([
    {
      http_request_method: "GET",
      server_address: "acme.example",
      url_template: "/tickets/{ticket_id}",
      http_response_status_code: "200",
      value: 1,
    },
    { http_request_method: "PUT", server_address: "files", http_response_status_code: "200", value: 50 },
  ]);
  await telemetry.close();
  expect(collector.spans.map(({ name }) => name).filter((name) => name === "PUT files")).toHaveLength(50);
  const bodies = collector.bodies.map((body) => body.toString("latin1")).join("\n");
  expect(bodies).not.toMatch(/canary|bucket-|path-|tickets\/42/);
  await collector.close();
});
