import { existsSync, readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { comment, id, join, ts } from "../../generator/emit/code.ts";
import { packageDirectory } from "../../generator/version.ts";
import { filesOf } from "../../generator/write/manifest.ts";
import { UserError } from "../command.ts";
import { PACKED, type PackedFile } from "../packed/packed-file.ts";

/**
 * The files of `generated/<api>` that a server needs, as `manifest.json` lists them: nothing else that lies there is taken along.
 *
 * @throws {UserError} when one of them is not there.
 */
export function readGenerated(folder: string): PackedFile["files"] {
  const manifest = joinPath(folder, "manifest.json");
  const listed = filesOf(existsSync(manifest) ? readFileSync(manifest, "utf8") : undefined);
  const files = listed.filter((file) => file.endsWith(".ts") || file === "catalog.json").sort();
  const help = "run `toolwright generate` to write it again";
  if (!files.includes("index.ts") || !files.includes("catalog.json"))
    throw new UserError(`${manifest} lists no index.ts and catalog.json`, help);
  return files.map((file) => {
    const path = joinPath(folder, file);
    if (!existsSync(path)) throw new UserError(`${path}, which manifest.json lists, is not there`, help);
    return [file, readFileSync(path, "utf8")] as const;
  });
}

/** The whole text of a packed server: what it carries, then the code that every packed server has. */
export function serverFile(packed: PackedFile, title: string): string {
  const { api, version, toolwright, files } = packed;
  const lines = files.map(([file, text]) => ts`    [${file}, ${text}],\n`);
  const head = ts`#!/usr/bin/env node
// ${comment(title)} ${comment(version)} as an MCP server in one file, packed by toolwright ${comment(toolwright)}: node ${comment(api)}.mjs --help
// What it serves stands first, as it was reviewed in generated/${comment(api)}; the code below it is the same for every API, and ends with
// the licences of everything in it. No secret is in here: they come from the environment.
const ${id(PACKED)} = {
  api: ${api},
  version: ${version},
  toolwright: ${toolwright},
  files: [
${join(lines, ts``)}  ],
};
`;
  return head.text + commonCode();
}

function commonCode(): string {
  const file = joinPath(packageDirectory(), "dist/packed.mjs");
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new UserError(
    `${file} does not exist`,
    "install toolwright as a whole package; in its repository run `npm run bundle`",
  );
}
