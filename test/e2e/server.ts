import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endedWithTests, WATCHING_PARENT } from "../children.ts";

/** The built command line; `npm test` bundles it first. */
export const CLI = join(import.meta.dirname, "../../dist/cli.js");
const READY_MS = 15_000;

/** An environment with a state directory of its own, so that no test counts on another's month. */
export function ownEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    TOOLWRIGHT_STATE_DIR: mkdtempSync(join(tmpdir(), "toolwright-state-")),
    ...more,
  };
}

/** A `serve --http` in a process of its own. */
export interface Serving {
  readonly url: string;
  readonly banner: string;
  /** Everything it wrote to standard error so far. */
  notes(): string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `toolwright serve … --http 0` and waits until it says where it listens. */
export async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<Serving> {
  const child = endedWithTests(
    spawn(process.execPath, [...WATCHING_PARENT, CLI, "serve", ...args, "--http", "0"], {
      env,
      stdio: ["ignore", "inherit", "pipe"],
      ...(cwd && { cwd }),
    }),
  );
  let notes = "";
  child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
  const banner = await said(child, /http:\/\/\S+\/mcp\S*/);
  return {
    url: /http:\/\/\S+\/mcp\S*/.exec(banner)?.[0] ?? "",
    banner,
    notes: () => notes,
    async stop(signal = "SIGTERM") {
      const ended = new Promise<number | null>((done) => child.once("exit", done));
      if (child.exitCode !== null) return child.exitCode;
      child.kill(signal);
      return await ended;
    },
  };
}

/** What a process wrote to standard error, once it matches; its whole text when it ends before. */
async function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return await new Promise((done, fail) => {
    let text = "";
    const timer = setTimeout(() => fail(new Error(`not ready after ${READY_MS} ms; it said:\n${text}`)), READY_MS);
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (!pattern.test(text) || !text.includes("Ctrl+C")) return;
      clearTimeout(timer);
      done(text);
    });
    child.once("exit", (code) => fail(new Error(`it ended with ${code}; it said:\n${text}`)));
  });
}

/** How a command line is started. */
interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs the command line to its end. */
export async function run(args: readonly string[], options: RunOptions = {}) {
  return await runAt(CLI, args, options);
}

/** Runs a copy of the command line to its end. */
export async function runAt(cli: string, args: readonly string[], options: RunOptions = {}) {
  const child = endedWithTests(
    spawn(process.execPath, [...WATCHING_PARENT, cli, ...args], {
      env: options.env ?? ownEnvironment(),
      stdio: "pipe",
      ...(options.cwd && { cwd: options.cwd }),
    }),
  );
  let out = "";
  let note = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (note += chunk.toString()));
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out, note };
}
