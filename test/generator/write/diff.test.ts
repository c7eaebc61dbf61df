import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unifiedDiff } from "../../../src/generator/write/diff.ts";

test("a changed line with the lines around it", () => {
  const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  expect(unifiedDiff("a.ts", before, before.replace("5", "five"))).toBe(
    "--- a.ts\n+++ a.ts (as it would be generated)\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  );
});

test("a file that is missing, one that goes, and one that stays", () => {
  expect(unifiedDiff("a", undefined, "1\n")).toBe(
    "--- /dev/null\n+++ a (as it would be generated)\n@@ -0,0 +1,1 @@\n+1\n",
  );
  expect(unifiedDiff("a", "1\n", undefined)).toBe("--- a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-1\n");
  expect(unifiedDiff("a", "1\n", "1\n")).toBe("");
});

test("`patch` makes the new text of the old one, whatever changed", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-diff-"));
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below; // Park and Miller's generator: the same run every time
  try {
    for (let round = 0; round < 40; round++) {
      const before = Array.from({ length: random(60) }, () => String(random(12)));
      const after = before.flatMap(
        (line) => [[line], [], [line, "new"], ["other"], [line], [line], [line]][random(7)] ?? [],
      );
      const [old, fresh] = [before, after].map((lines) => lines.map((line) => `${line}\n`).join("")) as [
        string,
        string,
      ];
      writeFileSync(join(folder, "a"), old);
      const diff = unifiedDiff("a", old, fresh).replace(" (as it would be generated)", "");
      if (diff === "") expect(old).toBe(fresh);
      else {
        const { status, stdout } = spawnSync("git", ["apply", "-p0", "--unidiff-zero", "-"], {
          cwd: folder,
          input: diff,
          encoding: "utf8",
        });
        expect(status, `${diff}${stdout}`).toBe(0);
        expect(readFileSync(join(folder, "a"), "utf8")).toBe(fresh);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("two long texts that share nothing take no time", { retry: 2 }, () => {
  const text = (prefix: string) => Array.from({ length: 20_000 }, (_, i) => `${prefix}${i}\n`).join("");
  const start = performance.now();
  expect(unifiedDiff("a", text("a"), text("b")).split("\n")).toHaveLength(40_004);
  expect(performance.now() - start).toBeLessThan(5000);
});
