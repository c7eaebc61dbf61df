import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import util from "node:util"; // as a whole: a Node too old to have `parseEnv` gets far enough to be told that it is
import { UserError } from "./command.ts";
import type { Project } from "./project.ts";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The file of variables of a project, which need not exist: beside its `tools.yaml`; of what ships, where there is none beside that,
 * in the folder where the person stands.
 */
export function environmentFile({ directory, startedIn }: Project): string {
  const beside = join(directory, ".env");
  return startedIn === undefined || existsSync(beside) ? beside : join(startedIn, ".env");
}

/** The process environment over the project's `.env`: what is set outside wins. */
export function environmentOf(project: Project): Environment {
  const file = environmentFile(project);
  // A folder that is no project of ours: its `.env` may be of another program, or Python's folder of that name.
  const elsewhere = project.startedIn !== undefined && file === join(project.startedIn, ".env");
  if (elsewhere ? statSync(file, { throwIfNoEntry: false })?.isFile() !== true : !existsSync(file)) return process.env;
  try {
    const variables = Object.entries(util.parseEnv(readFileSync(file, "utf8")));
    const ours = variables.filter(([name]) => !elsewhere || !name.startsWith("OTEL_"));
    return { ...Object.fromEntries(ours), ...process.env };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`${file} cannot be read: ${reason}`, "make it a file that this user may read, or remove it");
  }
}
