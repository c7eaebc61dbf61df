import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { generate, type GenerateResult } from "../../src/generator/generate.ts";
import type { ApiPlan } from "../../src/generator/plan/tool-plan.ts";

// The vendor's own file of 1,216 operations, mended by an overlay, makes the same tools of the same tools.yaml as our description of 21.
const ROOT = resolve(import.meta.dirname, "../..");
const CORPUS = resolve(ROOT, process.env["TOOLWRIGHT_CORPUS"] ?? "../shared/corpus");
const VENDOR_FILE = resolve(CORPUS, "../specs/haloitsm.openapi30.json");
const SPECS = "specs/halo-itsm";

const hasVendor = existsSync(VENDOR_FILE);
if (!hasVendor)
  console.warn(
    `\nThe vendor's own file is not at ${VENDOR_FILE}: what is generated of it is not compared with ours.\n`,
  );

describe.skipIf(!hasVendor)("the vendor's own file", () => {
  let projectDir: string;
  let generated: GenerateResult;
  beforeAll(async () => {
    projectDir = mkdtempSync(join(tmpdir(), "toolwright-vendor-"));
    mkdirSync(join(projectDir, SPECS), { recursive: true });
    cpSync(VENDOR_FILE, join(projectDir, SPECS, "vendor.json"));
    for (const file of ["tools.yaml", "vendor-overlay.yaml"])
      cpSync(join(ROOT, SPECS, file), join(projectDir, SPECS, file));
    writeFileSync(join(projectDir, "tools.yaml"), stringify({ apis: { "halo-itsm": theirs() } }));
    generated = await generate({ projectDir });
  }, 60_000);
  afterAll(() => rmSync(projectDir, { recursive: true, force: true }));

  test("with the overlay it makes tools, and every mend finds what it mends", () => {
    const told = generated.diagnostics.filter(
      ({ severity, code }) => severity === "error" || code.startsWith("OVERLAY"),
    );
    expect(told).toEqual([]);
  });

  test("the model sees the same, to the byte", () => {
    const [ours, theirs] = [ROOT, projectDir].map((folder) =>
      readFileSync(join(folder, "generated/halo-itsm/catalog.json"), "utf8"),
    );
    expect(JSON.parse(theirs ?? "")).toEqual(JSON.parse(ours ?? ""));
    expect(theirs).toBe(ours);
  });

  test("the same requests are sent, and the same is made of what is answered", async () => {
    const [ours, theirs] = await Promise.all([ROOT, projectDir].map(planOf));
    expect(ours?.tools.length).toBe(29);
    expect(theirs).toEqual(ours);
  }, 60_000);
});

/** Our settings of the API, with the vendor's description instead of our own. */
function theirs(): object {
  const { apis } = parse(readFileSync(join(ROOT, "tools.yaml"), "utf8")) as { apis: Record<string, object> }; // `generate` checks it
  return { ...apis["halo-itsm"], spec: `${SPECS}/vendor.json`, overlays: [`${SPECS}/vendor-overlay.yaml`] };
}

/** What is decided of the API, but for where it was read. */
async function planOf(folder: string): Promise<ApiPlan> {
  const { dumped } = await generate({ projectDir: folder, dump: "plan", only: ["halo-itsm"] });
  const [plan] = JSON.parse(JSON.stringify(dumped, elsewhere)) as readonly ApiPlan[]; // as generate() says
  return plan ?? expect.fail(`nothing was planned in ${folder}`);
}

/** Drops places in files. */
function elsewhere(key: string, value: unknown): unknown {
  return ["origin", "inputFiles"].includes(key) ? undefined : value;
}
