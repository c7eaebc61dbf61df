import { type Environment, valueOf } from "../load/environment.ts";
import { StartError } from "../load/start-error.ts";

/** What an operator wants to see, and where. */
export interface TelemetrySettings {
  /** Where `GET /metrics` answers; undefined: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** URLs that OTLP is sent to; undefined: not at all. */
  readonly otlp: { readonly traces: string | undefined; readonly metrics: string | undefined };
  /** Milliseconds between two exports of metrics. */
  readonly exportIntervalMs: number;
  /** The vendor is told the trace that a request belongs to. */
  readonly tellVendor: boolean;
  /** Spans hold the arguments and the result of a call. */
  readonly content: boolean;
}

/**
 * Reads what is asked for: the metrics port, and OpenTelemetry's own variables for OTLP. An empty variable counts as one that is not set.
 *
 * @param metrics `[HOST:]PORT` of the command line, which wins over `TOOLWRIGHT_METRICS`.
 * @returns undefined when nothing is asked for; then nothing of OpenTelemetry is loaded.
 * @throws {StartError} naming the variable that cannot be read.
 */
export function telemetrySettings(environment: Environment, metrics?: string): TelemetrySettings | undefined {
  const read = (name: string) => valueOf(environment, name);
  const place = metrics ?? read("TOOLWRIGHT_METRICS");
  const off = read("OTEL_SDK_DISABLED")?.toLowerCase() === "true";
  const base = read("OTEL_EXPORTER_OTLP_ENDPOINT");
  const endpoint = (signal: "traces" | "metrics") => {
    const upper = signal.toUpperCase();
    if (off || read(`OTEL_${upper}_EXPORTER`) === "none") return undefined;
    const own = `OTEL_EXPORTER_OTLP_${upper}_ENDPOINT`;
    const given = read(own);
    if (given !== undefined) return httpUrl(given, own);
    return base && httpUrl(base, "OTEL_EXPORTER_OTLP_ENDPOINT").replace(/\/?$/, `/v1/${signal}`);
  };
  const otlp = { traces: endpoint("traces"), metrics: endpoint("metrics") };
  if (place === undefined && otlp.traces === undefined && otlp.metrics === undefined) return undefined;
  // Read by the library itself, which with a batch of 0 would go on for ever at its end.
  for (const name of ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BSP_MAX_QUEUE_SIZE"]) wholeNumber(name, read(name));
  return {
    metrics: place === undefined ? undefined : metricsPlace(place),
    otlp,
    exportIntervalMs: wholeNumber(INTERVAL, read(INTERVAL)) ?? DEFAULT_INTERVAL_MS,
    tellVendor: saysYes(read("TOOLWRIGHT_TRACE_VENDOR")),
    content: saysYes(read("TOOLWRIGHT_TRACE_CONTENT")),
  };
}

/** `9464` → this machine alone; `0.0.0.0:9464`, `[::]:9464` → every address. */
function metricsPlace(text: string): { readonly host: string; readonly port: number } {
  const [, host = "127.0.0.1", digits] = /^(?:(\[[0-9A-Fa-f:]+\]|[^:[\]\s]+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port <= 65_535) return { host, port };
  throw new StartError(
    `${text} is no place for metrics`,
    "name a port, or an address and a port: --metrics 9464, TOOLWRIGHT_METRICS=0.0.0.0:9464",
  );
}

function httpUrl(text: string, variable: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new StartError(`${variable} is no http or https URL`, `write it like ${variable}=http://localhost:4318`);
}

const INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL";
const DEFAULT_INTERVAL_MS = 60_000; // OpenTelemetry's

function wholeNumber(variable: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new StartError(
    `${variable} is not a whole number of 1 or more`,
    `leave it out, or write a number like ${variable}=1000`,
  );
}

/** What lets more out than usual is on only where somebody clearly says so. */
function saysYes(text: string | undefined): boolean {
  return text !== undefined && ["1", "true", "yes", "on"].includes(text.toLowerCase());
}
