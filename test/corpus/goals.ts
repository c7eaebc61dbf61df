import { CAUSES } from "./causes.ts";
import type { SpecReport } from "./check-spec.ts";
import { totalsOf } from "./report.ts";

/** What a run has to reach, and whether it did. */
export interface Goal {
  readonly says: string;
  readonly figure: string;
  readonly reached: boolean;
}

const LEAST_TOOLS = 0.995;
const LEAST_EQUAL = 0.995;
const MOST_UNKNOWN = 0.001;
const MOST_CAUSES = 20;

/** The goals of a run. How many requests are equal says something of all descriptions only: some of the small ones are made to differ. */
export function goalsOf(reports: readonly SpecReport[], whole: boolean): readonly Goal[] {
  const { specs, operations, tools, nodes, unknown, equal, withQs, byCause, different, faults } = totalsOf(reports);
  const calls = equal + byCause + different;
  const silent = reports.flatMap(({ withoutTool, reasons }) =>
    withoutTool.filter((operation) => !reasons.some((reason) => reason.includes(operation))),
  );
  return [
    {
      says: "Every description comes through: no crash, types check, the server starts, clients of both generations list",
      figure: `${specs} descriptions, ${faults} faults`,
      reached: faults === 0,
    },
    {
      says: "At least 99.5 % of the operations become tools",
      figure: `${tools} of ${operations}`,
      reached: tools >= LEAST_TOOLS * operations,
    },
    {
      says: "Every operation that does not is reported with its reason",
      figure: `${silent.length} are not`,
      reached: silent.length === 0,
    },
    ...(whole
      ? [
          {
            says: "At least 99.5 % of all requests are equal to an independent serialiser's, every part of them",
            figure: `${equal} of ${calls}: ${equal - withQs} swagger-client's as a whole, ${withQs} with parts of qs`,
            reached: equal >= LEAST_EQUAL * calls,
          },
        ]
      : []),
    {
      says: "Every other request differs for a known cause",
      figure: `${byCause} by cause, ${different} different`,
      reached: different === 0,
    },
    { says: "At most 20 causes", figure: String(CAUSES.length), reached: CAUSES.length <= MOST_CAUSES },
    {
      says: "Less than 0.1 % of the schema nodes with a type are `unknown` in Zod",
      figure: `${unknown} of ${nodes}`,
      reached: unknown < MOST_UNKNOWN * Math.max(1, nodes) || unknown === 0,
    },
  ];
}
