import { CAUSES } from "./causes.ts";
import type { SpecReport } from "./check-spec.ts";
import { goalsOf } from "./goals.ts";
import { causeCounts, totalsOf } from "./report.ts";

/** docs/corpus.md: what the last whole run came to. */
export function summary(reports: readonly SpecReport[]): string {
  const totals = totalsOf(reports);
  const calls = totals.equal + totals.byCause + totals.different;
  const counts = new Map(causeCounts(reports));
  const percent = (part: number): string => `${((100 * part) / calls).toFixed(2)} %`;
  return `# The corpus

\`npm run corpus\` takes every description of a corpus of real ones from \`init --all --yes\` to the last call: \`generate\`, \`tsc\` (strict) over what was
generated, the server started, \`tools/list\` by clients of both SDK generations, every input schema against the JSON Schema 2020-12 meta-schema, and
for every operation up to three \`tools/call\`: with every argument and every property, with all the other alternatives and reserved characters, and
with only what is required (not counted where that is refused, because of the vendor's alternatives one must be whole). A server on loopback records each request; it is compared piece by piece with what swagger-client's \`buildRequest\` makes
of the same values and of the vendor's own words. \`npm run corpus -- NAME…\` takes some of them. The small ones run in \`npm test\`.

The corpus is not part of this repository: \`TOOLWRIGHT_CORPUS\` names its folder. This page is written by a whole run.

## Goals

| goal | figure | |
|---|---|---|
${goalsOf(reports, true)
  .map(({ says, figure, reached }) => `| ${says} | ${figure} | ${reached ? "reached" : "missed"} |`)
  .join("\n")}

${totals.equal} of ${calls} requests (${percent(totals.equal)}) are written as swagger-client writes them; ${totals.byCause} (${percent(totals.byCause)}) differ for a cause below.
Of these, ${totals.leftOpen} differ only in what OpenAPI leaves open (lists and nested values in \`deepObject\`): our brackets, read back, must say the value that was sent.

## Where swagger-client and we differ

Each cause is a predicate over both texts and the value (\`test/corpus/causes.ts\`); what none of them explains counts as different.

| cause | requests | why | decided by |
|---|---|---|---|
${CAUSES.map(({ id, sentence, cites }) => `| \`${id}\` | ${counts.get(id) ?? 0} | ${sentence} | ${cites} |`).join("\n")}

## Descriptions

| description | operations | tools | equal | by cause | different | unknown | bytes |
|---|---|---|---|---|---|---|---|
${reports.map(row).join("\n")}

\`unknown\`: schema nodes to which the description gives a type and our Zod none, of all that have one; counted by walking the vendor's schemas and our
Zod side by side. Seconds and problems by code are in the table that a run prints.
`;
}

function row({ spec, tools, calls, unknowns, bytes }: SpecReport): string {
  const count = (outcome: string) => calls.filter((call) => call.outcome === outcome).length;
  const cells = [
    spec.name,
    spec.operations,
    tools,
    count("equal"),
    count("by cause"),
    count("different"),
    `${unknowns.unknown} of ${unknowns.nodes}`,
    bytes,
  ];
  return `| ${cells.join(" | ")} |`;
}
