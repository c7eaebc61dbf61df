import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES } from "./codes.ts";
import { MATRIX } from "./matrix.ts";
import { type Cell, type Row, wordsOf } from "./row.ts";

// docs/reliability.md shows the matrix. UPDATE=1 writes it anew.

const PAGE = join(import.meta.dirname, "../../docs/reliability.md");
const BEGIN = "<!-- matrix: UPDATE=1 npx vitest run test/faults/page.test.ts -->\n";
const END = "<!-- end of the matrix -->\n";

test("docs/reliability.md shows what the suite drives", () => {
  const page = readFileSync(PAGE, "utf8");
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  const after = page.slice(page.indexOf(END));
  const whole = `${before}\n${matrix()}\n${after}`;
  if (process.env["UPDATE"] === "1") writeFileSync(PAGE, whole);
  else expect(page).toBe(whole);
});

test("every test that the page names for a figure is there", () => {
  const named = [...readFileSync(PAGE, "utf8").matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map(([, file = ""]) => file);
  expect(named.length).toBeGreaterThan(5);
  for (const file of named) expect(readFileSync(join(import.meta.dirname, "../..", file), "utf8")).toContain("test(");
});

function matrix(): string {
  const groups = Object.entries(MATRIX).map(([title, rows]) => `## ${title}\n\n${table(rows)}`);
  const differing = Object.values(MATRIX)
    .flat()
    .filter(({ differs }) => differs);
  const choices = differing.map(({ number, fault, differs }) => `- **${number}, ${fault}.** ${differs}`).join("\n");
  const codes = Object.entries(CODES).map(([code, means]) => `| \`${code}\` | ${means} |`);
  const sections = [
    ...groups,
    `## Deliberately so\n\n${choices}`,
    ["## Codes", "", "| code | means |", "|---|---|", ...codes].join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

function table(rows: readonly Row[]): string {
  const lines = rows
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, fault, reading, writing }) => {
      const written = writing === reading && reading !== undefined ? "the same" : wordsOf(writing);
      return `| ${number} | ${fault} | ${wordsOf(reading)} | ${written} | ${placesOf([reading, writing])} |`;
    });
  return ["| | fault | a call that reads | a call that writes | tested in |", "|---|---|---|---|---|", ...lines].join(
    "\n",
  );
}

/** Files of the tests, within `test/`. */
function placesOf(cells: readonly (Cell | undefined)[]): string {
  const files = cells.flatMap((cell) => (cell ? ["file" in cell ? cell.file : "faults/faults.test.ts"] : []));
  return [...new Set(files)].map((file) => `\`${file}\``).join(", ");
}
