import { posix } from "node:path";
import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";
import { diagnoseFile } from "../file-problem.ts";
import { parseText } from "../parse-text.ts";
import { readProjectFile } from "../read-file.ts";
import { applyOverlay } from "./apply-overlay.ts";
import { copyOf } from "./merge.ts";
import { startPatches, type Patches } from "./patches.ts";

/** An overlay that a setting names. */
export interface OverlayFile {
  /** Relative to the project folder. */
  readonly file: string;
  readonly at: Origin;
  /** Set where the overlay lies in another folder than the description. */
  readonly projectDir?: string;
}

/** The description that overlays are for. */
export interface Described {
  readonly projectDir: string;
  readonly file: string;
  readonly value: unknown;
}

/** A description with its overlays applied, and the files that were read for it. */
export interface OverlaidDocument {
  readonly value: unknown;
  readonly files: readonly string[];
  /** Undefined without overlays. */
  readonly patches: Patches | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Applies overlays to the main file of a description, one after the other. The parsed file itself stays as it is. */
export async function applyOverlays(
  overlays: readonly OverlayFile[],
  { projectDir, file, value }: Described,
): Promise<OverlaidDocument> {
  const diagnostics: Diagnostic[] = [];
  const files: string[] = [];
  const document = overlays.length > 0 ? copyOf(value) : value; // aliases of YAML made one object stand in several places
  if (overlays.length === 0 || typeof document !== "object" || document === null) {
    return { value, files, patches: undefined, diagnostics };
  }
  const patches = startPatches();
  for (const { file: named, at, projectDir: own = projectDir } of overlays) {
    const overlay = posix.normalize(named);
    const content = await readProjectFile(own, overlay);
    if ("problem" in content) {
      diagnostics.push(diagnoseFile(content.problem, { file: overlay, at }));
      continue;
    }
    files.push(overlay);
    const parsed = parseText(content.text, overlay);
    if ("diagnostic" in parsed) {
      diagnostics.push(parsed.diagnostic);
      continue;
    }
    const node = { value: parsed.value, origin: { file: overlay, pointer: "" } };
    await applyOverlay(node, { file, document, patches, report: (problem) => void diagnostics.push(problem) });
  }
  return { value: document, files, patches, diagnostics };
}
