import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { didYouMean } from "../definition/nearest.ts";
import { UsageError, UserError } from "./command.ts";
import { packageDirectory } from "../generator/version.ts";
import type { LoadedApi } from "../runtime/deployment.ts";

/** A folder with `tools.yaml`, `specs/` and `generated/`. */
export interface Project {
  readonly directory: string;
  /** Name of the allowlist in it, usually `tools.yaml`. */
  readonly configFile: string;
  /** Where the person stands, if the project is what ships with this package and not that folder. */
  readonly startedIn?: string;
  /** In a packed server: the one API, which is in its file and in no folder. */
  readonly packed?: PackedApi;
}

/** The API of a packed server. */
export interface PackedApi {
  readonly name: string;
  /** Of the packed server, not of Toolwright. */
  readonly version: string;
  /** What a person types to start it: `node acme.mjs`. */
  readonly program: string;
  readonly load: () => Promise<LoadedApi>;
}

/** The project that a `--config` names, by its file or its folder, or the current folder. */
export function projectAt(config: string | undefined): Project {
  const path = resolve(config ?? "tools.yaml");
  const isFolder = config !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) return { directory: path, configFile: "tools.yaml" };
  return { directory: dirname(path), configFile: basename(path) };
}

/** The project to serve from: the current folder if it is one, otherwise the vendors that ship with this package. */
export function servingProject(config: string | undefined): Project {
  const here = projectAt(config);
  if (
    config !== undefined ||
    existsSync(join(here.directory, here.configFile)) ||
    existsSync(join(here.directory, "generated"))
  )
    return here;
  return { directory: packageDirectory(), configFile: "tools.yaml", startedIn: here.directory };
}

/** What a person types for a command about an API: `toolwright login acme`; `node acme.mjs login` where a packed server runs. */
export function commandLine({ packed }: Project, command: string, api: string): string {
  return packed ? `${packed.program} ${command}` : `toolwright ${command} ${api}`;
}

/** APIs that were generated in a project, sorted. */
export function generatedApis(project: Project): readonly string[] {
  const folder = join(project.directory, "generated");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "catalog.json")))
    .sort();
}

/** The API that a command is about, which needs one. @throws {UsageError} naming those that there are. */
export function oneApi(command: string, project: Project, [name, ...others]: readonly string[]): GeneratedApi {
  if (name === undefined || others.length > 0)
    throw new UsageError(`${command}: name one API; there is ${generatedApis(project).join(", ") || "none yet"}`);
  const [found] = apiDirectories(project, [name]);
  if (!found) throw new UsageError(`${command}: there is no API "${name}"`);
  return found;
}

/** A generated API of a project. */
export interface GeneratedApi {
  readonly name: string;
  readonly directory: string;
}

/** Folders of the named APIs (all of the project when none is named). */
export function apiDirectories(project: Project, names: readonly string[]): readonly GeneratedApi[] {
  const known = generatedApis(project);
  if (known.length === 0) {
    throw new UserError(`${join(project.directory, "generated")} holds no API`, "run `toolwright generate` first");
  }
  for (const name of names) {
    if (known.includes(name)) continue;
    const which = didYouMean(name, known) || `; there is ${known.join(", ")}`;
    if (project.startedIn === undefined)
      throw new UsageError(`there is no API "${name}" in ${join(project.directory, "generated")}${which}`);
    throw new UsageError(
      `there is no API "${name}" among those that ship with toolwright${which}`,
      `${project.startedIn} has no tools.yaml: go to your project's folder, or name it with \`--config\``,
    );
  }
  return (names.length > 0 ? names : known).map((name) => ({
    name,
    directory: join(project.directory, "generated", name),
  }));
}

/** `specs/<api>/sandbox.yaml` of a project. */
export function sandboxFileOf(project: Project, api: string): string | undefined {
  const file = join(project.directory, "specs", api, "sandbox.yaml");
  return existsSync(file) ? file : undefined;
}
