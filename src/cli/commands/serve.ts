import { defineCommand, UsageError } from "../command.ts";
import { deploy } from "../deploy.ts";
import { environmentOf } from "../environment.ts";
import { version } from "../package.ts";
import { servingProject } from "../project.ts";
import { banner, stdioNotice } from "../banner.ts";
import { callLogLine, faultLogLine } from "../../runtime/serve/call-log.ts";
import { narrow } from "../../runtime/load/narrow.ts";

export const command = defineCommand({
  usage: "[API…] [--http [PORT]] [--sandbox]",
  about: `Serves tools to MCP clients. Over stdio by default, for a client that starts the server itself; over HTTP with --http,
at /mcp. Several APIs over stdio are merged, their tools then start with the API's name. Calls go to the live vendor
unless --sandbox is given; credentials come from the environment, or from a file .env beside tools.yaml.`,
  options: {
    http: { type: "string", value: "[PORT]", help: "serve over HTTP on this port (default 8000)" },
    host: { type: "string", value: "H", help: "address to bind (default 127.0.0.1; others only with --sandbox)" },
    sandbox: { type: "boolean", help: "answer from a stand-in with invented data; nothing leaves this machine" },
    "read-only": { type: "boolean", help: "serve only tools that change nothing, and refuse everything else" },
    tools: { type: "string", multiple: true, value: "A,B", help: "serve only these tools" },
    except: { type: "string", multiple: true, value: "C", help: "do not serve these tools" },
    server: {
      type: "string",
      multiple: true,
      value: "[NAME=]URL",
      help: "send a server's calls elsewhere, e.g. to staging",
    },
    files: {
      type: "string",
      multiple: true,
      value: "DIR",
      help: "let file arguments name paths in this folder (or set TOOLWRIGHT_FILES)",
    },
    fault: { type: "string", value: "F,F", help: "with --sandbox: 429, 500, 503, reset, slow, html, drop, expire" },
    log: { type: "boolean", help: "one line of JSON on standard error for each call" },
    config: {
      type: "string",
      value: "FILE",
      help: "the project's tools.yaml (default: here, else what ships with toolwright)",
    },
  },
  examples: [
    ["toolwright serve {api} --http --sandbox", "try it in a browser or a client, no account needed"],
    ["toolwright serve {api}", "stdio, the way Claude Desktop, Cursor and VS Code start it"],
    ["toolwright serve {api} --http 9000 --read-only", "HTTP on port 9000, nothing can be changed"],
    ["toolwright serve {api} --tools {tool}", "one tool only"],
  ],
  async run({ positionals, values, terminal }) {
    const http = values.http !== undefined;
    if (values.host !== undefined && !http) throw new UsageError("serve: --host needs --http");
    if (values.fault !== undefined && values.sandbox !== true) throw new UsageError("serve: --fault needs --sandbox");
    const port = portOf(values.http);
    const project = servingProject(values.config);
    const deployed = await deploy(project, positionals, {
      sandbox: values.sandbox ?? false,
      servers: values.server ?? [],
      readOnly: values["read-only"] ?? false,
      // Over HTTP the server's disk is not the caller's: paths only where an operator opened a folder.
      uploadRoots: values.files ?? [],
      faults: await faultsOf(values.fault),
    });
    const serving = {
      version: version(),
      secret: environmentOf(project)["TOOLWRIGHT_SECRET"] || undefined,
      ...(values.log === true && {
        onCall: (record: Parameters<typeof callLogLine>[0]) => terminal.note(callLogLine(record)),
      }),
      onFault: (error: Error) => terminal.note(faultLogLine(error)),
    };
    try {
      const apis = narrow(deployed.deployments, { only: list(values.tools), except: list(values.except) });
      if (!http) {
        const { serveStdioApi } = await import("../../runtime/serve/stdio.ts");
        if (values.sandbox || process.stdin.isTTY) terminal.note(stdioNotice(apis));
        return await serveStdioApi({ apis, ...serving });
      }
      const { serveHttp } = await import("../../runtime/serve/http.ts");
      const { untilStopped } = await import("../../runtime/serve/drain.ts");
      const server = await serveHttp({ apis, port, host: values.host, ...serving });
      const stopped = untilStopped(async () => await server.close()); // before anybody is told how to stop it
      terminal.note(banner(apis, server.urls, terminal));
      await stopped;
      return 0;
    } finally {
      await deployed.close();
    }
  },
});

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`serve: ${text} is no port; a port is 1 to 65535`);
  return port;
}

/** `--tools a,b --tools c` → a, b, c. */
function list(given: readonly string[] | undefined): readonly string[] | undefined {
  return given
    ?.flatMap((text) => text.split(","))
    .map((name) => name.trim())
    .filter(Boolean);
}

async function faultsOf(text: string | undefined) {
  if (text === undefined) return [];
  const { FAULTS } = await import("../../sandbox/faults.ts");
  return text.split(",").map((name) => {
    const fault = FAULTS.find((known) => known === name.trim());
    if (!fault) throw new UsageError(`serve: there is no fault "${name}"; there is ${FAULTS.join(", ")}`);
    return fault;
  });
}
