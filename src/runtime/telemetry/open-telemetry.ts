import { setTimeout as delay } from "node:timers/promises";
import { trace } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Deployment } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { createInstruments, watchGauges } from "./instruments.ts";
import { serveMetrics } from "./metrics-page.ts";
import { recordOperation } from "./operations.ts";
import type { TelemetrySettings } from "./settings.ts";
import { CLOSE_MS, type Telemetry } from "./telemetry.ts";

/** What is watched, and who is told when nobody can be told. */
export interface Watched {
  /** Version of the package. */
  readonly version: string;
  /** Their limits are told of. */
  readonly deployments: readonly Deployment[];
  readonly onFault?: ((error: Error) => void) | undefined;
}

/** Telemetry that is told on. */
export interface OpenTelemetry extends Telemetry {
  /** Where metrics can be read; undefined: nowhere. */
  readonly metricsUrl: string | undefined;
}

/**
 * Opens telemetry. One set of instruments feeds both `/metrics` and OTLP; nothing is registered for the process at large, so that nothing
 * but what this server says itself is told on. The exporters read their own variables (`OTEL_EXPORTER_OTLP_HEADERS`, …) from the process.
 *
 * @throws {StartError} when the metrics port cannot be bound.
 */
export async function openTelemetry(settings: TelemetrySettings, watched: Watched): Promise<OpenTelemetry> {
  const { otlp, exportIntervalMs, tellVendor, content } = settings;
  setGlobalErrorHandler(teller(watched.onFault));
  // Of host and process nothing is asked: a command line may hold what is nobody's business.
  const resource = resourceFromAttributes({ "service.name": "toolwright", "service.version": watched.version }).merge(
    detectResources({ detectors: [envDetector, serviceInstanceIdDetector] }),
  );
  const pulled = settings.metrics && new PrometheusExporter({ preventServerStart: true });
  const pushed =
    otlp.metrics === undefined
      ? undefined
      : new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter({ url: otlp.metrics }),
          exportIntervalMillis: exportIntervalMs,
          exportTimeoutMillis: Math.min(exportIntervalMs, 30_000),
        });
  const page = settings.metrics && pulled && (await serveMetrics(settings.metrics, pulled));
  const meters = new MeterProvider({ resource, readers: [pulled, pushed].filter((reader) => reader !== undefined) });
  const traces =
    otlp.traces === undefined
      ? undefined
      : new BasicTracerProvider({
          resource,
          spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: otlp.traces }))],
        });
  const meter = meters.getMeter("toolwright", watched.version);
  const recording = {
    tracer: (traces ?? trace).getTracer("toolwright", watched.version),
    instruments: createInstruments(meter),
    tellVendor,
    content,
  };
  const stopWatching = watchGauges(meter, watched.deployments);
  return {
    metricsUrl: page?.url,
    begin: (request) => recordOperation(request, recording),
    async close() {
      const handedOver = Promise.allSettled([traces?.shutdown(), meters.shutdown()]);
      await Promise.race([handedOver, delay(CLOSE_MS, undefined, { ref: false })]);
      stopWatching();
      await page?.close(); // last: until then somebody may come to see how it ends
    },
  };
}

/** An operator is told that a collector does not take anything, and told again after so long. */
const TELL_AGAIN_MS = 600_000;

/** Of what went wrong only a status or a system's code is told: the rest may quote what was sent. */
function teller(onFault: Watched["onFault"]): (error: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - toldAt < TELL_AGAIN_MS) return;
    toldAt = performance.now();
    const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    const known = /^[A-Z0-9_]{1,40}$/.test(String(code)) ? ` (${String(code)})` : "";
    onFault?.(new Problem("internal", `Telemetry could not be delivered to the OTLP endpoint${known}.`));
  };
}
