import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { filesFor, specPath, writeFiles } from "../../src/cli/init/files.ts";
import { openSource } from "../../src/cli/init/source.ts";
import { generate } from "../../src/generator/generate.ts";
import { proposeName } from "../../src/generator/propose/api-name.ts";
import { propose } from "../../src/generator/propose/propose.ts";

// npm run survey -- FOLDER: `init --all` and `generate` of every description in a folder, by the thousand, in one process. A line for each that
// is worth a look, then what they came to together. Ends with 1 when one of them crashes, or is refused after `init` took it.

/** What a description came to. */
interface Surveyed {
  readonly operations: number;
  readonly tools: number;
  /** Why operations are no tools. */
  readonly reasons: readonly string[];
  /** Codes of the generator, each as often as it was said. */
  readonly codes: readonly string[];
  readonly errors: readonly string[];
  readonly milliseconds: number;
}

const MOST_BYTES = 20 * 2 ** 20; // of a description; larger ones are taken alone
const SLOW_MS = 5_000;

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name a folder with descriptions: npm run survey -- FOLDER");
  process.exit(2);
}
const all = readdirSync(resolve(folder), { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.(?:json|ya?ml)$/i.test(file),
);
const codes = new Map<string, number>();
const total = { descriptions: 0, operations: 0, tools: 0, faults: 0 };
for (const file of all.sort()) {
  const path = join(resolve(folder), file);
  if (statSync(path).size > MOST_BYTES) {
    console.log(`${file}: left out, ${Math.round(statSync(path).size / 2 ** 20)} MB`);
    continue;
  }
  const found = await survey(path).catch((error: unknown) =>
    error instanceof Error ? (error.stack ?? "") : "a throw",
  );
  if (found === undefined) continue;
  total.descriptions++;
  if (typeof found === "string") {
    total.faults++;
    console.log(`${file}: CRASH ${found}`);
    continue;
  }
  total.operations += found.operations;
  total.tools += found.tools;
  total.faults += found.errors.length > 0 ? 1 : 0;
  for (const code of found.codes) codes.set(code, (codes.get(code) ?? 0) + 1);
  for (const error of found.errors) console.log(`${file}: REFUSED ${error}`);
  for (const reason of found.reasons) console.log(`${file}: no tool: ${reason}`);
  if (found.milliseconds > SLOW_MS) console.log(`${file}: ${(found.milliseconds / 1000).toFixed(1)} s`);
}
for (const [code, count] of [...codes].sort(([, one], [, other]) => other - one)) console.log(`${count}\t${code}`);
console.log(
  `${total.descriptions} descriptions: ${total.tools} of ${total.operations} operations are tools, ${total.faults} faults`,
);
process.exitCode = total.faults === 0 ? 0 : 1;

/** Takes one description from `init` to what would be written; undefined for a file that is none. */
async function survey(path: string): Promise<Surveyed | undefined> {
  const projectDir = mkdtempSync(join(tmpdir(), "toolwright-survey-"));
  const started = performance.now();
  try {
    const source = await openSource(path, projectDir);
    const { spec } = source;
    if (!spec) return undefined;
    const name = proposeName(spec.summary.title);
    const wishes = { name, spec: specPath(source, name), source: undefined };
    const proposal = propose(spec, { ...wishes, all: true, readOnly: false, credential: undefined });
    writeFiles(projectDir, filesFor(proposal, source, projectDir));
    const { diagnostics } = await generate({ projectDir, dump: "files" });
    return {
      operations: spec.entries.length,
      tools: proposal.tools.length,
      reasons: proposal.unusable.map(({ entry, reason }) => `${entry.method} ${entry.path}: ${reason}`),
      codes: [...source.diagnostics, ...diagnostics].map(({ code }) => code),
      errors: diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ code, message }) => `${code} ${message}`),
      milliseconds: performance.now() - started,
    };
  } finally {
    rmSync(projectDir, { recursive: true, force: true });
  }
}
