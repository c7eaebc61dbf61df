import { nameOf } from "../plan/name-of.ts";
import type { Change, Weight } from "./change.ts";
import { compareTool, type Descriptions } from "./compare-tool.ts";

const ORDER: Readonly<Record<Weight, number>> = { breaking: 0, additive: 1, wording: 2 };
const MOST_NAMED = 5; // new operations; `toolwright operations` lists them all

/** What a newer description changes for the tools that are allowed, breaking first, then by tool. */
export function compareSpecs(descriptions: Descriptions): Change[] {
  const { entry } = descriptions;
  const changes = [...entry.tools.flatMap((tool) => compareTool(tool, descriptions)), ...newOperations(descriptions)];
  const distinct = new Map(changes.map((change) => [JSON.stringify([change.tool, change.message]), change]));
  return [...distinct.values()].sort(
    (one, other) => ORDER[one.weight] - ORDER[other.weight] || compareTexts(one.tool ?? "~", other.tool ?? "~"),
  );
}

function newOperations({ before, after }: Descriptions): Change[] {
  const known = new Set(before.entries.map((one) => shape(nameOf(one))));
  const fresh = after.entries.filter((one) => !known.has(shape(nameOf(one))));
  const [first] = fresh;
  if (!first) return [];
  const named = fresh.slice(0, MOST_NAMED).map(nameOf).join(", ");
  return [
    {
      weight: "additive",
      tool: undefined,
      message: `${fresh.length} new operation${fresh.length === 1 ? "" : "s"}: ${named}${fresh.length > MOST_NAMED ? ", …" : ""}`,
      before: undefined,
      after: first.origin,
      fix: "add a tool for what is useful; nothing is allowed by itself",
    },
  ];
}

function shape(name: string): string {
  return name.replaceAll(/\{[^{}]*\}/g, "{}");
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
