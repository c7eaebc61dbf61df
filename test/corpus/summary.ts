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
with only what is required (not counted where that is refused, because of the vendor's alternatives one must be whole). A server on loopback records each
request; it is compared part by part with what two serialisers that are none of ours make of the same values and of the vendor's own words.
\`npm run corpus -- NAME…\` takes some of them. The small ones run in \`npm test\`.

## What is compared with what

Method, path, each query parameter, each cookie and each header that the description declares, the media type, and the body: JSON by its value, of a
form each field (of multipart its name, its content and the name of a file, not its own headers), anything else as it is. What a credential adds is left out.

- It is compared with what swagger-client's \`buildRequest\` writes. Percent-encoding is brought into one form on both sides: what RFC 3986 §6.2.2 holds
  equal; \`!'()*\`, which delimit nothing in any style; \`|\`, \`[\` and \`]\`, which a query may not hold as they are (RFC 3986 §3.4).
- In one region it is compared, to the byte, with what \`qs\` writes: lists and nested values in the style \`deepObject\`, in a query or in a form. OpenAPI
  defines no text there (3.1.1 §4.8.12.3: "the representation of array or object properties is not defined"; §4.8.12.4: an array is "n/a", which is
  undefined), so swagger-client's text, a list without brackets and JSON for what is nested, is no more by the standard than any other. The convention is
  the one that the vendor documents whose description has nearly all of these values, \`expand[]=customer\` and \`items[0][price]=p1\`: \`qs\` with
  \`arrayFormat: "brackets"\`, a list that holds objects given to it by number (\`test/corpus/brackets.ts\`).

A request counts as equal when every part of it is. In that region every byte counts (\`test/corpus/compare.test.ts\`).

The corpus is not part of this repository: \`TOOLWRIGHT_CORPUS\` names its folder. This page is written by a whole run.

## Goals

| goal | figure | |
|---|---|---|
${goalsOf(reports, true)
  .map(({ says, figure, reached }) => `| ${says} | ${figure} | ${reached ? "reached" : "missed"} |`)
  .join("\n")}

${totals.equal} of ${calls} requests (${percent(totals.equal)}) are equal in every part: ${totals.equal - totals.withQs} are swagger-client's as a whole, ${totals.withQs} are swagger-client's but
for parts that OpenAPI leaves undefined, and these are of qs. ${totals.byCause} (${percent(totals.byCause)}) differ for a cause below.

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
