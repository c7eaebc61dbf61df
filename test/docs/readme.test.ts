import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Catalog } from "../../src/definition/catalog.ts";
import { run } from "../e2e/server.ts";
import { ROOT, sectionOf, textOf } from "./pages.ts";

// Figures that the README has of something else are held to that.
const readme = textOf("README.md");
const apis = readdirSync(join(ROOT, "generated"));
const VENDOR_PAGES: Readonly<Record<string, string>> = {
  freshservice: "docs/freshservice.md",
  "halo-itsm": "docs/halo-itsm.md",
  "halo-lms": "docs/halo-lms.md",
};

test.each(apis)("the vendors that ship: %s, with as many tools as it has", (api) => {
  const { tools } = JSON.parse(readFileSync(join(ROOT, "generated", api, "catalog.json"), "utf8")) as Catalog;
  const page = VENDOR_PAGES[api] ?? "";
  expect(readme.split("\n").find((line) => line.startsWith("- **[") && line.includes(page))).toContain(
    `: ${tools.length} tools `,
  );
});

test("what generate says of the tools' size", () => {
  const [, size = ""] =
    /: (34 tools, [\d,]+ bytes) of `tools\/list`/.exec(textOf("generated/freshservice/README.md")) ?? [];
  expect(size).not.toBe("");
  expect(readme).toContain(`freshservice: ${size}, about `);
});

test("the error that it shows is the one of today: places, excerpt and fix", () => {
  const shown = readme.slice(readme.indexOf("error[OPERATION_NOT_FOUND]"));
  for (const [file, slip] of [
    ["specs/freshservice/tools.yaml", true],
    ["specs/freshservice/openapi.yaml", false],
  ] as const) {
    const [, line = "", excerpt = ""] = new RegExp(`--> ${file}:(\\d+):\\d+\\n *\\d+ \\|(.*)\\n`).exec(shown) ?? [];
    const there = textOf(file).split("\n")[Number(line) - 1] ?? "";
    expect(excerpt.trim()).toBe((slip ? there.replace("listAgents,", "listAgent,") : there).trim());
  }
});

test("the figures of the corpus are those of its page", () => {
  const [, operations = ""] = /\| (\d+) of \1 \|/.exec(textOf("docs/corpus.md")) ?? [];
  const [, equal = "", requests = ""] = /^(\d+) of (\d+) requests/m.exec(textOf("docs/corpus.md")) ?? [];
  const thousands = (digits: string) => Number(digits).toLocaleString("en-US");
  expect(readme).toContain(`${thousands(operations)} of ${thousands(operations)} operations`);
  expect(readme).toContain(
    `of ${thousands(requests)} requests ${((100 * Number(equal)) / Number(requests)).toFixed(1)} %`,
  );
});

test("its faults are those of the matrix", () => {
  const rows = [...textOf("docs/reliability.md").matchAll(/^\| (\d+) \|/gm)].map(([, row]) => Number(row));
  expect(new Set(rows).size).toBe(90);
  expect(readme).toContain("Ninety ways");
});

describe("the command line", () => {
  test("its table has every command, in the words of its help", async () => {
    const { out } = await run(["--help"]);
    const commands = [...out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name = ""]) => name);
    expect(commands.length).toBeGreaterThan(10);
    const table = sectionOf("README.md", "## Commands");
    const cells = [...table.matchAll(/^\| (`toolwright .*?`) \|/gm)].map(([, cell = ""]) => cell);
    const named = cells.flatMap((cell) =>
      [...cell.matchAll(/`(?:toolwright )?([a-z]+) /g)].map(([, name = ""]) => name),
    );
    expect([...named].sort()).toEqual([...commands].sort());
  });

  test("docs/deploy.md names every option of a packed server, and those that it has not", async () => {
    const { out } = await run(["serve", "--help"]);
    const options = [...out.matchAll(/^ +--([a-z-]+)/gm)].map(([, name = ""]) => name);
    expect(options.length).toBeGreaterThan(15);
    const section = sectionOf("docs/deploy.md", "## One file");
    const elsewhere = new Set(["config", "fault", "console"]); // what is said of --sandbox and the console covers these
    for (const option of options.filter((name) => !elsewhere.has(name))) expect(section).toContain(`\`--${option}`);
  });
});
