import { join } from "node:path";
import type { Call } from "../../definition/call.ts";
import { readToolsFile } from "../../generator/tools-file/read-tools-file.ts";
import { specOptions } from "../../generator/tools-file/spec-options.ts";
import { createDeployment, serverOverrides } from "../../runtime/load/deployment.ts";
import { loadApi } from "../../runtime/load/load-api.ts";
import { StartError } from "../../runtime/load/start-error.ts";
import { findOperation } from "../../spec/find-operation.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { defineCommand, UsageError } from "../command.ts";
import { type Finding, findingLines } from "../doctor/finding.ts";
import { checkServer } from "../doctor/server.ts";
import { checkVariables } from "../doctor/variables.ts";
import { apiDirectories, environmentOf, type Project, servingProject } from "../project.ts";
import { paint, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "API [--live]",
  about: `Checks what a call needs: variables, the vendor's host, the clock. With --live it also makes one harmless read for each read
tool, with the real credential, and holds every answer against the description. Each finding comes with its fix; values of
variables are never shown.`,
  options: {
    live: { type: "boolean", help: "call the vendor: one read for each read tool" },
    server: {
      type: "string",
      multiple: true,
      value: "[NAME=]URL",
      help: "look at another server, e.g. staging or a sandbox",
    },
    config: {
      type: "string",
      value: "FILE",
      help: "the project's tools.yaml (default: here, else what ships with toolwright)",
    },
  },
  examples: [
    ["toolwright doctor {api}", "is everything set?"],
    ["toolwright doctor {api} --live", "does every read work with this credential?"],
  ],
  async run({ positionals, values, terminal }) {
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw new UsageError("doctor: name one API");
    const project = servingProject(values.config);
    const [found] = apiDirectories(project, [name]);
    if (!found) throw new UsageError(`doctor: there is no API "${name}"`);
    const api = await loadApi(found.directory);
    const environment = environmentOf(project);
    const findings: Finding[] = [];
    const show = (finding: Finding) => {
      findings.push(finding);
      terminal.out(findingLines(finding, paint(terminal)));
    };
    checkVariables(api.definition, environment).forEach(show);
    try {
      const overrides = serverOverrides(api.definition, values.server ?? []);
      const deployment = createDeployment({
        api,
        mode: "live",
        environment,
        serverOverrides: overrides,
        readOnly: true,
      });
      for (const [server, url] of Object.entries(deployment.servers)) (await checkServer(server, url)).forEach(show);
      if (values.live && findings.every(({ state }) => state !== "problem")) {
        const { checkReads } = await import("../doctor/reads.ts");
        const { referee, operationOf } = await refereeFor(project, name);
        for await (const finding of checkReads(deployment, referee, operationOf)) show(finding);
      }
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      if (error.missing.length === 0) show({ state: "problem", what: error.message, fix: error.help });
    }
    return conclude(findings, values.live ?? false, terminal);
  },
});

function conclude(findings: readonly Finding[], live: boolean, terminal: Terminal): number {
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  const problems = count("problem");
  terminal.out(
    `\n${problems === 0 ? "no problems" : `${problems} problem${problems === 1 ? "" : "s"}`}, ${count("warning")} warnings`,
  );
  if (!live && problems === 0) terminal.out("the credential was not tried; --live does");
  return problems === 0 ? 0 : 1;
}

/** What answers are held against: the description, and how calls find their operation in it. */
async function refereeFor(project: Project, name: string) {
  const { createReferee } = await import("../../sandbox/referee.ts");
  const { config } = await readToolsFile(project.directory, project.configFile);
  const api = config?.apis.find((entry) => entry.name === name);
  if (!api)
    throw new UsageError(
      `doctor: ${project.configFile} does not name ${name}, so there is no description to hold answers against`,
    );
  const { spec } = await loadSpec(specOptions(project.directory, api));
  const operationOf = ({ request }: Call) =>
    spec && findOperation(spec, `${request.method} ${request.path}`)[0]?.operationId;
  return { referee: await createReferee(join(project.directory, api.settings.spec)), operationOf };
}
