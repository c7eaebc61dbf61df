import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "../runtime/deployment.ts";
import { createDeployment, serverOverrides } from "../runtime/load/deployment.ts";
import { loadApi } from "../runtime/load/load-api.ts";
import type { Fault } from "../sandbox/faults.ts";
import { UserError } from "./command.ts";
import { apiDirectories, environmentOf, type Project } from "./project.ts";

/** What the command line says of where calls go. */
export interface Destination {
  readonly sandbox: boolean;
  /** `--server [NAME=]URL`. */
  readonly servers: readonly string[];
  readonly readOnly: boolean;
  readonly uploadRoots: readonly string[];
  readonly faults?: readonly Fault[];
}

/** APIs ready to be called, and what ends the stand-ins that were started for them. */
export interface Deployed {
  readonly deployments: readonly Deployment[];
  close(): Promise<void>;
}

/** Loads the named APIs of a project (all when none is named) and points them at the vendor, or at a stand-in that is started here. */
export async function deploy(project: Project, names: readonly string[], destination: Destination): Promise<Deployed> {
  const environment = environmentOf(project);
  const running: { close(): Promise<void> }[] = [];
  const deployments = await Promise.all(
    apiDirectories(project, names).map(async ({ name, directory }) => {
      const api = await loadApi(directory);
      const overrides = serverOverrides(api.definition, destination.servers);
      const common = { api, readOnly: destination.readOnly, uploadRoots: destination.uploadRoots };
      if (!destination.sandbox)
        return createDeployment({ ...common, mode: "live", environment, serverOverrides: overrides });
      const sandbox = await startSandboxOf(project, name, destination.faults ?? []);
      running.push(sandbox);
      const standIns = Object.fromEntries(Object.keys(api.definition.servers).map((server) => [server, sandbox.url]));
      // Nothing of the real environment: a sandbox must not be able to reach a real account.
      return createDeployment({
        ...common,
        mode: "sandbox",
        environment: sandbox.environment,
        serverOverrides: { ...standIns, ...overrides },
      });
    }),
  );
  return {
    deployments,
    async close() {
      await Promise.all(running.map(async (sandbox) => await sandbox.close()));
    },
  };
}

/** The sandbox code, and the libraries under it, are read only when a sandbox is asked for. */
async function startSandboxOf(project: Project, api: string, faults: readonly Fault[]) {
  const { startSandbox } = await import("../sandbox/sandbox.ts");
  return await startSandbox(sandboxFileOf(project, api), { faults });
}

/** `specs/<api>/sandbox.yaml` of a project. */
export function sandboxFileOf(project: Project, api: string): string {
  const file = join(project.directory, "specs", api, "sandbox.yaml");
  if (existsSync(file)) return file;
  throw new UserError(
    `${api} has no sandbox: there is no specs/${api}/sandbox.yaml`,
    "leave out --sandbox to use the real vendor",
  );
}
