import { FILES, SERVING_CONFIG } from "../options.ts";
import { defineCommand, UsageError } from "../command.ts";
import { deploy } from "../deploy.ts";
import { environmentOf } from "../environment.ts";
import { version } from "../../generator/version.ts";
import { readFaults } from "../faults.ts";
import { readPort } from "../port.ts";
import { servingProject } from "../project.ts";
import { openTelemetryFor } from "../telemetry.ts";
import { banner, stdioNotice } from "../banner.ts";
import type { Terminal } from "../terminal.ts";
import { consolePage } from "../console-page.ts";
import { type CallRecord, callLogLine, faultLogLine } from "../../runtime/serve/call-log.ts";
import type { HttpOptions } from "../../runtime/serve/http.ts";
import type { ServingOptions } from "../../runtime/serve/mcp-server.ts";
import { isLoopback } from "../../runtime/load/base-url.ts";
import { narrow } from "../../runtime/load/narrow.ts";

export const command = defineCommand({
  usage: "[API…] [--http [PORT]] [--sandbox]",
  about: `Serves tools to MCP clients. Over stdio by default, for a client that starts the server itself; over HTTP with --http,
at /mcp. Several APIs over stdio are merged, their tools then start with the API's name. Calls go to the live vendor
unless --sandbox is given; credentials come from the environment, or from a file .env beside tools.yaml;
for what ships with toolwright, from the .env of the folder where you stand.
Replicas share their state with TOOLWRIGHT_REDIS_URL; traces and metrics go to OTEL_EXPORTER_OTLP_ENDPOINT.
All variables: docs/environment.md.`,
  options: {
    http: { type: "string", value: "[PORT]", help: "serve over HTTP on this port (default 8000)" },
    host: {
      type: "string",
      value: "H",
      help: "address to bind (default 127.0.0.1; others need access: in tools.yaml)",
    },
    "public-url": {
      type: "string",
      value: "URL",
      help: "where clients reach this server: https://mcp.example.com (or set TOOLWRIGHT_PUBLIC_URL)",
    },
    "allow-host": { type: "string", multiple: true, value: "H", help: "answer to this host name too" },
    "allow-origin": {
      type: "string",
      multiple: true,
      value: "O",
      help: "let pages of this origin call: https://app.example.com",
    },
    "trust-proxy": { type: "boolean", help: "believe the X-Forwarded-* headers of a proxy in front" },
    "unsafe-open": {
      type: "boolean",
      help: "let everyone who reaches --host use your credentials; only where a gateway of yours decides who does",
    },
    console: { type: "boolean", help: "show the page for people at / also when --host is not this machine" },
    sandbox: { type: "boolean", help: "answer from a stand-in with invented data; nothing leaves this machine" },
    "read-only": {
      type: "boolean",
      help: "serve only tools that change nothing, and refuse everything else (or set TOOLWRIGHT_READ_ONLY=1)",
    },
    tools: { type: "string", multiple: true, value: "A,B", help: "serve only these tools" },
    except: {
      type: "string",
      multiple: true,
      value: "C,D",
      help: "do not serve these tools, nor those of TOOLWRIGHT_EXCEPT",
    },
    server: {
      type: "string",
      multiple: true,
      value: "[NAME=]URL",
      help: "send a server's calls elsewhere, e.g. to staging",
    },
    files: FILES,
    fault: { type: "string", value: "F,F", help: "with --sandbox: 429, 500, 503, reset, slow, html, drop, expire" },
    log: { type: "boolean", help: "one line of JSON on standard error for each call" },
    metrics: {
      type: "string",
      value: "[HOST:]PORT",
      help: "answer GET /metrics on this port (default host 127.0.0.1; or set TOOLWRIGHT_METRICS)",
    },
    config: SERVING_CONFIG,
  },
  examples: [
    ["toolwright serve {api} --http --sandbox", "try it in a browser or a client, no account needed"],
    ["toolwright serve {api}", "stdio, the way Claude Desktop, Cursor and VS Code start it"],
    ["toolwright serve {api} --http 9000 --read-only", "HTTP on port 9000, nothing can be changed"],
    ["toolwright serve {api} --tools {tool}", "one tool only"],
  ],
  async run({ positionals, values, terminal, project = servingProject(values.config) }) {
    refuseUseless(values);
    const port = readPort("serve", values.http);
    const { packed } = project;
    const environment = environmentOf(project);
    const deployed = await deploy(project, positionals, {
      sandbox: values.sandbox ?? false,
      servers: values.server ?? [],
      readOnly: (values["read-only"] ?? false) || isOn(environment["TOOLWRIGHT_READ_ONLY"]),
      // Over HTTP the server's disk is not the caller's: paths only where an operator opened a folder.
      uploadRoots: values.files ?? [],
      faults: await readFaults("serve", values.fault),
      http: values.http === undefined ? undefined : { publicUrl: values["public-url"] },
    });
    const onFault = (error: Error) => terminal.note(faultLogLine(error));
    try {
      const except = [...(values.except ?? []), environment["TOOLWRIGHT_EXCEPT"] ?? ""];
      const listedBy = packed && `${packed.program} --help`;
      const apis = narrow(deployed.deployments, { only: list(values.tools), except: list(except), listedBy });
      const watched = { version: packed?.version ?? version(), deployments: deployed.deployments, onFault };
      const telemetry = await openTelemetryFor(environment, values.metrics, watched);
      if (telemetry?.metricsUrl !== undefined) terminal.note(`Metrics at ${telemetry.metricsUrl}`);
      const onCall = (record: CallRecord) => terminal.note(callLogLine(record));
      const serving: Serving = {
        apis,
        version: watched.version,
        environment,
        telemetry,
        ...(values.log === true && { onCall }),
        onFault,
      };
      if (values.http === undefined) {
        const { serveStdioApi } = await import("../../runtime/serve/stdio.ts");
        if (values.sandbox || process.stdin.isTTY) terminal.note(stdioNotice(apis));
        return await serveStdioApi(serving);
      }
      const page = !packed && shownTo(values.host, values.console) ? await consolePage(apis) : undefined;
      return await overHttp(
        {
          port,
          host: values.host,
          page,
          allowedHosts: list(values["allow-host"]),
          allowedOrigins: list(values["allow-origin"])?.map(originOf),
          trustProxy: values["trust-proxy"],
          unsafeOpen: values["unsafe-open"],
          ...serving,
        },
        terminal,
      );
    } finally {
      await deployed.close();
    }
  },
});

