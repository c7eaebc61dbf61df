import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const table = readFileSync(join(import.meta.dirname, "../../docs/security.md"), "utf8");
const rows = [...table.matchAll(/^\| (.+?) \| `([^`]+)` \| (.+?) \|$/gm)].map(
  ([, requirement = "", file = "", name = ""]) => ({
    requirement,
    file,
    name,
  }),
);

test("the table has a row for every requirement of the door", () => {
  const named = rows.map(({ requirement }) => requirement).join("\n");
  const a = Array.from({ length: 14 }, (_, i) => `A${i + 1} `);
  const rules = Array.from({ length: 9 }, (_, i) => `rule ${i + 1} `);
  const threats = [26, 27, 28, 29, 30, 31, 33, 34, 35, 41, 42, 44, 45].map((number) => `T${number} `);
  for (const one of [...a, ...rules, ...threats]) expect(named).toContain(one);
});

test.each(rows)("$requirement: $file has it", ({ file, name }) => {
  expect(readFileSync(join(import.meta.dirname, file), "utf8")).toContain(name);
});
