import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sectionOf, textOf } from "./pages.ts";

const page = textOf("ARCHITECTURE.md");

/** Folders in the first column of a section's table: `src/spec/`. */
function foldersIn(heading: string): readonly string[] {
  return [...sectionOf("ARCHITECTURE.md", heading).matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+\/)`/g)].map(([, folder = ""]) => folder),
  );
}

/** Folders below one, down to a depth: `src/`, 2 → `src/spec/`, `src/spec/overlay/`, … */
function foldersBelow(folder: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${folder}${name}/`, ...foldersBelow(`${folder}${name}/`, depth - 1)]);
}

test("its rooms are the folders under src/, two deep", () => {
  expect([...foldersIn("## Rooms")].sort()).toEqual([...foldersBelow("src/", 2)].sort());
});

test("its tests are the folders under test/", () => {
  expect([...foldersIn("## Tests")].sort()).toEqual([...foldersBelow("test/", 1)].sort());
});

test("every file and folder that it names is there", () => {
  const paths = ["src", "test", "docs", "bench", "specs", "generated"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => `/${folder}/${path}`),
  );
  const named = [...page.matchAll(/`([\w./-]+(?:\.(?:ts|md)|\/))`/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(80);
  const there = (name: string) =>
    name.endsWith("/")
      ? paths.some((path) => `${path}/`.includes(`/${name}`))
      : paths.some((path) => path.endsWith(`/${name}`));
  expect([...new Set(named)].filter((name) => !there(name))).toEqual([]);
});
