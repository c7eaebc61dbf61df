import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CORPUS, corpusSpecs, ROOT } from "./specs.ts";

const present = existsSync(CORPUS);
if (!present)
  console.warn(
    `\nThe corpus of vendors' descriptions is not at ${CORPUS}: none of them is taken from init to a call.\n`,
  );

/** Small ones that between them have every format, every style, several files, circles and uploads. */
const SMALL = [
  "oai_webhook_31",
  "readme_encoding_style_31",
  "readme_file_uploads",
  "readme_schema_circular",
  "oai_tags_32",
  "oai_petstore_separate_v2",
  "train_travel.openapi31",
  "museum.openapi31",
  "readme_discriminators",
  "external",
  "notion",
  "readme_parameters_style_30",
];
const PATIENCE_MS = 240_000; // half a minute on an idle machine

test.skipIf(!present)(
  "small descriptions of the corpus come through from init to the last call",
  () => {
    const known = corpusSpecs().map(({ name }) => name);
    expect(known).toEqual(expect.arrayContaining(SMALL));
    const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(run("bundle.js", "corpus").status).toBe(0);
    const { status, stdout, stderr } = run(join(ROOT, "node_modules/.corpus/run.js"), ...SMALL);
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).not.toContain("MISSED");
  },
  PATIENCE_MS,
);
