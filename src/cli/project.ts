import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Catalog } from "../definition/catalog.ts";
import { UsageError, UserError } from "./command.ts";
import { packageDirectory } from "./package.ts";

/** A folder with `tools.yaml`, `specs/` and `generated/`. */
export interface Project {
  readonly directory: string;
  /** Name of the allowlist in it, usually `tools.yaml`. */
  readonly configFile: string;
}

/** The project that a `--config` names, or the current folder. */
export function projectAt(config: string | undefined): Project {
  const path = resolve(config ?? "tools.yaml");
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
  return { directory: packageDirectory(), configFile: "tools.yaml" };
}

/** APIs that were generated in a project, sorted. */
export function generatedApis(project: Project): readonly string[] {
  const folder = join(project.directory, "generated");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "catalog.json")))
    .sort();
}

/** Folders of the named APIs (all of the project when none is named). */
export function apiDirectories(
  project: Project,
  names: readonly string[],
): readonly { readonly name: string; readonly directory: string }[] {
  const known = generatedApis(project);
  if (known.length === 0) {
    throw new UserError(`${join(project.directory, "generated")} holds no API`, "run `toolwright generate` first");
  }
  for (const name of names) {
    if (!known.includes(name)) throw new UsageError(`there is no API "${name}" here; there is ${known.join(", ")}`);
  }
  return (names.length > 0 ? names : known).map((name) => ({
    name,
    directory: join(project.directory, "generated", name),
  }));
}

/** The process environment over the project's `.env`: what is set outside wins. */
export function environmentOf(project: Project): Readonly<Record<string, string | undefined>> {
  const file = join(project.directory, ".env");
  if (!existsSync(file)) return process.env;
  return { ...parseEnv(readFileSync(file, "utf8")), ...process.env };
}

/** An API of the project that is served from here, and a tool of it that lists something without being told more. */
export function exampleNames(): { readonly api: string; readonly tool: string } {
  const project = servingProject(undefined);
  const [api] = generatedApis(project);
  if (api === undefined) return { api: "acme", tool: "list_tickets" };
  const catalog = JSON.parse(
    readFileSync(join(project.directory, "generated", api, "catalog.json"), "utf8"),
  ) as Catalog; // ours
  const lists = catalog.tools.find(
    ({ inputSchema: { properties, required } }) => "limit" in Object(properties) && required === undefined,
  );
  return { api, tool: lists?.name ?? catalog.tools[0]?.name ?? "list_tickets" };
}
