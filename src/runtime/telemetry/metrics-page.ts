import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import type { MetricData, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { isLoopback } from "../load/base-url.ts";
import { refusal } from "../http/guards.ts";
import { listen } from "../http/listen.ts";
import type { TelemetrySettings } from "./settings.ts";

/** Where metrics can be read. */
export interface MetricsPage {
  /** `http://127.0.0.1:9464/metrics` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** As it is written in Prometheus' own exposition format, text 0.0.4. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Answers `GET /metrics` on a port of its own (T41): what stands there is for whoever watches the server, not for whoever calls it.
 *
 * @throws {StartError} when the address cannot be bound.
 */
export async function serveMetrics(
  { host, port }: NonNullable<TelemetrySettings["metrics"]>,
  reader: PrometheusExporter,
): Promise<MetricsPage> {
  const local = isLoopback(host);
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    if (local && refusal(request, { hosts: [], origins: [] }) !== undefined) return void response.writeHead(403).end();
    void answer(request, response, reader);
  });
  server.maxConnections = 50; // a few scrapers, each with a connection that it keeps
  await listen(server, { port, host, option: "--metrics" });
  server.unref();
  const bound = server.address() as AddressInfo; // a TCP server that listens
  return {
    url: `http://${host}:${bound.port}/metrics`,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, reader: PrometheusExporter): Promise<void> {
  if (request.url?.split("?")[0] !== "/metrics") return void response.writeHead(404).end();
  if (request.method !== "GET" && request.method !== "HEAD") {
    return void response.writeHead(405, { allow: "GET, HEAD" }).end();
  }
  try {
    const { resourceMetrics } = await reader.collect();
    const text = new PrometheusSerializer("", false, undefined, true, true).serialize(withUnits(resourceMetrics));
    response.writeHead(200, { "content-type": CONTENT_TYPE, "cache-control": "no-store" }).end(text);
  } catch {
    response.writeHead(500).end();
  }
}

/** Prometheus has units in names, which OpenTelemetry's serializer leaves out: `mcp.server.operation.duration` → `…_seconds`. */
function withUnits({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  const named = scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(withUnit) }));
  return { resource, scopeMetrics: named };
}

const UNITS: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes" };

function withUnit(metric: MetricData): MetricData {
  const { descriptor } = metric;
  const name = descriptor.name + (UNITS[descriptor.unit] ?? "");
  return { ...metric, descriptor: { ...descriptor, name, unit: "" } };
}
