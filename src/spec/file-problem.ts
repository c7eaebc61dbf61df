import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import {
  fileNotFound,
  fileOutsideProject,
  fileTooLarge,
  fileUnreadable,
  unknownFileKind,
} from "../diagnostics/messages.ts";
import { MAX_FILE_BYTES, type FileProblem } from "./read-file.ts";

/** Says why a file that a setting names was not read; `at` is the setting. */
export function diagnoseFile(
  problem: FileProblem,
  { file, at, endings }: { file: string; at: Origin; endings?: readonly string[] },
): Diagnostic {
  if (problem.kind === "missing") return fileNotFound({ at, file, near: problem.near });
  if (problem.kind === "outside") return fileOutsideProject({ at, file });
  if (problem.kind === "too large") return fileTooLarge({ at, file, bytes: problem.bytes, maxBytes: MAX_FILE_BYTES });
  if (problem.kind === "unreadable") return fileUnreadable({ at, file, reason: problem.reason });
  return unknownFileKind({ at, file, ...(endings && { endings }) });
}
