import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generate, type Stage } from "../../src/generator/generate.ts";
import type { ApiPlan } from "../../src/generator/plan/tool-plan.ts";

const golden = resolve(import.meta.dirname, "../golden");
let projectDir: string;

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), "toolwright-generate-"));
  for (const part of ["tools.yaml", "specs"])
    cpSync(join(golden, "pages_by_link", part), join(projectDir, part), { recursive: true });
});
afterEach(() => rmSync(projectDir, { recursive: true, force: true }));

test("a run writes everything, the next one nothing, and `check` agrees", async () => {
  const told: string[] = [];
  const first = await generate({ projectDir, progress: (message) => told.push(message) });
  expect(first.diagnostics).toEqual([]);
  expect(first.written?.written).toEqual([...first.files.keys()].sort());
  expect(first.surface).toMatchObject([{ api: "acme", added: ["list_tickets"], tokensDifference: 0 }]);
  expect(told).toEqual(["reading specs/acme/openapi.yaml", "planning the tools", "printing 1 tools of acme"]);
  const second = await generate({ projectDir });
  expect(second.written).toMatchObject({ written: [], removed: [], unchanged: first.files.size });
  expect(second.surface).toMatchObject([{ added: [], removed: [], changed: [] }]);
  const checked = await generate({ projectDir, check: true });
  expect(checked.diagnostics).toEqual([]);
});

test("the manifest names the version, what went in by hash, and what came out", async () => {
  await generate({ projectDir });
  const manifest = JSON.parse(read("generated/acme/manifest.json")) as Record<string, unknown>;
  expect(Object.keys(manifest)).toEqual(["generator", "inputs", "files"]);
  expect(manifest["generator"]).toMatch(/^\d+\.\d+\.\d+/);
  expect(Object.keys(manifest["inputs"] as object)).toEqual(["specs/acme/openapi.yaml", "tools.yaml"]);
  expect(Object.values(manifest["inputs"] as object).every((hash) => /^[0-9a-f]{64}$/.test(String(hash)))).toBe(true);
  expect(manifest["files"]).toEqual(["README.md", "catalog.json", "index.ts", "tools/list_tickets.ts"]);
});

test("T05 operations that a vendor adds change nothing but the manifest", async () => {
  await generate({ projectDir });
  const spec = read("specs/acme/openapi.yaml");
  writeFileSync(
    join(projectDir, "specs/acme/openapi.yaml"),
    spec.replace("paths:\n", "paths:\n  /new: { get: { responses: {} } }\n"),
  );
  const { written, surface } = await generate({ projectDir });
  expect(written?.written).toEqual(["generated/acme/manifest.json"]);
  expect(surface).toMatchObject([{ added: [], changed: [], reworded: [] }]);
});

test("an error in one tool keeps everything from being written", async () => {
  writeFileSync(join(projectDir, "tools.yaml"), `${read("tools.yaml")}      broken: { operation: nothing }\n`);
  const { diagnostics, written, files } = await generate({ projectDir });
  expect(diagnostics.map(({ code }) => code)).toContain("OPERATION_NOT_FOUND");
  expect(written).toBeUndefined();
  expect(files.size).toBe(0);
  expect(existsSync(join(projectDir, "generated"))).toBe(false);
});

describe("two APIs", () => {
  beforeEach(() => {
    const [head = "", ...api] = read("tools.yaml").split(/^(?= {2}acme:$)/m);
    writeFileSync(join(projectDir, "tools.yaml"), head + api.join("") + api.join("").replace("  acme:", "  beta:"));
  });

  test("may come from one description, which is read once", async () => {
    const told: string[] = [];
    await generate({ projectDir, progress: (message) => told.push(message) });
    expect(told.filter((message) => message.startsWith("reading"))).toHaveLength(1);
    expect(readdirSync(join(projectDir, "generated")).sort()).toEqual(["acme", "beta"]);
  });

  test("`only` generates one and leaves the other alone", async () => {
    await generate({ projectDir });
    const before = read("generated/beta/index.ts");
    writeFileSync(join(projectDir, "tools.yaml"), read("tools.yaml").replaceAll("title: Acme", "title: Other"));
    const { written } = await generate({ projectDir, only: ["acme"] });
    expect(written?.written.every((file) => file.startsWith("generated/acme/"))).toBe(true);
    expect(read("generated/beta/index.ts")).toBe(before);
  });

  test("`check` of one is not about what else changed in tools.yaml", async () => {
    await generate({ projectDir });
    writeFileSync(
      join(projectDir, "tools.yaml"),
      read("tools.yaml").replace(/(beta:[^]*?)title: Acme/, "$1title: Other"),
    );
    expect((await generate({ projectDir, check: true, only: ["acme"] })).diagnostics).toEqual([]);
    const other = await generate({ projectDir, check: true, only: ["beta"] });
    expect(other.diagnostics.map(({ at }) => at.file)).toContain("generated/beta/index.ts");
    const all = await generate({ projectDir, check: true });
    expect(all.diagnostics.map(({ at }) => at.file)).toContain("generated/acme/manifest.json");
  });

  test("one that leaves tools.yaml leaves generated/", async () => {
    await generate({ projectDir });
    cpSync(join(golden, "pages_by_link/tools.yaml"), join(projectDir, "tools.yaml"));
    const { written } = await generate({ projectDir });
    expect(written?.removed.every((file) => file.startsWith("generated/beta/"))).toBe(true);
    expect(readdirSync(join(projectDir, "generated"))).toEqual(["acme"]);
  });

  test("one that does not exist is told of, and nothing happens", async () => {
    const { unknownApis, written } = await generate({ projectDir, only: ["acme", "gamma"] });
    expect(unknownApis).toEqual(["gamma"]);
    expect(written).toBeUndefined();
  });
});

describe("a dump", () => {
  const cases: readonly { stage: Stage; holds: (dumped: unknown) => unknown; want: unknown }[] = [
    {
      stage: "documents",
      holds: (dumped) => Object.keys((dumped as Record<string, object>)["acme"] ?? {}),
      want: ["specs/acme/openapi.yaml"],
    },
    {
      stage: "operations",
      holds: (dumped) => (dumped as Record<string, { path: string }[]>)["acme"]?.map(({ path }) => path),
      want: ["/tickets"],
    },
    {
      stage: "plan",
      holds: (dumped) => (dumped as ApiPlan[])[0]?.tools.map(({ name }) => name),
      want: ["list_tickets"],
    },
    { stage: "files", holds: (dumped) => Object.keys(dumped as object).at(-1), want: "generated/acme/manifest.json" },
  ];
  test.each(cases)("of $stage is JSON and writes nothing", async ({ stage, holds, want }) => {
    const { dumped, written } = await generate({ projectDir, dump: stage });
    expect(holds(JSON.parse(JSON.stringify(dumped)))).toEqual(want);
    expect(written).toBeUndefined();
    expect(existsSync(join(projectDir, "generated"))).toBe(false);
  });
});

test("a catalog that somebody broke counts as none", async () => {
  await generate({ projectDir });
  writeFileSync(join(projectDir, "generated/acme/catalog.json"), "{");
  const { surface, written } = await generate({ projectDir });
  expect(surface).toMatchObject([{ added: ["list_tickets"] }]);
  expect(written?.written).toEqual(["generated/acme/catalog.json"]);
});

function read(file: string): string {
  return readFileSync(join(projectDir, file), "utf8");
}
