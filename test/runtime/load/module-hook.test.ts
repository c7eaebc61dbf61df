import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACME, bundle } from "../../mcp/fixture/bundle.ts";

let program: Awaited<ReturnType<typeof bundle>>;
const folders: string[] = [];

beforeAll(async () => {
  program = await bundle(resolve(import.meta.dirname, "program.ts"));
}, 60_000);

afterAll(() => {
  program.remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A user's folder: `generated/` and nothing else. */
function userFolder(name = "toolwright-user-"): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  folders.push(folder);
  cpSync(ACME, join(folder, "generated/acme"), { recursive: true });
  return folder;
}

function run(cwd: string, folder: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program.program, folder], { cwd, encoding: "utf8" });
  return { status, stdout: stdout.trim(), stderr };
}

const loaded = { title: "Acme", tools: [["fetchThing"], ["createThing"]], same: true };

describe("generated modules run as they stand, from the bundle", () => {
  test("in a folder without package.json and node_modules, and without a warning", () => {
    const { status, stdout, stderr } = run(userFolder(), "generated/acme");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(loaded);
  });

  test("in a folder whose name needs escaping in a URL", () => {
    const { stdout, stderr } = run(userFolder("tool wright's #1 %20 ü-"), "generated/acme");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(loaded);
  });

  test("within a CommonJS package and within node_modules, where Node's own type stripping gives up", () => {
    const folder = userFolder();
    const inside = join(folder, "node_modules/vendor");
    cpSync(join(folder, "generated"), join(inside, "generated"), { recursive: true });
    writeFileSync(join(inside, "package.json"), '{ "name": "vendor", "type": "commonjs" }');
    const { stdout, stderr } = run(folder, "node_modules/vendor/generated/acme");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(loaded);
  });

  test("through a symbolic link to the folder", () => {
    const folder = userFolder();
    mkdirSync(join(folder, "other"));
    symlinkSync(join(folder, "generated"), join(folder, "other/linked"), "junction");
    expect(JSON.parse(run(folder, "other/linked/acme").stdout)).toEqual(loaded);
  });

  test("schemas beside the tools are served too, modules elsewhere are not", () => {
    const folder = userFolder();
    const tools = join(folder, "generated/acme/tools");
    mkdirSync(join(folder, "generated/acme/schemas"));
    writeFileSync(
      join(folder, "generated/acme/schemas/Name.ts"),
      'import { z } from "toolwright/runtime";\nexport const Name = z.string();\n',
    );
    writeFileSync(
      join(tools, "fetchThing.ts"),
      'import { Name } from "../schemas/Name.ts";\nexport const fetchThing = Name.parse("x");\n',
    );
    expect(JSON.parse(run(folder, "generated/acme").stdout)).toEqual(loaded);

    writeFileSync(join(folder, "outside.ts"), "export const Name: string = 1 satisfies number as never;\n");
    writeFileSync(join(folder, "generated/bare.mjs"), 'import "toolwright/runtime";\n');
    writeFileSync(join(tools, "fetchThing.ts"), 'import "../../bare.mjs";\nexport const fetchThing = 1;\n');
    expect(run(folder, "generated/acme").stderr).toContain("Cannot find package 'toolwright'");
  });

  test("text that looks like an import stays text", () => {
    const folder = userFolder();
    const title = `a ' + import("./tools/x.ts") + ' from "toolwright/runtime"`;
    const index = `import { defineApi } from "toolwright/runtime";

export const api = defineApi({
  name: "acme",
  title: ${JSON.stringify(title)},
  servers: {},
  instructions: 'a: () => import("./b.ts")',
  identity: { fields: ["from", "to"] },
  tools: {
    createThing: () => import("./tools/createThing.ts"),
    fetchThing: () => import("./tools/fetchThing.ts"),
  },
});\n`;
    writeFileSync(join(folder, "generated/acme/index.ts"), index);
    writeFileSync(join(folder, "generated/acme/catalog.json"), '{ "tools": [] }');
    const { stdout, stderr } = run(folder, "generated/acme");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ ...loaded, title });
  });
});
