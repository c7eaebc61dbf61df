import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics, summaryLine } from "../diagnostics/render.ts";
import type { Terminal } from "./terminal.ts";

/** Shows everything that a run found, with excerpts of the project's files, and counts it. */
export function showProblems(diagnostics: readonly Diagnostic[], projectDir: string, terminal: Terminal): void {
  const readFile = (file: string) => {
    const path = join(projectDir, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  terminal.note(renderDiagnostics(diagnostics, { readFile, color: terminal.color }));
  terminal.note(summaryLine(diagnostics));
}
