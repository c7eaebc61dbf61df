import { createDeployment, serverOverrides } from "../../runtime/load/deployment.ts";
import { loadApi } from "../../runtime/load/load-api.ts";
import { StartError } from "../../runtime/load/start-error.ts";
import { SERVING_CONFIG } from "../options.ts";
import { defineCommand } from "../command.ts";
import { checkCredentials } from "../doctor/credentials.ts";
import { type Finding, findingLines } from "../doctor/finding.ts";
import { checkServer } from "../doctor/server.ts";
import { checkSharedState } from "../doctor/shared-state.ts";
import { checkVariables } from "../doctor/variables.ts";
import { environmentFile, environmentOf } from "../environment.ts";
import { oneApi, servingProject } from "../project.ts";
import { paintOut, type Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "API [--live]",
  about: `Checks what a call needs: variables, the vendor's host, the clock; and, where tools.yaml says who may call over HTTP, the issuer,
the public URL and what each of the usual clients will do. With --live it also makes one harmless read for each read
tool, with the real credential, and holds every answer against the description. Each finding comes with its fix; values of
variables are never shown. Exit code 1 when something must be mended.`,
  options: {
    live: { type: "boolean", help: "call the vendor: one read for each read tool" },
    server: {
      type: "string",
      multiple: true,
      value: "[NAME=]URL",
      help: "look at another server, e.g. staging or a sandbox",
    },
    config: SERVING_CONFIG,
  },
  examples: [
    ["toolwright doctor {api}", "is everything set?"],
    ["toolwright doctor {api} --live", "does every read work with this credential?"],
  ],
  async run({ positionals, values, terminal }) {
    const project = servingProject(values.config);
    const { name, directory } = oneApi("doctor", project, positionals);
    const api = await loadApi(directory);
    const overrides = serverOverrides(api.definition, values.server ?? []);
    const environment = environmentOf(project);
    const findings: Finding[] = [];
    const show = (finding: Finding) => {
      findings.push(finding);
      terminal.out(findingLines(finding, paintOut(terminal)));
    };
    const { broughtVariables, checkAccess, idleVariables } = await import("../doctor/access.ts");
    const brought = broughtVariables(api.definition, environment);
    const idle = idleVariables(api.definition, environment);
    const place = { environment, file: environmentFile(project), overridden: Object.keys(overrides), brought, idle };
    (await checkVariables(api.definition, place)).forEach(show);
    for await (const finding of checkAccess(api.definition, environment)) show(finding);
    for (const finding of await checkSharedState(environment)) show(finding);
    try {
      // Where callers bring their own, a read can be tried with a credential of this machine's, if there is one.
      const accessEnvironment = brought.some((variable) => !environment[variable]) ? environment : undefined;
      const common = { api, mode: "live", environment, accessEnvironment, readOnly: true } as const;
      const deployment = createDeployment({ ...common, serverOverrides: overrides });
      for (const [server, url] of Object.entries(deployment.servers)) (await checkServer(server, url)).forEach(show);
      for (const finding of accessEnvironment ? [] : await checkCredentials(deployment)) show(finding);
      if (values.live && !accessEnvironment && findings.every(({ state }) => state !== "problem")) {
        const { checkReads } = await import("../doctor/reads.ts");
        const { descriptionOf } = await import("../doctor/description.ts");
        for await (const finding of checkReads(deployment, await descriptionOf(project, name))) show(finding);
      }
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      const told = error.missing.length > 0 || findings.some(({ what }) => what === error.message);
      if (!told) show({ state: "problem", what: error.message, fix: error.help });
    }
    return conclude(findings, values.live ?? false, terminal);
  },
});

function conclude(findings: readonly Finding[], live: boolean, terminal: Terminal): number {
  const count = (state: Finding["state"], noun: string) => {
    const number = findings.filter((finding) => finding.state === state).length;
    return `${number === 0 ? "no" : number} ${noun}${number === 1 ? "" : "s"}`;
  };
  terminal.out(`\n${count("problem", "problem")}, ${count("warning", "warning")}`);
  const failed = findings.some(({ state }) => state === "problem");
  if (live && failed && !findings.some(({ read }) => read)) terminal.out("no tool was tried; mend the problems first");
  if (!live && !failed) terminal.out("the credential was not tried; --live does");
  return failed ? 1 : 0;
}
