import { createInterface } from "node:readline/promises";
import type { Decision, Question } from "../runtime/deployment.ts";
import type { Terminal } from "./terminal.ts";

/** `--yes`: whoever wrote the command line has agreed. */
export async function agree(): Promise<Decision> {
  return "accepted";
}

/** Asks the person at the terminal; undefined when nobody is there to read the question and to answer it. */
export function askIn(terminal: Terminal): ((question: Question) => Promise<Decision>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async ({ sentence }) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined))); // Ctrl+D, Ctrl+C
    try {
      terminal.note(sentence);
      const answer = await Promise.race([lines.question("[y/N] "), closed]);
      if (answer === undefined) return "cancelled";
      return /^y(?:es)?$/i.test(answer.trim()) ? "accepted" : "declined";
    } finally {
      lines.close();
    }
  };
}
