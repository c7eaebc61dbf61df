import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Attributes, Meter, ObservableResult } from "@opentelemetry/api";
import type { Deployment } from "../deployment.ts";
import { readLimits } from "../limits/limits.ts";

/** Everything that is counted and measured. The names are OpenTelemetry's; as Prometheus sees them they are in docs/deploy.md. */
export type Instruments = ReturnType<typeof createInstruments>;

/** Seconds; of the MCP conventions, which have room for calls of minutes. */
const OPERATION_SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
/** Seconds; of the HTTP conventions. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Makes the instruments that calls are recorded with. */
export function createInstruments(meter: Meter) {
  const counter = (name: string, description: string) => meter.createCounter(name, { description });
  const seconds = (name: string, explicitBucketBoundaries: number[], description: string) =>
    meter.createHistogram(name, { unit: "s", description, advice: { explicitBucketBoundaries } });
  const instruments = {
    operationSeconds: seconds("mcp.server.operation.duration", OPERATION_SECONDS, "Requests of MCP clients."),
    requestSeconds: seconds("http.client.request.duration", REQUEST_SECONDS, "Attempts at the vendor."),
    attempts: counter("toolwright.upstream.attempts", "Attempts at the vendor, by what came of them."),
    retries: counter("toolwright.retries", "Attempts that repeat one, by what had come of that."),
    problems: counter("toolwright.problems", "Calls that failed, by the code of their problem."),
    rateLimited: counter("toolwright.rate_limited", "Calls refused for a limit, by whose it is."),
    renewals: counter("toolwright.token_refresh", "Credentials obtained or renewed."),
    cancelled: counter("toolwright.cancelled", "Calls that ended because nobody waited any more."),
    truncated: counter("toolwright.response_truncated", "Answers that were cut to fit."),
    inflight: meter.createUpDownCounter("toolwright.inflight", { description: "Calls that are being carried out." }),
  };
  // What has no label is there from the start, so that its first increase is seen as one.
  for (const one of [instruments.cancelled, instruments.truncated, instruments.inflight]) one.add(0);
  return instruments;
}

/**
 * Watches what is read when somebody looks: what is left of every limit, and the process.
 *
 * @returns what ends the watching.
 */
export function watchGauges(meter: Meter, deployments: readonly Deployment[]): () => void {
  const gauge = (name: string, unit: string, description: string, read: () => number) =>
    meter.createObservableGauge(name, { unit, description }).addCallback((result) => result.observe(read()));
  const lag = watchLag();
  gauge("nodejs.eventloop.lag", "s", "How late the event loop was, 99th percentile of ten seconds.", lag.seconds);
  gauge("process.resident_memory", "By", "Resident set size.", () => process.memoryUsage.rss());
  gauge("nodejs.heap_size_used", "By", "JavaScript heap in use.", () => process.memoryUsage().heapUsed);
  meter
    .createObservableGauge("toolwright.quota.remaining", { description: "What is left of a limit of this server." })
    .addCallback(async (result) => void (await Promise.all(deployments.map((one) => observeQuotas(one, result)))));
  return lag.stop;
}

/** Where each caller has an account of his own there is nothing to tell of all (T41). */
async function observeQuotas(deployment: Deployment, result: ObservableResult): Promise<void> {
  const { name: api } = deployment.api.definition;
  // A store that cannot be read has no figure; the calls that need it say what is wrong.
  const readings = await readLimits(deployment).catch(() => []);
  for (const { name, used, limit } of readings) {
    const attributes: Attributes = { api, window: name };
    result.observe(Math.max(0, limit - used), attributes);
  }
}

const RESOLUTION_MS = 20;
const LAG_WINDOW_MS = 10_000;

/** Node's own histogram of the time between two turns of a timer, less the time that there should be. */
function watchLag(): { readonly seconds: () => number; readonly stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last: number | undefined;
  const read = () => (histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e9 - RESOLUTION_MS / 1e3));
  const timer = setInterval(() => {
    last = read();
    histogram.reset();
  }, LAG_WINDOW_MS).unref();
  return {
    seconds: () => last ?? read(),
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
