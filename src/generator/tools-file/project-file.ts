import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import {
  fileNotFound,
  fileOutsideProject,
  fileTooLarge,
  fileUnreadable,
  unknownFileKind,
} from "../../diagnostics/messages.ts";
import { MAX_FILE_BYTES, readProjectFile, type FileProblem } from "../../spec/read-file.ts";

/** The text of a file of the project, or why it is not read. */
export type ProjectFile = { readonly text: string } | { readonly problem: Diagnostic };

/** Reads a file that tools.yaml names; `at` is where it names it. */
export async function readNamedFile(projectDir: string, file: string, at: Origin): Promise<ProjectFile> {
  const read = await readProjectFile(projectDir, file);
  return "text" in read ? read : { problem: problemOf(read.problem, file, at) };
}

function problemOf(problem: FileProblem, file: string, at: Origin): Diagnostic {
  if (problem.kind === "too large") return fileTooLarge({ at, file, bytes: problem.bytes, maxBytes: MAX_FILE_BYTES });
  if (problem.kind === "unreadable") return fileUnreadable({ at, file, reason: problem.reason });
  if (problem.kind === "missing") return fileNotFound({ at, file });
  return problem.kind === "outside" ? fileOutsideProject({ at, file }) : unknownFileKind({ at, file });
}
