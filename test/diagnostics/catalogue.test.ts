import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import * as messages from "../../src/diagnostics/messages.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = resolve(ROOT, "src/diagnostics/messages");
const source = readdirSync(FOLDER)
  .map((file) => readFileSync(resolve(FOLDER, file), "utf8"))
  .join("\n");

/** Rows of docs/diagnostics.md: `| CODE | severity | means | fix |`. */
const rows = readFileSync(resolve(ROOT, "docs/diagnostics.md"), "utf8")
  .split("\n")
  .map((line) => line.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$|`/g, "").trim()))
  .filter(([code = ""]) => /^[A-Z]+(?:_[A-Z]+)+$/.test(code));

const functions = Object.keys(messages);

test("every code of the messages is in docs/diagnostics.md, and the other way round", () => {
  const codes = [...source.matchAll(/"([A-Z]+(?:_[A-Z]+)+)"/g)].map((match) => match[1] ?? "");
  expect(rows.map(([code]) => code)).toEqual([...new Set(codes)].sort());
  expect(codes.length).toBeGreaterThan(40);
});

test("every message is a function that is named as its code", () => {
  expect(functions.map(codeOf).sort()).toEqual(rows.map(([code]) => code));
});

test.each(rows)("%s is explained, with the severity that it has", (code = "", severity = "", means = "", fix = "") => {
  const made = new RegExp(`\\b(error|warning)\\(\\s*"${code}"`).exec(source)?.[1];
  expect(severity).toBe(made ?? "error"); // codes of a family are given to a function that makes errors
  expect(means.length).toBeGreaterThan(15);
  expect(fix.length).toBeGreaterThan(15);
});

/** `refNotASpecFile` → `REF_NOT_A_SPEC_FILE`. */
function codeOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