/** What a server of either transport is given. */
type Serving = ServingOptions & Pick<HttpOptions, "apis">;

/** Serves until a signal, and says where. @returns the exit code. */
async function overHttp(options: HttpOptions, terminal: Terminal): Promise<number> {
  const { serveHttp } = await import("../../runtime/serve/http.ts");
  const { untilStopped } = await import("../../runtime/serve/drain.ts");
  const server = await serveHttp(options);
  const stopped = untilStopped(async () => await server.close()); // before anybody is told how to stop it
  terminal.note(banner(options.apis, server.urls, terminal));
  await stopped;
  return 0;
}

const HTTP_ONLY = [
  "host",
  "console",
  "public-url",
  "allow-host",
  "allow-origin",
  "trust-proxy",
  "unsafe-open",
] as const;

/** Options that would do nothing, next to what else was given. */
function refuseUseless(values: Readonly<Record<string, unknown>>): void {
  for (const option of HTTP_ONLY) {
    if (values[option] !== undefined && values["http"] === undefined)
      throw new UsageError(`serve: --${option} needs --http`);
  }
  const publicUrl = values["public-url"];
  if (typeof publicUrl === "string" && !URL.canParse(publicUrl))
    throw new UsageError(`serve: ${publicUrl} is no URL; one is like https://mcp.example.com`);
  if (values["fault"] !== undefined && values["sandbox"] !== true)
    throw new UsageError("serve: --fault needs --sandbox");
}

/** As a browser writes it. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.origin !== "null" && url.pathname === "/" && url.search === "" && url.hash === "") return url.origin;
  throw new UsageError(`serve: ${text} is no origin; one is like https://app.example.com`);
}

/** What an operator switches on in the environment; only a clear "no" leaves it off. */
function isOn(text: string | undefined): boolean {
  return text !== undefined && !["", "0", "false", "no"].includes(text.trim().toLowerCase());
}

/** People on this machine see the page; others only where the operator says so: who sees it can call every tool. */
function shownTo(host: string | undefined, asked: boolean | undefined): boolean {
  return asked === true || host === undefined || isLoopback(host);
}

/** `--tools a,b --tools c` → a, b, c. */
function list(given: readonly string[] | undefined): readonly string[] | undefined {
  return given
    ?.flatMap((text) => text.split(","))
    .map((name) => name.trim())
    .filter(Boolean);
}
