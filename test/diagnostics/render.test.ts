import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { fileNotFound, operationNotFound, syntaxError, toolsFileNotFound } from "../../src/diagnostics/messages.ts";
import { renderDiagnostics, summaryLine } from "../../src/diagnostics/render.ts";

const TOOLS = `apis:
  acme:
    tools:
      list_tickets:
        operation: listTicket
`;
const SPEC = `openapi: 3.0.3
paths:
  /tickets:
    get:
      operationId: listTickets
`;
const files: Readonly<Record<string, string>> = { "tools.yaml": TOOLS, "specs/acme.yaml": SPEC };
const at = { file: "tools.yaml", pointer: "/apis/acme/tools/list_tickets/operation" };
const near = [{ name: "listTickets", at: { file: "specs/acme.yaml", pointer: "/paths/~1tickets/get/operationId" } }];
const notFound = operationNotFound({ at, reference: "listTicket", file: "specs/acme.yaml", near });

function render(diagnostics: readonly Diagnostic[], texts = files, color = false): string {
  return renderDiagnostics(diagnostics, { readFile: (file) => texts[file], color });
}

test("code, message, place, excerpt, notes and help", () => {
  expect(render([notFound])).toBe(`error[OPERATION_NOT_FOUND]: no operation "listTicket" in specs/acme.yaml
  --> tools.yaml:5:20
   5 |         operation: listTicket
     |                    ^^^^^^^^^^
  --> specs/acme.yaml:5:20
   5 |       operationId: listTickets
     |                    ----------- "listTickets" is defined here
  help: write \`operation: listTickets\`
`);
});

test("a file that is not there has no excerpt", () => {
  const gone = toolsFileNotFound({ at: { file: "tools.yaml", pointer: "" } });
  expect(render([gone], {})).toBe(`error[TOOLS_FILE_NOT_FOUND]: there is no "tools.yaml" in this folder
  --> tools.yaml
  help: go to the project's folder, name the file with \`--config\`, or let \`toolwright init\` propose one
`);
});

test("a syntax error is shown by its offset, since the file has no pointers", () => {
  const broken = { "tools.yaml": "apis:\n  acme: [1,\n" };
  const error = syntaxError({
    at: { file: "tools.yaml", pointer: "", offset: 14 },
    language: "YAML",
    reason: "no end",
  });
  expect(render([error], broken)).toContain("  --> tools.yaml:2:9\n   2 |   acme: [1,\n     |         ^\n");
});

test("sorted by file and line, each problem once, then a summary", () => {
  const one = fileNotFound({ at: { file: "tools.yaml", pointer: "/apis/acme/tools" }, file: "a.yaml" });
  const other = fileNotFound({ at: { file: "a.yaml", pointer: "" }, file: "b.yaml" });
  const mild: Diagnostic = { ...one, code: "MANY_TOOLS", severity: "warning" };
  const all = [notFound, one, mild, other, one];
  const heads = render(all)
    .split("\n")
    .filter((line) => line.startsWith("  -->") || /^\w/.test(line));
  expect(heads).toEqual([
    'error[FILE_NOT_FOUND]: there is no file "b.yaml"',
    "  --> a.yaml",
    'error[FILE_NOT_FOUND]: there is no file "a.yaml"',
    "  --> tools.yaml:3:5",
    'warning[MANY_TOOLS]: there is no file "a.yaml"',
    "  --> tools.yaml:3:5",
    'error[OPERATION_NOT_FOUND]: no operation "listTicket" in specs/acme.yaml',
    "  --> tools.yaml:5:20",
    "  --> specs/acme.yaml:5:20",
  ]);
  expect(summaryLine(all)).toBe("3 errors, 1 warning; nothing was written");
});

test.each([
  { given: [], want: "" },
  { given: [notFound], want: "1 error; nothing was written" },
  { given: [{ ...notFound, severity: "warning" as const }], want: "1 warning" },
])("$want", ({ given, want }) => {
  expect(summaryLine(given)).toBe(want);
});

test("colour is asked for, and changes nothing else", () => {
  const colored = render([notFound], files, true);
  expect(colored).toContain("\u001b[1;31merror[OPERATION_NOT_FOUND]\u001b[0m");
  expect(stripVTControlCharacters(colored)).toBe(render([notFound]));
});

test("the excerpt of a 5 MB line is a window around the place", { retry: 2 }, () => {
  const filler = '"x": "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", '.repeat(60_000);
  const text = `{ ${filler}"spec": "lost.yaml", ${filler.slice(0, -2)} }`;
  expect(text.length).toBeGreaterThan(4_500_000);
  const started = performance.now();
  const shown = render([fileNotFound({ at: { file: "a.json", pointer: "/spec" }, file: "lost.yaml" })], {
    "a.json": text,
  });
  const [, place = "", excerpt = "", carets = ""] = shown.split("\n");
  expect(place).toBe(`  --> a.json:1:${text.indexOf('"lost') + 1}`);
  expect(excerpt.length).toBeLessThan(130);
  expect(excerpt.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe('"lost.yaml"');
  expect(performance.now() - started).toBeLessThan(2000); // milliseconds; a parser with positions needs ten times that
});

test("T36 control, direction and invisible characters of a vendor do not reach the terminal", () => {
  const evil = "a\u001b[2Jb\u202ec\u200bd\re";
  const text = `spec: "${evil.replace("\r", "")}"\n`;
  const shown = render([fileNotFound({ at: { file: "a.yaml", pointer: "/spec" }, file: evil })], { "a.yaml": text });
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(shown).toContain('there is no file "a·[2Jb·c·d·e"');
});

test("T06 a message about a line of five megabytes shows a piece of it, at once", { retry: 2 }, () => {
  const text = `{"openapi":"3.1.0","paths":{${Array.from({ length: 200_000 }, (_, i) => `"/a${i}":{"get":{}}`).join(",")}}}`;
  const place = { file: "specs/acme.json", pointer: "/paths/~1a199999/get" };
  const started = performance.now();
  const said = render([operationNotFound({ at: place, reference: "x", file: "specs/acme.json", near: [] })], {
    "specs/acme.json": text,
  });
  expect(performance.now() - started).toBeLessThan(10_000); // milliseconds
  expect(text.length).toBeGreaterThan(4_000_000);
  expect(said).toMatch(/--> specs\/acme\.json:1:\d{7}/);
  expect(said).toContain("…");
  expect(Math.max(...said.split("\n").map((line) => line.length))).toBeLessThan(160);
});
