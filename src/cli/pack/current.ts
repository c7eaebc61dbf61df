import { existsSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../../generator/generate.ts";
import { UserError } from "../command.ts";
import type { Project } from "../project.ts";

/**
 * Looks whether what was generated is what tools.yaml and the specs say now: what is handed out was then reviewed. A folder with
 * `generated/` alone has nothing to be compared with.
 *
 * @throws {UserError} when it is not.
 */
export async function refuseOutdated({ directory, configFile }: Project, api: string): Promise<void> {
  if (!existsSync(join(directory, configFile))) return;
  const { diagnostics, unknownApis } = await generate({ projectDir: directory, configFile, check: true, only: [api] });
  const help = "run `toolwright generate`, read what changed, and pack it then";
  if (unknownApis.length > 0) throw new UserError(`${configFile} in ${directory} names no API "${api}" any more`, help);
  const first = diagnostics.find(({ severity }) => severity === "error");
  if (!first) return;
  throw new UserError(`generated/${api} is not what ${configFile} says now: ${first.message}`, help);
}
