import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { version, packageDirectory } from "../../src/generator/version.ts";

test("the version is that of the package", () => {
  expect(version()).toMatch(/^\d+\.\d+\.\d+/);
});

test("the package's folder is found from deep within it; where there is none the search ends and says so", () => {
  const root = mkdtempSync(join(tmpdir(), "toolwright-version-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const deep = join(root, "dist/chunks");
  mkdirSync(deep, { recursive: true });
  expect(() => packageDirectory(deep)).toThrow(`no package.json at or above ${deep}`);
  writeFileSync(join(root, "package.json"), "{}");
  expect(packageDirectory(deep)).toBe(root);
});
