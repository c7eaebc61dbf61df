import { text } from "node:stream/consumers";
import { didYouMean } from "../../definition/nearest.ts";
import { now } from "../../runtime/clock.ts";
import type { CallContext } from "../../runtime/deployment.ts";
import { Problem } from "../../runtime/problem.ts";
import { FILES, SERVING_CONFIG } from "../options.ts";
import { catalogsOf } from "../catalogs.ts";
import { defineCommand, UsageError, UserError } from "../command.ts";
import { agree, askIn } from "../confirm.ts";
import { deploy } from "../deploy.ts";
import { environmentFile } from "../environment.ts";
import { fieldTable, unprojected } from "../fields.ts";
import { type Project, servingProject } from "../project.ts";
import type { Terminal } from "../terminal.ts";

/** As long as a client of a server would wait. */
const DEADLINE_MS = 45_000;

export const command = defineCommand({
  usage: "TOOL [JSON] [--dry-run | --fields]",
  about: `Calls one tool and prints its answer as JSON. The arguments are one JSON object; - reads it from standard input. With --dry-run
the HTTP request is printed, secrets masked, and nothing is sent. With --fields the vendor's whole answer is measured field by
field, with a result.fields to paste into tools.yaml.`,
  options: {
    "dry-run": {
      type: "boolean",
      help: "print the request as JSON {method, url, headers, body}, of several steps {first, next}; send nothing",
    },
    fields: { type: "boolean", help: "show the bytes of each field of the real answer" },
    sandbox: { type: "boolean", help: "call a stand-in with invented data" },
    server: { type: "string", multiple: true, value: "[NAME=]URL", help: "send a server's calls elsewhere" },
    files: FILES,
    yes: { type: "boolean", short: "y", help: "agree to what cannot be taken back, without being asked" },
    "read-only": { type: "boolean", help: "refuse tools that change something" },
    api: { type: "string", value: "API", help: "when several APIs have a tool of this name" },
    config: SERVING_CONFIG,
  },
  examples: [
    ["toolwright call {tool} '{\"limit\":1}' --sandbox", "one row of the stand-in"],
    ["echo '{\"limit\":1}' | toolwright call {tool} - --sandbox", "arguments from a file or a program"],
    ["toolwright call {tool} '{\"limit\":1}' --dry-run", "the request that would be sent"],
    ["toolwright call {tool} '{\"limit\":1}' --sandbox --fields", "which fields cost how much"],
  ],
  async run({ positionals, values, terminal }) {
    const [tool, json = "{}", ...others] = positionals;
    if (tool === undefined || others.length > 0)
      throw new UsageError("call: name one tool, then its arguments as one JSON object in quotes");
    const { "dry-run": dryRun = false, fields = false } = values;
    if (dryRun && fields)
      throw new UsageError("call: --fields measures an answer, and --dry-run gets none; choose one");
    const project = servingProject(values.config);
    const api = apiOf(project, tool, values.api);
    const args = parseArguments(json === "-" ? await text(process.stdin) : json);
    const deployed = await deploy(project, [api], {
      sandbox: values.sandbox ?? false,
      servers: values.server ?? [],
      readOnly: values["read-only"] ?? false,
      uploadRoots: values.files ?? [],
      ...(dryRun && { onMissing: (names) => sayMissing(names, project, terminal) }),
    });
    try {
      const [deployment] = deployed.deployments;
      if (!deployment) throw new UsageError(`call: there is no API "${api}"`);
      // Standard input is the person's only when the arguments did not come from it.
      const asked = values.yes === true ? agree : json === "-" ? undefined : askIn(terminal);
      const { callTool, planCall } = await import("../../runtime/call/call-tool.ts");
      if (dryRun) {
        terminal.out(JSON.stringify(await planCall(deployment, tool, args), null, 2));
      } else if (fields) {
        const { value } = await callTool(unprojected(deployment, tool), tool, args, context(terminal, asked));
        terminal.out(fieldTable(value, terminal));
      } else {
        const { value } = await callTool(deployment, tool, args, context(terminal, asked));
        terminal.out(JSON.stringify(value, null, 2));
      }
      return 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new UserError(error.message, helpFor(error, tool, api));
    } finally {
      await deployed.close();
    }
  },
});

/** The API that has the tool; only that one is loaded, so another's missing variables do not matter. */
function apiOf(project: Project, tool: string, named: string | undefined): string {
  const catalogs = catalogsOf(project, named === undefined ? [] : [named]);
  const having = catalogs.filter(({ catalog }) => catalog.tools.some(({ name }) => name === tool));
  const [only, ...others] = having;
  if (only && others.length === 0) return only.name;
  if (only) throw new UsageError(`call: ${having.map(({ name }) => name).join(" and ")} both have ${tool}; say --api`);
  const names = catalogs.flatMap(({ catalog }) => catalog.tools.map(({ name }) => name));
  throw new UsageError(
    `call: there is no tool "${tool}"${didYouMean(tool, names)}`,
    "see `toolwright tools` for the names",
  );
}

function parseArguments(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `call: the arguments are no JSON (${reason}); write them as '{"name":"value"}' in single quotes`,
    );
  }
}

function sayMissing(names: readonly string[], project: Project, terminal: Terminal): void {
  const are = names.length === 1 ? "is not set, and a name stands for it" : "are not set, and names stand for them";
  terminal.note(
    `note: ${names.join(", ")} ${are}; a real call needs ${names.length === 1 ? "it" : "them"} in the environment or in ${environmentFile(project)}`,
  );
}

function context({ progress }: Terminal, confirm: CallContext["confirm"]): CallContext {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return {
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(DEADLINE_MS)]),
    deadlineAt: now() + DEADLINE_MS,
    progress: (_done, _total, message) => progress(message),
    ...(confirm && { confirm }),
  };
}

function helpFor({ code, facts }: Problem, tool: string, api: string): string {
  if (facts.retryAfterSeconds !== undefined) return `wait ${facts.retryAfterSeconds} seconds, then call again`;
  if (code === "forbidden" && facts.status === undefined)
    return "leave out --read-only, or choose a tool that changes nothing";
  const doctor = `see \`toolwright doctor ${api}\`: it looks at the variables and the vendor's host`;
  const helps: Partial<Record<Problem["code"], string>> = {
    invalid_arguments: `see \`toolwright tools --tool ${tool}\` for its arguments`,
    confirmation_needed: "add --yes once it is wanted",
    invalid_cursor: "give a next_cursor of an answer to the same arguments, or leave `cursor` out",
    credential_rejected: doctor,
    reauthorize: `see \`toolwright doctor ${api}\`: it tells how every credential stands`,
    upstream_unreachable: doctor,
    tls_error: doctor,
    not_authenticated_html: doctor,
    forbidden: "give the credential the permission that this tool needs",
  };
  return helps[code] ?? "add --dry-run to see the request";
}
