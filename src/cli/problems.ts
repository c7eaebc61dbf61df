import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics, summaryLine } from "../diagnostics/render.ts";
import type { Terminal } from "./terminal.ts";

/** How problems are shown. */
export interface Showing {
  /** The command writes files, unless there are errors. Default: true. */
  readonly writes?: boolean;
  /** Files that were read already, by project-relative path. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** Shows everything that a run found, with excerpts of the project's files, and counts it. */
export function showProblems(
  diagnostics: readonly Diagnostic[],
  projectDir: string,
  terminal: Terminal,
  { writes = true, texts }: Showing = {},
): void {
  const readFile = (file: string): string | undefined => texts?.get(file) ?? textOf(join(projectDir, file));
  terminal.note(renderDiagnostics(diagnostics, { readFile, color: terminal.color }));
  // A command that never writes need not say that it did not.
  terminal.note(writes ? summaryLine(diagnostics) : summaryLine(diagnostics).replace("; nothing was written", ""));
}

/** What cannot be read is shown without an excerpt; why it cannot is the problem's own message. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
