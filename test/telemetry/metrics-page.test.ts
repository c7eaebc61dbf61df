import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { faultLogLine } from "../../src/runtime/serve/call-log.ts";
import { openTelemetry } from "../../src/runtime/telemetry/open-telemetry.ts";
import { telemetrySettings, type TelemetrySettings } from "../../src/runtime/telemetry/settings.ts";
import { run } from "../e2e/server.ts";
import { modern, raw } from "../mcp/fixture/raw.ts";
import { serveAcme } from "../mcp/fixture/serve.ts";
import { startCollector } from "./fixture/collector.ts";
import { until } from "./fixture/until.ts";

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

function settingsOf(environment: Readonly<Record<string, string>>, metrics?: string): TelemetrySettings {
  const settings = telemetrySettings(environment, metrics);
  if (!settings) throw new Error("nothing was asked for");
  return settings;
}

const statusOf = async (url: string, method = "GET", headers: Record<string, string> = {}) =>
  await new Promise((done) => {
    request(url, { method, headers }, (response) => done(response.resume().statusCode)).end();
  });

describe("T41 where metrics are", () => {
  test("on a port of their own, on this machine alone, and nowhere else", async () => {
    const telemetry = await openTelemetry(settingsOf({}, "0"), { version: "1", deployments: [] });
    const acme = await serveAcme({ telemetry });
    closing.push(acme);
    const url = telemetry.metricsUrl ?? "";
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const response = await fetch(url);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await statusOf(new URL("/metrics", acme.url).href)).toBe(404);
    expect(await statusOf(new URL("/", url).href)).toBe(404);
    expect(await statusOf(new URL("/mcp", url).href, "POST")).toBe(404);
    expect(await statusOf(url, "POST")).toBe(405);
    expect(await statusOf(`${url}?a=b`, "HEAD")).toBe(200);
  });

  test("T26 not to a page that points a name of its own here", async () => {
    const telemetry = await openTelemetry(settingsOf({}, "0"), { version: "1", deployments: [] });
    closing.push(telemetry);
    expect(await statusOf(telemetry.metricsUrl ?? "", "GET", { host: "evil.example" })).toBe(403);
    expect(await statusOf(telemetry.metricsUrl ?? "", "GET", { origin: "https://evil.example" })).toBe(403);
  });

  test("to a scraper elsewhere only where an operator says so, by whatever name", async () => {
    const telemetry = await openTelemetry(settingsOf({ TOOLWRIGHT_METRICS: "0.0.0.0:0" }), {
      version: "1",
      deployments: [],
    });
    closing.push(telemetry);
    const { port } = new URL(telemetry.metricsUrl ?? "");
    expect(await statusOf(`http://127.0.0.1:${port}/metrics`, "GET", { host: "10.1.2.3:9464" })).toBe(200);
  });

  test("a port in use is named, and what else cannot be read", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const args = ["serve", "freshservice", "--sandbox", "--metrics", String(port)];
    const { code, note } = await run(args);
    other.close();
    expect({ code, note }).toEqual({
      code: 1,
      note: `error: port ${port} on 127.0.0.1 is in use\n  help: stop what listens there, or choose another port: --metrics ${port + 1}\n`,
    });
    for (const text of ["x", "1.2.3.4", "70000", "a:b:1", ":9464", "[::1"]) {
      expect(() => telemetrySettings({}, text), text).toThrow(/is no place for metrics/);
    }
    expect(telemetrySettings({}, "[::1]:9464")?.metrics).toEqual({ host: "[::1]", port: 9464 });
  });
});

