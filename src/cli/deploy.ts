import { delimiter } from "node:path";
import type { Deployment } from "../runtime/deployment.ts";
import { createDeployment, type DeploymentOptions, serverOverrides } from "../runtime/load/deployment.ts";
import { loadApi } from "../runtime/load/load-api.ts";
import { StartError } from "../runtime/load/start-error.ts";
import type { Fault } from "../sandbox/faults.ts";
import { UserError } from "./command.ts";
import { environmentOf } from "./environment.ts";
import { apiDirectories, commandLine, type PackedApi, type Project, sandboxFileOf } from "./project.ts";

/** What the command line says of where calls go. */
export interface Destination {
  readonly sandbox: boolean;
  /** `--server [NAME=]URL`. */
  readonly servers: readonly string[];
  readonly readOnly: boolean;
  readonly uploadRoots: readonly string[];
  readonly faults?: readonly Fault[];
  /** Callers come over HTTP: `access` of tools.yaml holds. The URL by which clients come, if it was given. */
  readonly http?: { readonly publicUrl: string | undefined } | undefined;
  /** Only to sign in or out, with this credential if one was named. */
  readonly signIn?: { readonly named: string | undefined };
  /** Nothing is sent: a name may stand for a variable that is not set. Told which variables those are. */
  readonly onMissing?: (variables: readonly string[]) => void;
}

/** APIs ready to be called, and what ends the stand-ins that were started for them. */
export interface Deployed {
  readonly deployments: readonly Deployment[];
  close(): Promise<void>;
}

/** Loads the named APIs of a project (all when none is named) and points them at the vendor, or at a stand-in that is started here. */
export async function deploy(project: Project, names: readonly string[], destination: Destination): Promise<Deployed> {
  const running: { close(): Promise<void> }[] = [];
  const close = async () => void (await Promise.all(running.map(async (sandbox) => await sandbox.close())));
  const started = await Promise.allSettled(
    apisOf(project, names).map(
      async (api) => await deployOne(project, api, destination, (sandbox) => running.push(sandbox)),
    ),
  );
  for (const one of started) {
    if (one.status === "fulfilled") continue;
    await close(); // a stand-in that goes on would keep the process alive
    throw one.reason;
  }
  return { deployments: started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])), close };
}

function apisOf(project: Project, names: readonly string[]): readonly Pick<PackedApi, "name" | "load">[] {
  if (project.packed) return [project.packed];
  return apiDirectories(project, names).map(({ name, directory }) => ({ name, load: () => loadApi(directory) }));
}

async function deployOne(
  project: Project,
  { name, load }: Pick<PackedApi, "name" | "load">,
  destination: Destination,
  onStart: (sandbox: { close(): Promise<void> }) => void,
): Promise<Deployment> {
  const api = await load();
  const overrides = serverOverrides(api.definition, destination.servers);
  const { http, readOnly, signIn } = destination;
  const environment = environmentOf(project);
  const accessEnvironment = http && { ...environment, ...publicUrlIn(http.publicUrl) };
  const loginCommand = commandLine(project, "login", name);
  const uploads = uploadRoots(project, destination);
  const common = { api, readOnly, uploadRoots: uploads, accessEnvironment, loginCommand, signIn };
  if (!destination.sandbox) {
    return live({ ...common, mode: "live", environment, serverOverrides: overrides }, destination.onMissing);
  }
  const sandbox = await startSandboxOf(project, name, destination.faults ?? []);
  onStart(sandbox);
  const standIns = Object.fromEntries(
    Object.keys(api.definition.servers).map((server) => [server, sandbox.servers[server] ?? sandbox.url]),
  );
  // Nothing of the real environment: a sandbox must not be able to reach a real account.
  return createDeployment({
    ...common,
    mode: "sandbox",
    environment: sandbox.environment,
    serverOverrides: { ...standIns, ...overrides },
  });
}

/** The flag wins over the variable, which is what settings name. */
function publicUrlIn(given: string | undefined): Readonly<Record<string, string>> {
  return given === undefined ? {} : { TOOLWRIGHT_PUBLIC_URL: given };
}

/** The folders that the command line names, otherwise those of `TOOLWRIGHT_FILES`, separated as in `PATH`. */
function uploadRoots(project: Project, { uploadRoots: named }: Destination): readonly string[] {
  if (named.length > 0) return named;
  return (environmentOf(project)["TOOLWRIGHT_FILES"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** With `onMissing`, the names of variables stand for their values: `ACME_DOMAIN` → acme-domain.invalid (RFC 2606), which is no host. */
function live(options: DeploymentOptions, onMissing: Destination["onMissing"]): Deployment {
  try {
    return createDeployment(options);
  } catch (error) {
    if (!(error instanceof StartError) || error.missing.length === 0 || !onMissing) throw error;
    onMissing(error.missing);
    const names = error.missing.map((name) => [name, `${name.toLowerCase().replaceAll("_", "-")}.invalid`]);
    return createDeployment({ ...options, environment: { ...options.environment, ...Object.fromEntries(names) } });
  }
}

/** The sandbox code, and the libraries under it, are read only when a sandbox is asked for. */
async function startSandboxOf(project: Project, api: string, faults: readonly Fault[]) {
  const file = sandboxFileOf(project, api);
  if (!file)
    throw new UserError(
      `${api} has no sandbox: there is no specs/${api}/sandbox.yaml in ${project.directory}`,
      "leave out --sandbox to use the real vendor, or write that file",
    );
  const { startSandboxAt } = await import("./start-sandbox.ts");
  return await startSandboxAt(file, { faults });
}
