import type { ProblemCode } from "../../src/runtime/problem.ts";
import type { Fault } from "./vendor.ts";

/** One fault of the matrix, and what a call that meets it comes to. A number may have several rows. */
export interface Row {
  readonly number: number;
  /** What goes wrong, for people. */
  readonly fault: string;
  /** What a tool that reads does. Absent: it cannot meet this. */
  readonly reading?: Cell;
  /** What a tool that writes does. */
  readonly writing?: Cell;
  /** Why this is not what the matrix says: a section of a specification, or something measured. */
  readonly differs?: string;
}

/** How a cell is proven. */
export type Cell = Driven | Proven | Elsewhere;

/** A call of a real tool against a vendor that has this fault, or each of these. */
export interface Driven {
  readonly vendor: Fault | Readonly<Record<string, Fault>>;
  /** Requests (or, where none gets that far, connections or look-ups) that the vendor sees; or the least and the most. */
  readonly attempts: number | readonly [number, number];
  /** Code of the problem. Absent: the call succeeds. */
  readonly code?: ProblemCode;
  /** What the model reads. */
  readonly text?: RegExp;
  /** What is in the answer of a success. */
  readonly value?: unknown;
  readonly leastMs?: number;
  /** Default: the deadline of a call and a second. */
  readonly mostMs?: number;
  /** Default: 45 s, scaled. */
  readonly deadlineMs?: number;
  /** What the table adds to the attempts and the code. */
  readonly note?: string;
  /** Default: `acme` and its `get_thing` or `create_thing`. */
  readonly api?: "acme" | "club";
  readonly tool?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A course of events that is more than one call. */
export interface Proven {
  readonly says: string;
  readonly prove: () => Promise<void>;
}

/** A test of another file, which the suite looks up by its name. */
export interface Elsewhere {
  readonly says: string;
  /** Within `test/`. */
  readonly file: string;
  /** Words of the test's name, as they stand in the file. */
  readonly test: string;
}

/** Both cells of a fault that does the same to a call that reads and to one that writes. */
export function both<T extends Cell>(cell: T): { readonly reading: T; readonly writing: T } {
  return { reading: cell, writing: cell };
}

/** What a write comes to that may have been carried out. */
export const UNKNOWN = { attempts: 1, code: "outcome_unknown", text: /check before you repeat it/ } as const;

/** A cell in words, for the table. */
export function wordsOf(cell: Cell | undefined): string {
  if (!cell) return "–";
  if ("says" in cell) return cell.says;
  const { attempts, code, note } = cell;
  const times = typeof attempts === "number" ? timesOf(attempts) : `asked ${attempts[0]} to ${attempts[1]} times`;
  const end = code === undefined ? "answered" : `\`${code}\``;
  return `${times}: ${end}${note === undefined ? "" : `; ${note}`}`;
}

function timesOf(attempts: number): string {
  if (attempts === 0) return "not asked";
  return attempts === 1 ? "asked once" : `asked ${attempts} times`;
}
