import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { generate } from "../../../src/generator/generate.ts";
import { addApi } from "../../../src/generator/propose/add-api.ts";
import { printProposal } from "../../../src/generator/propose/print.ts";
import { propose } from "../../../src/generator/propose/propose.ts";
import { loadSpec } from "../../../src/spec/load-spec.ts";

// Every case is a description and the tools.yaml that is proposed for it. `GOLDEN=rewrite` makes what is proposed what is expected; read the diff.
const GOLDEN = resolve(import.meta.dirname, "../../golden-init");
const cases = readdirSync(GOLDEN);

/** Proposes for a case in a project of its own. */
async function proposeFor(
  name: string,
  all = false,
): Promise<{ readonly folder: string; readonly text: string; readonly proposal: ReturnType<typeof propose> }> {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-propose-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "specs"));
  cpSync(join(GOLDEN, name, "openapi.yaml"), join(folder, "specs/openapi.yaml"));
  const { spec } = await loadSpec({
    projectDir: folder,
    file: "specs/openapi.yaml",
    at: { file: "tools.yaml", pointer: "" },
  });
  if (!spec) expect.fail(`${name} is no description`);
  const proposal = propose(spec, {
    name: undefined,
    spec: "specs/openapi.yaml",
    source: undefined,
    all,
    readOnly: false,
    credential: undefined,
  });
  const added = addApi(undefined, {
    name: proposal.name,
    api: printProposal(proposal, "specs/tools.yaml").api,
    header: "",
  });
  if (!("text" in added)) expect.fail(added.problem);
  return { folder, text: added.text, proposal };
}

describe.each(cases)("proposal for %s", (name) => {
  const file = join(GOLDEN, name, "tools.yaml");

  test("is what is expected", async () => {
    const { text } = await proposeFor(name);
    if (process.env["GOLDEN"] === "rewrite") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test.each(["as it is", "with everything that is commented out"])("generates %s", async (way) => {
    const { folder, text } = await proposeFor(name);
    const whole = text.replaceAll(/^( *)# ([a-z_]+: \{)/gm, "$1$2");
    writeFileSync(join(folder, "tools.yaml"), way === "as it is" ? text : whole);
    const { diagnostics, files } = await generate({ projectDir: folder });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect([...files.keys()].filter((path) => path.includes("/tools/")).length).toBeGreaterThan(3);
  });

  test("says the same twice", async () => {
    expect((await proposeFor(name)).text).toBe((await proposeFor(name)).text);
  });

  test("shows one thing", () => {
    expect(readFileSync(join(GOLDEN, name, "openapi.yaml"), "utf8").split("\n").length).toBeLessThanOrEqual(61);
  });
});

test("T16 a description that gives orders is not repeated, and the tool says so", async () => {
  const { text, proposal } = await proposeFor("music_store");
  expect(text).not.toMatch(/previous instructions/i);
  expect(proposal.tools.find(({ name }) => name === "list_genres")?.remarks.join()).toContain("gives orders");
});

test("what can be no tool is said, with the reason", async () => {
  const { proposal, text } = await proposeFor("calls_by_post", true);
  expect(proposal.unusable.map(({ entry }) => entry.path)).toEqual(["/statements"]);
  expect(text).toContain("# 1 operation cannot be made a tool yet:");
});
