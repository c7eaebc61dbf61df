import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { spawn } from "node:child_process";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";
import { run } from "../e2e/server.ts";

/** Everything that `pack` cannot know of Acme. */
export const IDENTITY =
  "--version 1.2.3 --author Jane --name io.github.jane/acme --bundle-url https://github.com/jane/acme/releases/download/v1.2.3/acme.mcpb".split(
    " ",
  );

const folders: string[] = [];

/** A folder of its own with nothing in it. */
export function emptyFolder(name = "toolwright-pack-"): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  folders.push(folder);
  return folder;
}

/** Removes what {@link emptyFolder} made. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Packs an API of a folder, and gives the folder with what was written. */
export async function pack(cwd: string, api: string, args: readonly string[] = IDENTITY): Promise<string> {
  const out = join(emptyFolder(), "out");
  const { code, note } = await run(["pack", api, "--out", out, ...args], { cwd });
  if (code !== 0) throw new Error(`pack ended with ${code}: ${note}`);
  return out;
}

/** A packed server alone in a folder whose name needs escaping in a URL. */
export function alone(file: string): string {
  const folder = emptyFolder("pa ck #1 %20 ü o'brien-");
  copyFileSync(file, join(folder, basename(file)));
  if (readdirSync(folder).length !== 1) throw new Error(`${folder} is not empty`);
  return join(folder, basename(file));
}

/** Runs a packed server to its end, in a folder that has nothing to do with it. */
export async function runPacked(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = endedWithTests(
    spawn(process.execPath, [...WATCHING_PARENT, file, ...args], {
      cwd: tmpdir(),
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: "pipe",
    }),
  );
  let [out, note] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (note += chunk.toString()));
  child.stdin.end();
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out, note };
}
