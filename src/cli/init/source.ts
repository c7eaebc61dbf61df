import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { likenessOfText } from "../../spec/likeness.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import type { Spec } from "../../spec/spec.ts";
import { UserError } from "../command.ts";
import { downloadSpec, shown } from "./download.ts";

/** A description that was named on the command line, and read. */
export interface Source {
  readonly spec: Spec | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The folder that its files are relative to. */
  readonly folder: string;
  /** It lies within the project already, and is used where it is. */
  readonly inside: boolean;
  /** Where it was downloaded from, without a query. */
  readonly address: string | undefined;
  /** Removes what was downloaded. */
  readonly discard: () => void;
}

/** Reads the description that a person named: a file, or an address. */
export async function openSource(named: string, projectDir: string): Promise<Source> {
  return /^https?:\/\//i.test(named) ? await openAddress(named) : await openFile(named, projectDir);
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function openAddress(address: string): Promise<Source> {
  const text = await downloadSpec(address);
  const folder = mkdtempSync(join(tmpdir(), "toolwright-init-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals): void => {
    remove();
    process.kill(process.pid, signal); // once heard, it does what it always does
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  const file = /^\s*\{/.test(text) ? "openapi.json" : "openapi.yaml";
  writeFileSync(join(folder, file), text);
  const loaded = await loadSpec({ projectDir: folder, file, at: { file, pointer: "" } });
  return {
    ...loaded,
    folder,
    inside: false,
    address: shown(new URL(address)),
    discard: () => {
      for (const signal of SIGNALS) process.off(signal, stop);
      remove();
    },
  };
}

async function openFile(named: string, projectDir: string): Promise<Source> {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(named) ?? [];
  if (scheme !== undefined)
    throw new UserError(
      `an address that begins with ${scheme}: is not read`,
      "save the file yourself, and give its path",
    );
  const path = resolve(named);
  if (!existsSync(path))
    throw new UserError(`there is no file ${named}`, "give the path or the address of an OpenAPI description");
  if (!statSync(path).isFile())
    throw new UserError(`${named} is a folder`, "name the file in it that begins with `openapi:`");
  if (![".yaml", ".yml", ".json"].includes(extname(path).toLowerCase())) {
    throw otherEnding(named, path);
  }
  const within = relative(resolve(projectDir), path);
  const inside = within !== "" && within !== ".." && !within.startsWith(`..${sep}`) && !isAbsolute(within);
  const folder = inside ? resolve(projectDir) : dirname(path);
  const file = inside ? within.split(sep).join("/") : basename(path);
  const loaded = await loadSpec({ projectDir: folder, file, at: { file, pointer: "" } });
  return { ...loaded, folder, inside, address: undefined, discard: () => {} };
}

const GLANCE = 4096; // bytes: enough to see what a file is

/** A file of another ending, told by what is in it. */
function otherEnding(named: string, path: string): UserError {
  const glance = Buffer.alloc(GLANCE);
  const handle = openSync(path, "r");
  const text = glance.toString("utf8", 0, readSync(handle, glance, 0, GLANCE, 0));
  closeSync(handle);
  const other = likenessOfText(text);
  if (other) {
    const help = other.help ?? "give the path or the address of an OpenAPI description";
    return new UserError(`${named} is not an OpenAPI description: it looks like ${other.name}`, help);
  }
  const ending = /^\s*\{/.test(text) ? ".json" : /^["']?(?:openapi|swagger)["']?\s*:/m.test(text) ? ".yaml" : undefined;
  const help = ending === undefined ? "rename the file by what is in it" : `rename it, so that it ends in ${ending}`;
  return new UserError(`${named} is neither .yaml, .yml nor .json`, help);
}
