import { lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { foreignEnvExample } from "../../diagnostics/messages.ts";
import { isMarked } from "./mark.ts";
import { ENV_EXAMPLE } from "./output-path.ts";

/** Who wrote the `.env.example` of a project. */
export function whoseEnvExample(projectDir: string): "nobody's" | "ours" | "somebody's" {
  const path = join(projectDir, ENV_EXAMPLE);
  const place = lstatSync(path, { throwIfNoEntry: false });
  if (!place) return "nobody's";
  return place.isFile() && isMarked(readFileSync(path, "utf8")) ? "ours" : "somebody's"; // a link or a folder is not ours
}

/** A `.env.example` that somebody wrote stays as it is; what it lacks is told, since nothing else would. */
export function complainAboutEnvExample(projectDir: string, ours: string): readonly Diagnostic[] {
  const path = join(projectDir, ENV_EXAMPLE);
  const text = statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : "";
  const named = new Set(variablesIn(text));
  const lacking = variablesIn(ours).filter((name) => !named.has(name));
  return lacking.length === 0 ? [] : [foreignEnvExample({ file: ENV_EXAMPLE, lacking })];
}

/** `KEY=…`, `# KEY=…` and `export KEY=…` → KEY. */
function variablesIn(text: string): readonly string[] {
  const assignments = text.matchAll(/^[ \t]*#*[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=/gm);
  return [...assignments].map(([, name = ""]) => name);
}
