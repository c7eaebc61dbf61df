import { callOverhead } from "./call-overhead.ts";
import { generateTime } from "./generate-time.ts";
import { listSize } from "./list-size.ts";
import { startTime } from "./start-time.ts";
import { wholeSpec } from "./whole-spec.ts";

/** One line of the table: a figure, what it is compared with, and the budget if there is one. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly against: string;
  readonly budget: string;
}

const MEASURES = [generateTime, wholeSpec, startTime, callOverhead, listSize];
/** `npm run bench -- wholeSpec`: only these. */
const wanted = process.argv.slice(2);

const rows: Row[] = [];
for (const measure of MEASURES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  process.stderr.write(`${measure.name} …\n`);
  rows.push(...(await measure()));
}
const widths = (["what", "figure", "against"] as const).map((key) =>
  Math.max(...rows.map((row) => row[key].length), key.length),
);
const line = (cells: readonly string[]) =>
  console.log(
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
console.log(
  `Node ${process.version}, ${process.platform}; medians; the machine decides the milliseconds, the ratios travel\n`,
);
line(["what", "figure", "against", "budget"]);
for (const { what, figure, against, budget } of rows) line([what, figure, against, budget]);
