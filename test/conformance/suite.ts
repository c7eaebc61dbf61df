import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** The only release that knows 2026-07-28; it is no dependency, since it needs Node 22 without saying so. */
const SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const HOME = resolve(import.meta.dirname, "../../node_modules/.conformance");
const run = promisify(execFile);

/** One check of the suite. */
export interface Check {
  /** `scenario:check`. */
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly message: string;
}

/** Installs the suite, once, and finds a Node that runs it. */
export async function prepareSuite(): Promise<{ readonly node: string; readonly suite: string }> {
  const suite = join(HOME, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
  if (!existsSync(suite)) {
    mkdirSync(HOME, { recursive: true });
    writeFileSync(join(HOME, "package.json"), "{}");
    await run("npm", ["install", "--no-audit", "--no-fund", "--silent", SUITE], { cwd: HOME });
  }
  if (Number(process.versions.node.split(".")[0]) >= 22) return { node: process.execPath, suite };
  const { stdout } = await run("npx", ["-y", "node@22", "-p", "process.execPath"], { cwd: tmpdir() });
  return { node: stdout.trim(), suite };
}

/** Runs scenarios against a server, and tells every check that counts. */
export async function conform(
  { node, suite }: { readonly node: string; readonly suite: string },
  url: string,
  args: readonly string[],
): Promise<readonly Check[]> {
  const out = mkdtempSync(join(tmpdir(), "toolwright-conformance-"));
  const ended = await run(node, [suite, "server", "--url", url, ...args, "-o", out], { maxBuffer: 2 ** 26 }).catch(
    (error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? "" }), // it ends with 1 when any check fails
  );
  const unscored = new Set(
    [...ended.stdout.matchAll(/^ {2}[✓✗] (\S+) \((?:extension|pending|added-after-release)\)$/gm)].map(
      (match) => match[1],
    ),
  );
  return readdirSync(out).flatMap((folder) => {
    const scenario = folder.replace(/^server-/, "").replace(/-\d{4}-\d{2}-\d{2}T.*$/, "");
    if (unscored.has(scenario)) return [];
    const checks = JSON.parse(readFileSync(join(out, folder, "checks.json"), "utf8")) as readonly {
      readonly id: string;
      readonly status: Check["status"];
      readonly errorMessage?: string;
    }[]; // the suite's own file
    return checks.map(({ id, status, errorMessage }) => ({
      id: `${scenario}:${id}`,
      status,
      message: errorMessage ?? "",
    }));
  });
}
