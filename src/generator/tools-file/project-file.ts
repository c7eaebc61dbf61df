import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { diagnoseFile } from "../../spec/file-problem.ts";
import { readProjectFile } from "../../spec/read-file.ts";

/** The text of a file of the project, or why it is not read. */
export type ProjectFile = { readonly text: string } | { readonly problem: Diagnostic };

/** Reads a file that tools.yaml names; `at` is where it names it. */
export async function readNamedFile(projectDir: string, file: string, at: Origin): Promise<ProjectFile> {
  const read = await readProjectFile(projectDir, file);
  return "text" in read ? read : { problem: diagnoseFile(read.problem, { file, at }) };
}
