import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();

/** Remembers a process that a test started: it is ended with the test's file at the latest, however the test ends. */
export function endedWithTests<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Ends what the tests of a file left running; `test/setup.ts` calls it after each file. */
export async function endChildren(): Promise<void> {
  const left = [...running].map(
    async (child) =>
      await new Promise<void>((ended) => {
        child.once("exit", () => ended());
        child.kill("SIGKILL");
      }),
  );
  await Promise.all(left);
}

/** Arguments of `node` with which a process also ends when the one that started it is gone, killed or not. */
export const WATCHING_PARENT = [
  "--import",
  'data:text/javascript,const parent=process.ppid;setInterval(()=>{if(process.ppid!==parent)process.kill(process.pid,"SIGKILL")},500).unref()',
] as const;
