import { posix } from "node:path";
import type { Diagnostic, Origin } from "../diagnostics/diagnostic.ts";
import { diagnoseFile } from "./file-problem.ts";
import type { Report } from "./follow.ts";
import { identify } from "./identify.ts";
import { indexOperations } from "./index-operations.ts";
import { loadDocuments } from "./load-documents.ts";
import { applyOverlays, type OverlayFile } from "./overlay/apply-overlays.ts";
import { relocate } from "./overlay/patches.ts";
import { readProjectFile } from "./read-file.ts";
import type { Spec, SpecSource } from "./spec.ts";
import { summarize } from "./summarize.ts";

/** Where a description is and who names it. */
export interface LoadOptions {
  readonly projectDir: string;
  /** Relative to the project folder. */
  readonly file: string;
  /** The setting that names the file: what is wrong with the file as a whole is reported there. */
  readonly at: Origin;
  /** Overlays that mend the description before anything else looks at it, in this order. */
  readonly overlays?: readonly OverlayFile[];
}

/**
 * Reads a description, Swagger 2.0 or OpenAPI 3.0 to 3.2, YAML or JSON, in one file or several, applies its overlays and lists its
 * operations. Resolves none of them: that is {@link resolveOperation}'s, one by one.
 */
export async function loadSpec(options: LoadOptions): Promise<{ spec: Spec | undefined; diagnostics: Diagnostic[] }> {
  const { projectDir, at, overlays = [] } = options;
  const file = posix.normalize(options.file); // as references to it will spell it
  const content = await readProjectFile(projectDir, file);
  if ("problem" in content) return { spec: undefined, diagnostics: [diagnoseFile(content.problem, { file, at })] };
  const identity = identify(content.text, { file, at });
  if ("diagnostic" in identity) return { spec: undefined, diagnostics: [identity.diagnostic] };

  const { format } = identity;
  const {
    value,
    files,
    patches,
    diagnostics: ofOverlays,
  } = await applyOverlays(overlays, { projectDir, file, value: identity.value });
  const identifiers = format === "openapi-3.1" || format === "openapi-3.2";
  const documents = await loadDocuments(projectDir, file, { value, identifiers });
  const diagnostics = [...ofOverlays];
  // What cannot be read here is left out; a tool that needs it fails by itself, so that nobody else has to.
  const report: Report = (diagnostic) =>
    void diagnostics.push(relocate({ ...diagnostic, severity: "warning" }, { file, patches }));
  const { entries, pathItems } = indexOperations(documents, format, report);
  const summary = summarize(documents, format, report);
  const source: SpecSource = { documents, pathItems, patches };
  return { spec: { summary, entries, files: [...documents.values.keys(), ...files], source }, diagnostics };
}