describe("settings", () => {
  test("nothing is on unless it is asked for", () => {
    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "", TOOLWRIGHT_METRICS: " " })).toBeUndefined();
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
    expect(telemetrySettings({ ...base, OTEL_SDK_DISABLED: "true" })).toBeUndefined();
    expect(telemetrySettings({ ...base, OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" })).toBeUndefined();
    expect(telemetrySettings(base)).toEqual({
      metrics: undefined,
      otlp: { traces: "http://collector:4318/v1/traces", metrics: "http://collector:4318/v1/metrics" },
      exportIntervalMs: 60_000,
      tellVendor: false,
      content: false,
    });
  });

  test("each signal may go to a place of its own, as it stands", () => {
    const settings = telemetrySettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://one.example/otlp/",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://two.example/in",
      OTEL_METRIC_EXPORT_INTERVAL: "5000",
      TOOLWRIGHT_TRACE_VENDOR: "yes",
      TOOLWRIGHT_TRACE_CONTENT: "maybe",
    });
    expect(settings?.otlp).toEqual({
      traces: "https://two.example/in",
      metrics: "https://one.example/otlp/v1/metrics",
    });
    expect(settings).toMatchObject({ exportIntervalMs: 5_000, tellVendor: true, content: false });
  });

  test("what cannot be read is named, and its value is not", () => {
    const secret = "collector.example/?key=canary";
    expect(() => telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: secret })).toThrow(
      /^OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL$/,
    );
    const interval = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_METRIC_EXPORT_INTERVAL: "often" };
    expect(() => telemetrySettings(interval)).toThrow(/OTEL_METRIC_EXPORT_INTERVAL is not a whole number/);
    for (const name of ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BSP_MAX_QUEUE_SIZE"]) {
      for (const text of ["0", "-1", "many"]) {
        expect(() => telemetrySettings({ ...interval, OTEL_METRIC_EXPORT_INTERVAL: "", [name]: text })).toThrow(
          new RegExp(`^${name} is not a whole number of 1 or more$`),
        );
      }
    }
  });
});

describe("a collector that takes nothing", () => {
  test.each([
    ["refuses", async () => await startCollector(() => 401)],
    ["is not there", async () => ({ url: "http://127.0.0.1:9", close: () => Promise.resolve() })],
  ] as const)("%s: calls go on, an operator is told once, and the server stops in time", async (_, start) => {
    const collector = await start();
    const told: string[] = [];
    const settings = settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRIC_EXPORT_INTERVAL: "50" });
    const onFault = (error: Error) => told.push(faultLogLine(error));
    const telemetry = await openTelemetry(settings, { version: "1", deployments: [], onFault });
    const acme = await serveAcme({ telemetry });
    closing.push(collector);
    const { json } = await raw(acme.url, modern("tools/call", { name: "fetchThing", arguments: { thing_id: 3 } }));
    expect(json.result?.["structuredContent"]).toEqual({ id: 3, name: "thing 3" });
    await until(() => told[0], "the fault");
    await delay(300);
    const began = performance.now();
    await acme.close();
    expect(performance.now() - began).toBeLessThan(7_000); // 3 s, and what a busy machine adds; by itself it would take 8 s and more
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/"fault":"internal","message":"Telemetry could not be delivered to the OTLP endpoint/);
  });
});

test("nothing of OpenTelemetry is read unless it is asked for: it is in a part of its own, which only that asks for", () => {
  const dist = resolve(import.meta.dirname, "../../dist");
  const texts = new Map(
    readdirSync(dist, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".js"))
      .map((file) => [basename(file), readFileSync(join(dist, file), "utf8")]),
  );
  const named = (start: string): readonly string[] => [...texts.keys()].filter((file) => file.startsWith(start));
  const read = new Set<string>();
  const readWith = (file: string): void => {
    if (read.has(file)) return;
    read.add(file);
    for (const [, other = ""] of (texts.get(file) ?? "").matchAll(
      /^(?:import|export)\b[^;]*?"\.[^"]*?([^/"]+\.js)";/gm,
    ))
      readWith(other);
  };
  for (const start of ["cli.js", "runtime.js", "serve-", "http-", "stdio-", "call-tool-"])
    named(start).forEach(readWith);
  expect(read.size).toBeGreaterThan(10);
  expect([...read].filter((file) => texts.get(file)?.includes("node_modules/@opentelemetry/"))).toEqual([]);
  const [part = ""] = named("open-telemetry-");
  expect([...texts.values()].filter((text) => text.includes(`import("./${part}")`))).toHaveLength(1);
});
