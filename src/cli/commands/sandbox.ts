import { defineCommand, UserError } from "../command.ts";
import { readFaults } from "../faults.ts";
import { readPort } from "../port.ts";
import { oneApi, sandboxFileOf, servingProject } from "../project.ts";
import { columns, paint } from "../terminal.ts";
import { untilStopped } from "../../runtime/serve/drain.ts";
import { FAULTS } from "../../sandbox/faults.ts";

export const command = defineCommand({
  usage: "API [--port P]",
  about: `Runs the stand-in vendor alone, on loopback: its REST API, with the data of the description's examples, until it is
stopped. It checks every request against the description and answers what does not fit as the vendor would. Point
anything at it: curl, a script, or \`toolwright serve API --server URL\`.`,
  options: {
    port: { type: "string", short: "p", value: "P", help: "port (default: any free one)" },
    fault: { type: "string", value: "F,F", help: `do wrong on purpose, every other request: ${FAULTS.join(", ")}` },
    config: { type: "string", value: "FILE", help: "the project's tools.yaml" },
  },
  examples: [
    ["toolwright sandbox {api} --port 9001", "a vendor of your own"],
    ["toolwright sandbox {api} --fault 429,reset", "one that limits and hangs up"],
  ],
  async run({ positionals, values, terminal }) {
    const faults = await readFaults("sandbox", values.fault);
    const port = readPort("sandbox", values.port) ?? 0;
    const project = servingProject(values.config);
    const { name: api } = oneApi("sandbox", project, positionals);
    const file = sandboxFileOf(project, api);
    if (!file) {
      throw new UserError(`${api} has no sandbox`, `describe one in specs/${api}/sandbox.yaml of ${project.directory}`);
    }
    const { startSandboxAt } = await import("../start-sandbox.ts");
    const sandbox = await startSandboxAt(file, { port, faults });
    const stopped = untilStopped(async () => await sandbox.close()); // before anybody is told how to stop it
    const style = paint(terminal);
    const variables = Object.entries(sandbox.environment).map(([name, value]) => `${name}=${value}`);
    const servers = Object.entries(sandbox.servers);
    terminal.note(
      `${style.yellow("SANDBOX")}  ${style.bold(sandbox.title)}, a stand-in with invented data\n\n${columns([
        ...(servers.length === 1
          ? [["  URL", style.cyan(sandbox.url)] as const]
          : servers.map(([name, url]) => [`  ${name}`, style.cyan(url)] as const)),
        ["  Variables", variables.join(" ")],
      ])}\n\n  Ctrl+C stops it.`,
    );
    await stopped;
    return 0;
  },
});
