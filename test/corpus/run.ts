import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkSpec, type SpecReport } from "./check-spec.ts";
import { goalsOf } from "./goals.ts";
import { causeCounts, table, tell } from "./report.ts";
import { CORPUS, corpusSpecs, ROOT } from "./specs.ts";
import { summary } from "./summary.ts";

// npm run corpus [-- NAME…]: takes every description of the corpus from `init` to the last call; see docs/corpus.md.
// Ends with 1 when a goal is missed, with 2 when there is nothing to run.
const REPORT = join(ROOT, "node_modules/.corpus-report");

const wanted = process.argv.slice(2);
const all = corpusSpecs();
const unknown = wanted.filter((name) => !all.some((spec) => spec.name === name));
if (all.length === 0 || unknown.length > 0) {
  console.error(
    all.length === 0 ? `There is no corpus at ${CORPUS}.` : `There is no ${unknown.join(", ")} in ${CORPUS}.`,
  );
  process.exit(2);
}
const specs = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
mkdirSync(REPORT, { recursive: true });
const reports: SpecReport[] = [];
for (const [index, spec] of specs.entries()) {
  const title = `[${index + 1}/${specs.length}] ${spec.name}`;
  const started = Date.now();
  const report = await checkSpec(spec, (message) => show(`${title}: ${message}`));
  reports.push(report);
  // After each: a run that is stopped leaves what it has.
  writeFileSync(join(REPORT, "table.tsv"), `${table(reports)}\n`);
  writeFileSync(join(REPORT, "report.json"), JSON.stringify({ reports }, undefined, 1));
  show(`${title}: ${tell(report)}, ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}
console.log(table(reports));
for (const [id, calls] of causeCounts(reports)) console.log(`${calls}\t${id}`);
for (const { spec, faults, calls } of reports) {
  for (const fault of faults) console.log(`${spec.name}: ${fault}`);
  for (const { operation, variant, unexplained } of calls)
    for (const one of unexplained) console.log(`${spec.name} ${operation} (${variant}): ${one}`);
}
const goals = goalsOf(reports, wanted.length === 0);
for (const { says, figure, reached } of goals) console.log(`${reached ? "reached" : "MISSED"}: ${says}: ${figure}`);
// Of another corpus the page says nothing.
if (wanted.length === 0 && process.env["TOOLWRIGHT_CORPUS"] === undefined)
  writeFileSync(join(ROOT, "docs/corpus.md"), summary(reports));
process.exitCode = goals.every(({ reached }) => reached) ? 0 : 1;

/** Progress: one line that is written over in a terminal, otherwise only what is final. */
function show(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  else if (text.endsWith("\n")) process.stderr.write(text);
}
