import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { renderDiagnostics, summaryLine } from "../../src/diagnostics/render.ts";
import { generate } from "../../src/generator/generate.ts";

/** What a case is expected to come to: path in the case → text. `problems.txt` is what a person is shown. */
export type Outcome = Readonly<Record<string, string>>;

/** Cases are projects: every folder beside this file. */
export const CASES = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/**
 * Generates a copy of a case in a folder of its own, so that nothing of the case changes.
 *
 * `fixture/generated/`, where a case has it, is what stands in `generated/` already; a first line `# --check` in tools.yaml only checks. The
 * manifest is left out: it names the generator's version and so changes with every release.
 */
export async function runCase(name: string): Promise<Outcome> {
  const projectDir = mkdtempSync(join(tmpdir(), "toolwright-golden-"));
  try {
    for (const part of ["tools.yaml", "specs"]) copy(join(import.meta.dirname, name, part), join(projectDir, part));
    copy(join(import.meta.dirname, name, "fixture/generated"), join(projectDir, "generated"));
    const readFile = (file: string) => read(join(projectDir, file));
    const check = readFile("tools.yaml")?.startsWith("# --check\n") === true;
    const { diagnostics, written } = await generate({ projectDir, check });
    const done = written && !diagnostics.some(({ severity }) => severity === "error");
    const files = done ? filesIn(projectDir, "generated").filter((file) => !file.endsWith("/manifest.json")) : [];
    const problems = `${renderDiagnostics(diagnostics, { readFile, color: false })}\n${summaryLine(diagnostics)}\n`;
    return {
      ...Object.fromEntries(files.map((file) => [file, readFile(file) ?? ""])),
      ...(diagnostics.length > 0 && { "problems.txt": problems }),
      ...(written?.diff && { "check.diff": withoutManifest(written.diff) }),
    };
  } finally {
    rmSync(projectDir, { recursive: true });
  }
}

/** What a case is expected to come to. */
export function expected(name: string): Outcome {
  const folder = join(import.meta.dirname, name);
  const files = [...filesIn(folder, "generated"), "problems.txt", "check.diff"];
  return Object.fromEntries(
    files.flatMap((file) => (existsSync(join(folder, file)) ? [[file, read(join(folder, file)) ?? ""]] : [])),
  );
}

/** Makes what a case came to what is expected of it. `npm run golden` does so for all; the diff is then read by a person. */
export function rewrite(name: string, outcome: Outcome): void {
  const folder = join(import.meta.dirname, name);
  for (const part of ["generated", "problems.txt", "check.diff"])
    rmSync(join(folder, part), { recursive: true, force: true });
  for (const [file, text] of Object.entries(outcome)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function withoutManifest(diff: string): string {
  const files = diff.split(/^(?=--- )/m);
  return files.filter((file) => !file.slice(0, 300).includes("manifest.json")).join(""); // its head is two lines
}

function filesIn(folder: string, part: string): string[] {
  if (!existsSync(join(folder, part))) return [];
  const entries = readdirSync(join(folder, part), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

function copy(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
