import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median } from "./processes.ts";
import type { Row } from "./run.ts";

/** The fastest of the other generators on this description; installed beside the bench, never a dependency. */
const PEER = "openapi-mcp-generator@4.0.1";
const CORPUS = resolve(process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const ROUNDS = 5;

/** Every operation of GitHub's 13 MB description, by us and by the fastest peer in turns; then `tsc` over what each wrote. */
export async function wholeSpec(): Promise<readonly Row[]> {
  const spec = join(CORPUS, "github.json");
  if (!existsSync(spec)) {
    process.stderr.write(`  left out: ${spec} is not there; set TOOLWRIGHT_CORPUS\n`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "toolwright-bench-"));
  try {
    return compare(spec, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(spec: string, folder: string): readonly Row[] {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent", PEER], { cwd: folder, stdio: "ignore" });
  const cli = resolve("dist/cli.js");
  const peer = join(folder, "node_modules/openapi-mcp-generator/bin/openapi-mcp-generator.js");
  run(folder, [cli, "init", spec, "--all", "--yes"]);
  const times: { readonly ours: number[]; readonly peer: number[] } = { ours: [], peer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const written of ["generated", "peer"]) rmSync(join(folder, written), { recursive: true, force: true });
    times.ours.push(run(folder, [cli, "generate"]));
    times.peer.push(run(folder, [peer, "-i", spec, "-o", "peer", "--force"]));
  }
  return [
    {
      what: "generate all of a 13 MB description, 1,200 tools",
      figure: `${median(times.ours).toFixed(0)} ms, ${checkOurs(folder)}`,
      against: `${PEER} ${median(times.peer).toFixed(0)} ms, ${checkPeer(folder)}`,
      budget: "the peer's time",
    },
  ];
}

/** Milliseconds of a whole process, which must succeed. */
function run(cwd: string, args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args], { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr.slice(-500)}`);
  return performance.now() - started;
}

/** What a strict `tsc` says of our modules, which take the runtime from this repository. */
function checkOurs(folder: string): string {
  const project = join(folder, "tsconfig.json");
  const paths = { "toolwright/runtime": [resolve("src/runtime/index.ts")] };
  const compilerOptions = { noEmit: true, typeRoots: [resolve("node_modules/@types")], paths };
  writeFileSync(
    project,
    JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions, include: ["generated"], exclude: [] }),
  );
  return typeErrors(project);
}

/** The same of the peer's, by its own settings and with its own packages. */
function checkPeer(folder: string): string {
  const project = join(folder, "peer");
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent"], { cwd: project, stdio: "ignore" });
  return typeErrors(project);
}

function typeErrors(project: string): string {
  const args = [resolve("node_modules/typescript/bin/tsc"), "--noEmit", "-p", project];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  const codes = stdout.match(/error TS\d+/g) ?? [];
  const kinds = [...new Set(codes)].slice(0, 3).join(", ").replaceAll("error ", "");
  return codes.length === 0 ? "type-checks" : `${codes.length} type error${codes.length === 1 ? "" : "s"} (${kinds})`;
}
