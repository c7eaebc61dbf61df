import { posix } from "node:path";
import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { diagnoseFile } from "./file-problem.ts";
import type { Report } from "./follow.ts";
import { identify } from "./identify.ts";
import { indexOperations } from "./index-operations.ts";
import { loadDocuments } from "./load-documents.ts";
import { readProjectFile } from "./read-file.ts";
import type { Spec } from "./spec.ts";
import { summarize } from "./summarize.ts";

/** Where a description is and who names it. */
export interface LoadOptions {
  readonly projectDir: string;
  /** Relative to the project folder. */
  readonly file: string;
  /** The setting that names the file: what is wrong with the file as a whole is reported there. */
  readonly at: Origin;
}

/**
 * Reads a description, OpenAPI 3.0 or 3.1, YAML or JSON, in one file or several, and lists its operations.
 * Resolves none of them: that is {@link resolveOperation}'s, one by one.
 */
export async function loadSpec(options: LoadOptions): Promise<{ spec: Spec | undefined; diagnostics: Diagnostic[] }> {
  const { projectDir, at } = options;
  const file = posix.normalize(options.file); // as references to it will spell it
  const content = await readProjectFile(projectDir, file);
  if ("problem" in content) return { spec: undefined, diagnostics: [diagnoseFile(content.problem, { file, at })] };
  const identity = identify(content.text, { file, at });
  if ("diagnostic" in identity) return { spec: undefined, diagnostics: [identity.diagnostic] };

  const documents = await loadDocuments(projectDir, file, identity.value);
  const diagnostics: Diagnostic[] = [];
  // What cannot be read here is left out; a tool that needs it fails by itself, so that nobody else has to.
  const report: Report = (diagnostic) => void diagnostics.push({ ...diagnostic, severity: "warning" });
  const { entries, pathItems } = indexOperations(documents, report);
  const summary = summarize(documents, identity.format, report);
  const spec: Spec = { summary, entries, files: [...documents.values.keys()], source: { documents, pathItems } };
  return { spec, diagnostics };
}
