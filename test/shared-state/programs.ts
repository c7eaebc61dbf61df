import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import { endedWithTests } from "../children.ts";

/** Programs of this folder, bundled, each to be run in processes of their own. */
export interface Programs {
  run(name: string, args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  remove(): void;
}

/** A process of a program. */
export interface Running {
  /** What it wrote to standard output so far. */
  out(): string;
  /** What it wrote to standard error so far. */
  err(): string;
  /** Everything that it wrote to standard output, once it has ended by itself. */
  readonly ended: Promise<string>;
  /** Waits until it has said something on standard output. @returns what stands in the pattern's first group. */
  said(pattern: RegExp): Promise<string>;
  kill(): void;
}

/** Bundles programs of this folder. */
export async function bundlePrograms(names: readonly string[]): Promise<Programs> {
  const dir = mkdtempSync(join(tmpdir(), "toolwright-programs-"));
  await build({
    input: {
      ...Object.fromEntries(names.map((name) => [name, join(import.meta.dirname, `${name}.ts`)])),
      runtime: join(import.meta.dirname, "../../src/runtime/index.ts"), // of generated modules
    },
    platform: "node",
    logLevel: "warn",
    checks: { eval: false }, // of oidc-provider's web framework, in a branch that is never taken
    output: { dir, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" },
  });
  const manifest = { name: "toolwright", type: "module", exports: { "./runtime": "./runtime.mjs" } };
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  return {
    run(name, args, environment = {}) {
      const env = { PATH: process.env["PATH"] ?? "", ...environment };
      const child = endedWithTests(
        spawn(process.execPath, [join(dir, `${name}.mjs`), ...args], { env, stdio: ["ignore", "pipe", "pipe"] }),
      );
      let [out, err] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (piece: string) => (out += piece));
      child.stderr.setEncoding("utf8").on("data", (piece: string) => (err += piece));
      return {
        out: () => out,
        err: () => err,
        ended: once(child, "close").then(() => out),
        async said(pattern) {
          for (;;) {
            const found = pattern.exec(out);
            if (found) return found[1] ?? "";
            if (child.exitCode !== null) throw new Error(`it ended; it said:\n${out}${err}`);
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        },
        kill: () => void child.kill("SIGKILL"),
      };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
