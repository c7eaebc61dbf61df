import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { locate } from "../diagnostics/locate.ts";
import { type Fault, faultsWithin } from "./check-file.ts";
import { KINDS, SandboxFile, SandboxFileError } from "./sandbox-file.ts";

/**
 * Reads `specs/<api>/sandbox.yaml`.
 *
 * @returns the file, and the path of the description that it names.
 * @throws {SandboxFileError} naming every line that is wrong.
 */
export function readSandboxFile(path: string): { readonly file: SandboxFile; readonly spec: string } {
  const text = readText(path);
  const parsed = SandboxFile.safeParse(readYaml(path, text));
  const faults = parsed.success ? faultsWithin(parsed.data) : parsed.error.issues.flatMap((issue) => faultsOf(issue));
  if (parsed.success && faults.length === 0) return { file: parsed.data, spec: join(dirname(path), parsed.data.spec) };
  const lines = faults.map((fault) => {
    const pointer = fault.path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    return `  line ${locate(text, path, pointer, true)?.line ?? 1}: ${fault.path.join(".")}: ${fault.message}`;
  });
  throw new SandboxFileError(`${path} does not describe a sandbox:\n${lines.join("\n")}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new SandboxFileError(`there is no ${path}, or it cannot be read`);
  }
}

function readYaml(path: string, text: string): unknown {
  try {
    return parse(text, { merge: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new SandboxFileError(`${path} is no YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}`);
  }
}

/** An operation is one of several kinds; what is told is how it fails to be the one that it is nearest to. */
function faultsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): readonly Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: "there is no such key" }));
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ path, message: issue.message }];
  // The one whose own key is there, if there is one; of those, the one with the fewest faults.
  const meant = issue.errors.filter((errors) => !errors.some(({ path: at }) => at.length === 1 && KINDS.has(at[0])));
  const [fewest = []] = [...(meant.length > 0 ? meant : issue.errors)].sort((a, b) => a.length - b.length);
  return fewest.flatMap((inner) => faultsOf(inner, path));
}
