import { type Paint } from "../terminal.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly state: "ok" | "warning" | "problem" | "skipped";
  readonly what: string;
  /** What to do; every warning and problem has one. */
  readonly fix?: string;
  /** A tool's read that was made. */
  readonly read?: true;
}

/** A finding as a line, with its fix below. */
export function findingLines({ state, what, fix }: Finding, style: Paint): string {
  const marks = {
    ok: style.green("ok     "),
    warning: style.yellow("warning"),
    problem: style.red("problem"),
    skipped: style.dim("skipped"),
  };
  return `  ${marks[state]}  ${what}${fix === undefined ? "" : `\n           fix: ${fix}`}`;
}
