import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MISTAKES } from "./mistakes.ts";
import { ACME_ENVIRONMENT, acmeProject, emptyProject, type TestProject } from "./project.ts";
import { ownEnvironment, run } from "./server.ts";

const generated = acmeProject();
beforeAll(async () => void (await run(["generate"], { cwd: generated.directory })));
afterAll(() => generated.remove());

let project: TestProject;
beforeEach(() => {
  project = emptyProject();
  cpSync(generated.directory, project.directory, { recursive: true });
});
afterEach(() => project.remove());

describe.each(MISTAKES)("$name", ({ make, says, at, help }) => {
  test("is one message with its place and its fix, and nothing is written", async () => {
    make(project);
    const before = project.listing();
    const { code, out, note } = await run(["generate"], { cwd: project.directory });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(project.listing()).toEqual(before);
    expect(note).toMatch(new RegExp(`^error\\[[A-Z_]+\\]: .*${says.source}`, "m"));
    expect(note).toMatch(new RegExp(`^ {2}--> ${at.replaceAll(".", "\\.")}$`, "m"));
    expect(note).toMatch(new RegExp(`^ {2}help: .*${help.source}`, "m"));
    if (at.includes(":")) expect(excerptAt(note, at)).toMatch(/\^/);
    expect(note.match(/^error\[/gm)).toHaveLength(1);
    expect(note).toMatch(/\n1 error; nothing was written\n$/);
    expect(note).not.toMatch(/^\s+at /m); // a stack
  });
});

test("all problems of a run are shown at once, in the order of the file", async () => {
  for (const [before, after] of [
    ["operation: getTicket", "operation: getTickt"],
    ["result: { items: /tickets", "result: { itms: /tickets"],
    ["operation: createTicket", "operation: createTicket\n        arguments: [subject, boddy]"],
  ] as const)
    project.edit("tools.yaml", before, after);
  const { note } = await run(["generate"], { cwd: project.directory });
  expect(note.match(/(?<=^ {2}--> tools\.yaml:)\d+/gm)).toEqual(["16", "19", "23"]);
  expect(note).toMatch(/\n3 errors; nothing was written\n$/);
});

describe("a file of somebody else", () => {
  test("where a generated one belongs stops the run, and is not touched", async () => {
    const files = { "generated/acme/tools/close_ticket.ts": "// mine\n" };
    for (const [file, text] of Object.entries(files)) project.write(file, text);
    project.write("tools.yaml", `${project.read("tools.yaml")}      close_ticket: { operation: closeTicket }\n`);
    const before = project.listing();
    const { code, note } = await run(["generate"], { cwd: project.directory });
    expect(code).toBe(1);
    expect(note).toMatch(/error\[FOREIGN_FILE\]: "generated\/acme\/tools\/close_ticket\.ts" was not generated/);
    expect(project.listing()).toEqual(before);
  });
});

describe("what cannot be served", () => {
  const start = async (env: Readonly<Record<string, string>> = ACME_ENVIRONMENT) =>
    await run(["serve", "acme"], { cwd: project.directory, env: ownEnvironment(env) });
  const cases: readonly { name: string; make?: () => void; env?: Record<string, string>; says: RegExp }[] = [
    {
      name: "a catalog that a merge broke",
      make: () => project.write("generated/acme/catalog.json", "<<<<<<< HEAD\n"),
      says: /catalog\.json is not JSON: .*\n {2}help: run .*generate/,
    },
    {
      name: "an index that is gone",
      make: () => rmSync(join(project.directory, "generated/acme/index.ts")),
      says: /index\.ts does not exist\n {2}help: run .*generate/,
    },
    {
      name: "an index that does not parse",
      make: () => project.write("generated/acme/index.ts", "export const api = defineApi({"),
      says: /index\.ts cannot be loaded: .*\n {2}help: run .*generate/,
    },
    {
      name: "a .env that is a folder",
      make: () => mkdirSync(join(project.directory, ".env")),
      says: /\.env cannot be read: EISDIR\n {2}help: make it a file that this user may read, or remove it/,
    },
    {
      name: "missing variables",
      env: {},
      says: /Acme needs ACME_DOMAIN, ACME_TOKEN, which are not set\n {2}help: set them in the environment or in .*\.env/,
    },
    {
      name: "a domain with a path",
      env: { ...ACME_ENVIRONMENT, ACME_DOMAIN: "https://acme.example/x" },
      says: /ACME_DOMAIN must be a host name alone\n {2}help: set ACME_DOMAIN without https:\/\//,
    },
    {
      name: "a limit that is no number",
      env: { ...ACME_ENVIRONMENT, ACME_CALLS_PER_MINUTE: "many" },
      says: /ACME_CALLS_PER_MINUTE must be a whole number.*\n {2}help: set it to a number.*ACME_CALLS_PER_MINUTE=100/,
    },
  ];

  test.each(cases)("$name is one message with its fix", async ({ make, env, says }) => {
    make?.();
    const before = project.listing();
    const { code, out, note } = await start(env);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(note).toMatch(/^error: /);
    expect(note).toMatch(says);
    expect(note.trimEnd().split("\n")).toHaveLength(2);
    expect(project.listing()).toEqual(before);
  });
});

/** The line of marks below the excerpt of a place. */
function excerptAt(note: string, at: string): string {
  return note.split(`--> ${at}\n`)[1]?.split("\n")[1] ?? "";
}
