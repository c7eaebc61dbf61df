import { readFileSync } from "node:fs";
import type { CallContext, Deployment } from "../../runtime/deployment.ts";
import { nearest } from "../../definition/nearest.ts";
import { Problem } from "../../runtime/problem.ts";
import { defineCommand, UsageError, UserError } from "../command.ts";
import { deploy } from "../deploy.ts";
import { fieldTable, unprojected } from "../fields.ts";
import { generatedApis, servingProject } from "../project.ts";

/** As long as a client of a server would wait. */
const DEADLINE_MS = 45_000;

export const command = defineCommand({
  usage: "TOOL [JSON] [--dry-run | --fields]",
  about: `Calls one tool and prints its answer as JSON. The arguments are one JSON object; - reads it from standard input. With --dry-run
the HTTP request is printed, secrets masked, and nothing is sent. With --fields the vendor's whole answer is measured field by
field, with a result.fields to paste into tools.yaml.`,
  options: {
    "dry-run": { type: "boolean", help: "print the request as JSON {method, url, headers, body}; send nothing" },
    fields: { type: "boolean", help: "show the bytes of each field of the real answer" },
    sandbox: { type: "boolean", help: "call a stand-in with invented data" },
    server: { type: "string", multiple: true, value: "[NAME=]URL", help: "send a server's calls elsewhere" },
    "upload-root": {
      type: "string",
      multiple: true,
      value: "DIR",
      help: "let file arguments name paths in this folder",
    },
    "read-only": { type: "boolean", help: "refuse tools that change something" },
    api: { type: "string", value: "API", help: "when several APIs have a tool of this name" },
    config: {
      type: "string",
      value: "FILE",
      help: "the project's tools.yaml (default: here, else what ships with toolwright)",
    },
  },
  examples: [
    ["toolwright call {tool} '{\"limit\":1}' --sandbox", "one row of the stand-in"],
    ["toolwright call {tool} '{\"limit\":1}' --dry-run", "the request that would be sent"],
    ["toolwright call {tool} '{\"limit\":1}' --sandbox --fields", "which fields cost how much"],
  ],
  async run({ positionals, values, terminal }) {
    const [tool, json = "{}", ...others] = positionals;
    if (tool === undefined || others.length > 0)
      throw new UsageError("call: name one tool, then its arguments as one JSON object in quotes");
    const args = parseArguments(json === "-" ? readFileSync(0, "utf8") : json);
    const project = servingProject(values.config);
    const apis = values.api === undefined ? generatedApis(project) : [values.api];
    const deployed = await deploy(project, apis, {
      sandbox: values.sandbox ?? false,
      servers: values.server ?? [],
      readOnly: values["read-only"] ?? false,
      uploadRoots: values["upload-root"] ?? [],
    });
    try {
      const deployment = find(deployed.deployments, tool);
      const { callTool, planCall } = await import("../../runtime/call/call-tool.ts");
      if (values["dry-run"]) {
        terminal.out(JSON.stringify(await planCall(deployment, tool, args), null, 2));
      } else if (values.fields) {
        const { value } = await callTool(unprojected(deployment, tool), tool, args, context(terminal.progress));
        terminal.out(fieldTable(value, terminal));
      } else {
        const { value } = await callTool(deployment, tool, args, context(terminal.progress));
        terminal.out(JSON.stringify(value, null, 2));
      }
      return 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new UserError(error.message, helpFor(error, tool));
    } finally {
      await deployed.close();
    }
  },
});

function context(progress: (text: string) => void): CallContext {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return {
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(DEADLINE_MS)]),
    deadlineAt: Date.now() + DEADLINE_MS,
    progress: (done, total, message) => progress(`${message} ${done}${total === undefined ? "" : ` of ${total}`}`),
  };
}

function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `call: the arguments are no JSON (${reason}); write them as '{"name":"value"}' in single quotes`,
    );
  }
}

function find(deployments: readonly Deployment[], tool: string): Deployment {
  const having = deployments.filter(({ api }) => Object.hasOwn(api.definition.tools, tool));
  const [only, ...others] = having;
  if (only && others.length === 0) return only;
  if (only)
    throw new UsageError(
      `call: ${having.map(({ api }) => api.definition.name).join(" and ")} both have ${tool}; say --api`,
    );
  const names = deployments.flatMap(({ api }) => Object.keys(api.definition.tools));
  const near = nearest(tool, names);
  throw new UsageError(
    `call: there is no tool "${tool}"${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""}`,
  );
}

function helpFor({ code, facts }: Problem, tool: string): string {
  if (code === "invalid_arguments") return `see \`toolwright tools --tool ${tool}\` for the arguments of ${tool}`;
  if (code === "credential_rejected") return "see `toolwright doctor` for what the credential is and where it is read";
  if (facts.retryAfterSeconds !== undefined) return `wait ${facts.retryAfterSeconds} seconds, then call again`;
  return "see `--dry-run` for the request that was sent";
}
