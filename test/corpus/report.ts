import type { SpecReport } from "./check-spec.ts";

/** What a whole run came to. */
export interface Totals {
  readonly specs: number;
  readonly operations: number;
  readonly tools: number;
  readonly nodes: number;
  readonly unknown: number;
  readonly equal: number;
  /** Of those: requests with parts for which OpenAPI defines no text, and which are what qs writes. */
  readonly withQs: number;
  readonly byCause: number;
  readonly different: number;
  readonly faults: number;
}

/** Adds up. */
export function totalsOf(reports: readonly SpecReport[]): Totals {
  const sum = (count: (report: SpecReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const outcomes = (outcome: string) => sum(({ calls }) => calls.filter((call) => call.outcome === outcome).length);
  return {
    specs: reports.length,
    operations: sum(({ spec }) => spec.operations),
    tools: sum(({ tools }) => tools),
    nodes: sum(({ unknowns }) => unknowns.nodes),
    unknown: sum(({ unknowns }) => unknowns.unknown),
    equal: outcomes("equal"),
    withQs: sum(({ calls }) => calls.filter(({ outcome, withQs }) => outcome === "equal" && withQs).length),
    byCause: outcomes("by cause"),
    different: outcomes("different"),
    faults: sum(({ faults }) => faults.length),
  };
}

const HEAD = [
  "spec",
  "operations",
  "tools",
  "problems",
  "unknown",
  "seconds",
  "bytes",
  "equal",
  "by cause",
  "different",
  "faults",
];

/** One line for each description, tab-separated. */
export function table(reports: readonly SpecReport[]): string {
  const rows = reports.map((report) => {
    const { spec, tools, problems, unknowns, seconds, bytes, calls, faults } = report;
    const count = (outcome: string) => calls.filter((call) => call.outcome === outcome).length;
    return [
      spec.name,
      spec.operations,
      tools,
      Object.entries(problems)
        .map(([code, times]) => `${code}:${times}`)
        .join(" ") || "–",
      `${unknowns.unknown}/${unknowns.nodes}`,
      seconds.toFixed(1),
      bytes,
      count("equal"),
      count("by cause"),
      count("different"),
      faults.length,
    ].join("\t");
  });
  return [HEAD.join("\t"), ...rows].join("\n");
}

/** How many calls each cause explains, the most frequent first. */
export function causeCounts(reports: readonly SpecReport[]): readonly (readonly [id: string, calls: number])[] {
  const counts = new Map<string, number>();
  for (const id of reports.flatMap(({ calls }) => calls.flatMap(({ causes }) => causes)))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** A description on one line. */
export function tell({ spec, tools, calls, unknowns, faults }: SpecReport): string {
  const count = (outcome: string) => calls.filter((call) => call.outcome === outcome).length;
  return `${tools} of ${spec.operations} tools; ${count("equal")} equal, ${count("by cause")} by cause, ${count("different")} different; ${unknowns.unknown}/${unknowns.nodes} unknown; ${faults.length} faults`;
}
