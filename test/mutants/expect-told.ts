import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../src/diagnostics/render.ts";

const LONGEST = 1_000; // characters of a message or a help: somebody has to read it

/** Every problem can be shown, says what is wrong and what to do, and holds no sign of a value that was not looked at. */
export function expectTold(diagnostics: readonly Diagnostic[], projectDir: string): void {
  for (const { code, message, help } of diagnostics) {
    for (const text of [message, help]) {
      expect(text, code).toMatch(/\S/);
      expect(text, code).not.toMatch(/\bundefined\b|\[object |\bNaN\b|=>/);
      expect(text.length, `${code}: ${text.slice(0, 200)}`).toBeLessThan(LONGEST);
    }
  }
  const readFile = (file: string): string | undefined => {
    const path = join(projectDir, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  expect(renderDiagnostics(diagnostics, { readFile, color: false })).toEqual(expect.any(String));
}
