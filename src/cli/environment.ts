import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { UserError } from "./command.ts";
import type { Project } from "./project.ts";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The file of variables of a project; it need not exist. */
export function environmentFile({ directory }: Project): string {
  return join(directory, ".env");
}

/** The process environment over the project's `.env`: what is set outside wins. */
export function environmentOf(project: Project): Environment {
  const file = environmentFile(project);
  if (!existsSync(file)) return process.env;
  try {
    return { ...parseEnv(readFileSync(file, "utf8")), ...process.env };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`${file} cannot be read: ${reason}`, "make it a file that this user may read, or remove it");
  }
}
