import { timeProcess } from "./processes.ts";
import type { Row } from "./run.ts";

/** The whole process of `generate`, against an empty Node. */
export async function generateTime(): Promise<readonly Row[]> {
  const empty = await timeProcess(["-e", "0"], 9);
  const generate = await timeProcess(["dist/cli.js", "generate", "--check"], 5);
  return [
    {
      what: "generate, 34 tools out of a 400 KB description",
      figure: `${generate.toFixed(0)} ms`,
      against: `empty node ${empty.toFixed(0)} ms`,
      budget: "500 ms",
    },
  ];
}
