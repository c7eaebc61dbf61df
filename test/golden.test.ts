import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "./generator/emit/compile.ts";
import { CASES, expected, rewrite, runCase } from "./golden/run-case.ts";

// Every case is a whole project. `npm run golden` (GOLDEN=rewrite) makes what is generated what is expected; read the diff.
const GOLDEN = resolve(import.meta.dirname, "golden");
const MOST_SPEC_LINES = 40; // a case shows one thing

describe.each(CASES)("golden: %s", (name) => {
  test("comes to what is expected", async () => {
    const outcome = await runCase(name);
    if (process.env["GOLDEN"] === "rewrite") rewrite(name, outcome);
    const wanted = expected(name);
    expect(Object.keys(outcome).sort(), "files").toEqual(Object.keys(wanted).sort());
    for (const [file, text] of Object.entries(outcome)) expect(text, file).toBe(wanted[file]);
  });

  test("says what it says in few lines", () => {
    const specs = readdirSync(join(GOLDEN, name), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.parentPath.includes("specs") && /\.(ya?ml|json)$/.test(entry.name),
    );
    for (const { parentPath, name: file } of specs) {
      expect(readFileSync(join(parentPath, file), "utf8").split("\n").length, file).toBeLessThanOrEqual(
        MOST_SPEC_LINES + 1,
      );
    }
  });
});

test("everything that cases generate compiles", () => {
  const { stdout, status } = spawnSync("npx", ["tsc", "-p", GOLDEN], {
    cwd: resolve(GOLDEN, "../.."),
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test.each(["hostile_spec", "hostile_graphql"])("T01 %s: importing what came of it runs nothing", (name) => {
  const modules = Object.entries(expected(name)).filter(([file]) => file.endsWith(".ts"));
  const { traces, exports } = run(new Map(modules));
  expect(traces).toEqual([]);
  expect(exports.length).toBe(modules.length);
});

test("every error that a user can cause is shown by a case", () => {
  const elsewhere = new Map([
    ["FILE_NAME_CLASH", "the plan refuses such names before"],
    ["FILE_TOO_LARGE", "a case would be as large"],
    ["FILE_UNREADABLE", "git keeps no permissions"],
    ["LINKED_OUTPUT", "test/generator/write"],
    ["NOT_WRITABLE", "test/generator/write"],
  ]);
  const documented = readFileSync(resolve(GOLDEN, "../../docs/diagnostics.md"), "utf8").matchAll(
    /^\| `([A-Z_0-9]+)` \| error/gm,
  );
  const shown = CASES.map((name) => expected(name)["problems.txt"] ?? "").join("");
  const missing = [...documented].map(([, code = ""]) => code).filter((code) => !shown.includes(`error[${code}]`));
  expect(missing).toEqual([...elsewhere.keys()]);
});

test("there are enough cases of both kinds", () => {
  const outcomes = CASES.map((name) => Object.keys(expected(name)));
  expect(outcomes.filter((files) => files.some((file) => file.startsWith("generated/"))).length).toBeGreaterThanOrEqual(
    12,
  );
  expect(
    outcomes.filter((files) => !files.some((file) => file.startsWith("generated/"))).length,
  ).toBeGreaterThanOrEqual(20);
});
