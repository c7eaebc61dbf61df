import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** The middle of several figures: one slow run on a busy machine does not count. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that a whole process takes, several times over. */
export async function timeProcess(args: readonly string[], times: number): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    const child = spawn(process.execPath, [...args], { stdio: "ignore" });
    await new Promise((done) => child.once("exit", done));
    figures.push(performance.now() - started);
  }
  return median(figures);
}

/** A server over stdio that is asked by hand: no client's own time is measured. */
export function startServer(env: Readonly<Record<string, string>>): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, ["dist/cli.js", "serve", "freshservice"], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** Waits for the answer with an id. */
export async function answerTo(child: ChildProcessByStdio<Writable, Readable, null>, id: number): Promise<string> {
  let text = "";
  return await new Promise((done) => {
    const onData = (chunk: Buffer) => {
      text += chunk.toString();
      const answer = text.split("\n").find((line) => line.includes(`"id":${id}`) && line.endsWith("}"));
      if (answer === undefined) return;
      child.stdout.off("data", onData);
      done(answer);
    };
    child.stdout.on("data", onData);
  });
}
