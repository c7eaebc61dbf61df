import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command as serve } from "../../src/cli/commands/serve.ts";
import { PACKED } from "../../src/cli/packed/packed-file.ts";
import { ROOT, textOf } from "./pages.ts";

const page = textOf("docs/environment.md");
const source = sourceOf("src");
/** What tests and measurements read of the process itself. */
const ofWork = [...(sourceOf("test") + sourceOf("bench")).matchAll(/process\.env\["([A-Z_]+)"\]/g)].map(
  ([, name = ""]) => name,
);

function sourceOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => textOf(join(folder, file)))
    .join("\n");
}

/** Names of variables in the first column of the page's tables. */
const listed = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
  [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = ""]) => name),
);

test("docs/environment.md lists the variables of our own that the source names, and no others", () => {
  const named = new Set(source.match(/\bTOOLWRIGHT_[A-Z_]*[A-Z]/g));
  named.delete(PACKED); // a constant of a packed server's code
  expect(named.size).toBeGreaterThan(10);
  for (const name of ofWork) if (name.startsWith("TOOLWRIGHT_")) named.add(name);
  expect(listed.filter((name) => name.startsWith("TOOLWRIGHT_")).sort()).toEqual([...named].sort());
});

test("and every other variable that is read by its name", () => {
  const read = [...source.matchAll(/(?:\benv(?:ironment)?\[|\bread\()"([A-Z][A-Z0-9_]+)"/g)].map(
    ([, name = ""]) => name,
  );
  const spans = [...source.matchAll(/"(OTEL_[A-Z0-9_]+)"/g)].map(([, name = ""]) => name);
  expect(read.length).toBeGreaterThan(10);
  const work = ofWork.filter((name) => name !== "PATH"); // handed on to the programs that tests start
  expect([...new Set([...read, ...spans, ...work])].filter((name) => !listed.includes(name))).toEqual([]);
});

test("the options that it names are those of serve, whose help names the variables", () => {
  const rows = [...page.matchAll(/^\| `(TOOLWRIGHT_\w+)` \|.*`--([\w-]+)`.*\|$/gm)];
  expect(rows.length).toBe(5);
  const options: Readonly<Record<string, { readonly help: string }>> = serve.options;
  for (const [, variable = "", option = ""] of rows) expect(options[option]?.help, `--${option}`).toContain(variable);
});
