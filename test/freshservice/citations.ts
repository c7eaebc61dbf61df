import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CitedDifferences } from "./differences.ts";

/** What a citation may point at. */
export interface Facts {
  readonly defects: readonly Defect[];
  /** Text of the sections of the facts, by number. */
  readonly sections: ReadonlyMap<string, string>;
  /** `GET /tickets/{id}`: the operations of the tools that the tool map finds in the vendor's file. */
  readonly inVendorFile: readonly string[];
}

interface Defect {
  readonly target: string;
  readonly defect: string;
  /** The whole row, with what is right instead. */
  readonly row: string;
}

/** Reads the facts about Freshservice from their folder. */
export function readFacts(folder: string): Facts {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const rowsOf = (file: string) => read(file).trimEnd().split("\n").slice(1);
  return {
    defects: rowsOf("freshservice-spec-defects.tsv").map((row) => {
      const [target = "", defect = ""] = row.split("\t");
      return { target, defect, row };
    }),
    sections: new Map(
      read("freshservice.md")
        .split(/^## /m)
        .map((section) => [/^\d+/.exec(section)?.[0] ?? "", section]),
    ),
    inVendorFile: rowsOf("tool-map.tsv")
      .map((row) => row.split("\t"))
      .filter(([vendor, , , , , , , , found = ""]) => vendor === "freshservice" && !found.startsWith("MISSING"))
      .map(([, , , operations = ""]) => /(GET|POST|PUT|DELETE) [^\s?]+/.exec(operations)?.[0] ?? operations),
  };
}

/** What is wrong with the citation of an entry: nothing quoted, or a passage that says something else. */
export function faultsOf(entry: CitedDifferences, facts: Facts): readonly string[] {
  const passage = passageOf(entry.cites, facts);
  if (passage === undefined) return [`no such passage: ${entry.cites}`];
  const ofFacts = entry.cites.startsWith("facts ");
  // A row of defects may say "one schema for read and write" and name no field; the facts list what there is.
  const named = [...(entry.added ?? []), ...(ofFacts ? (entry.changed ?? []) : [])];
  const unnamed = ofFacts ? (entry.dropped ?? []) : [];
  return [
    ...named.filter((line) => !names(passage, line)).map((line) => `${entry.cites} does not name "${line}"`),
    ...unnamed.filter((line) => names(passage, line)).map((line) => `${entry.cites} does name "${line}"`),
  ];
}

/** The row of defects, the row of the table of operations, or the schema of the facts that a citation quotes. */
function passageOf(cites: string, { defects, sections }: Facts): string | undefined {
  const [, target, words] = /^defects: (.+?): (.+)$/.exec(cites) ?? [];
  if (target !== undefined && words !== undefined) {
    return defects.find((row) => row.target === target && row.defect.includes(words))?.row;
  }
  const [, number = "", subject = ""] = /^facts §(\d+) (.+)$/.exec(cites) ?? [];
  const section = sections.get(number) ?? "";
  const row = section.split("\n").find((line) => line.startsWith(`| ${subject} |`));
  if (row !== undefined) return row;
  return section
    .split("**")
    .find((_, index, parts) => parts[index - 1] === subject)
    ?.split("\n")[0];
}

/** Whether a passage has the name within `query page` or `body subject: optional → required`; `status` and the like have none. */
function names(passage: string, line: string): boolean {
  const [, name] = /^(?:query|header|body|answer) (\w+)/.exec(line) ?? [];
  return name === undefined || new RegExp(`\\b${name}\\b`).test(passage);
}
