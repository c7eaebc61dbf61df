import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { parseCommandLine } from "../../src/cli/arguments.ts";
import type { Command } from "../../src/cli/command.ts";
import { readToolsFile } from "../../src/generator/tools-file/read-tools-file.ts";
import { SandboxFile } from "../../src/sandbox/sandbox-file.ts";
import { readOverlay } from "../../src/spec/overlay/read-overlay.ts";
import { PAGES, textOf } from "./pages.ts";

// What people copy out of the pages is what the readers take: settings, sandboxes, overlays, lines for a shell, settings of clients.

/** Every fenced block of the pages, with where it begins. */
const SNIPPETS = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(({ 1: language = "", 2: text = "", index }) => {
    const line = textOf(page).slice(0, index).split("\n").length;
    return { place: `${page}:${line}`, language, text };
  }),
);

function snippets(...languages: readonly string[]) {
  return SNIPPETS.filter(({ language }) => languages.includes(language));
}

/** What a block is a part of, told by its page and its first key: how it is read. The last one is a tool, or several. */
const READERS: readonly (readonly [place: RegExp, key: RegExp, read: (text: string) => unknown])[] = [
  [/./, /^openapi:/, problemsOfYaml], // started by test/sandbox
  [/sandbox\.md/, /./, problemsOfSandbox],
  [/deploy\.md/, /./, problemsOfYaml], // looked at by test/deploy
  [/./, /^overlay:/, problemsOfOverlay],
  [/./, /^apis:/, problemsOfSettings],
  [/./, /^(?:credentials|access):/, async (text) => await problemsOfSettings(asApi(text))],
  [/./, /./, async (text) => await problemsOfSettings(asApi(`tools:\n${indented(text)}`))],
];

test.each(snippets("yaml"))("$place is what its reader takes", async ({ place, text }) => {
  const first = text.replaceAll(/^(?:#.*)?\n/gm, "");
  if (first === "") return; // a remark for editors
  const reader = READERS.find(([page, key]) => page.test(place) && key.test(first));
  expect(await reader?.[2](text)).toEqual([]);
});

test.each(snippets("json"))("$place is JSON", ({ text }) => expect(() => JSON.parse(text) as unknown).not.toThrow());

const LINES = SNIPPETS.flatMap(({ place, language, text }) =>
  ["sh", "console"].includes(language)
    ? [...text.replaceAll("\\\n", " ").matchAll(/(?:\btoolwright|\bdist\/cli\.js) ([a-z]+)([^\n]*)/g)].map(
        ([, name = "", rest = ""]) => ({ place, name, args: wordsOf(rest) }),
      )
    : language === "json"
      ? [...text.matchAll(/"toolwright",\s*"([a-z]+)"([^\]]*)\]/g)].map(([, name = "", rest = ""]) => ({
          place,
          name,
          args: wordsOf(rest.replaceAll(",", " ")),
        }))
      : [],
);

test.each(LINES)("$place: there is a command `$name`, and it takes $args", async ({ name, args }) => {
  const { command } = (await import(`../../src/cli/commands/${name}.ts`)) as { command: Command };
  expect(() => parseCommandLine(name, command, args)).not.toThrow();
});

test("there is much to copy", () => {
  expect(snippets("yaml").length).toBeGreaterThan(35);
  expect(LINES.length).toBeGreaterThan(45);
});

/** The words of a line for a shell, up to a remark or a pipe. */
function wordsOf(line: string): readonly string[] {
  const [command = ""] = line.split(/ # |\s\| /);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? word[3] ?? "");
}

/** A part of an API, with the rest that every API has. */
function asApi(text: string): string {
  const rest = { spec: "spec: a.yaml", servers: 'servers: { api: { url: "https://a.example" } }', tools: "tools: {}" };
  const lacking = Object.entries(rest).filter(([key]) => !new RegExp(`^${key}:`, "m").test(text));
  return `apis:\n  acme:\n${indented(indented(`${lacking.map(([, line]) => line).join("\n")}\n${text}`))}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

async function problemsOfSettings(text: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-snippet-"));
  try {
    writeFileSync(join(folder, "tools.yaml"), text);
    const { diagnostics } = await readToolsFile(folder);
    // A file of tools that a page names is not there.
    return diagnostics
      .filter(({ code }) => code !== "FILE_NOT_FOUND")
      .map(({ message, help }) => `${message}: ${help}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function problemsOfYaml(text: string): readonly string[] {
  return parseAllDocuments(text, { strict: true }).flatMap(({ errors }) => errors.map(({ message }) => message));
}

function problemsOfOverlay(text: string): readonly string[] {
  const value: unknown = parse(text);
  return readOverlay({ value, origin: { file: "overlay.yaml", pointer: "" } }).problems.map(({ message }) => message);
}

/** A part of `sandbox.yaml`; what is indented is an operation. */
function problemsOfSandbox(text: string): readonly unknown[] {
  const part: unknown = parse(text.startsWith(" ") ? `operations:\n${text}` : text, { merge: true });
  return SandboxFile.partial().safeParse(part).error?.issues ?? [];
}
