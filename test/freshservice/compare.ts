import type { Part, Shape } from "./shape.ts";

/** How our description of an operation differs from the vendor's; each list holds lines of text. */
export interface Differences {
  /** Ours alone: `query page`; `body subject (required)` where it has to be sent. */
  readonly added: readonly string[];
  /** The vendor's alone: `answer solution_folders`. */
  readonly dropped: readonly string[];
  /** Both, but not alike: `query include: string → array of string`, `query folder_id: optional → required`. */
  readonly changed: readonly string[];
}

/** Compares the vendor's shape of an operation with ours. The members of a body that only one has are not told one by one. */
export function compare(vendor: Shape, ours: Shape): Differences {
  const bodies = vendor.has("body") && ours.has("body");
  const names = [...new Set([...vendor.keys(), ...ours.keys()])].filter(
    (name) => bodies || !(name === "format" || name.startsWith("body ")),
  );
  const of = (list: (name: string) => readonly string[]) => names.flatMap(list);
  return {
    added: of((name) => (vendor.has(name) ? [] : linesOf(name, ours.get(name)))),
    dropped: of((name) => (ours.has(name) ? [] : [name])),
    changed: of((name) => changes(name, vendor.get(name), ours.get(name))),
  };
}

function linesOf(name: string, part: Part | undefined): readonly string[] {
  return [part?.required ? `${name} (required)` : name];
}

function changes(name: string, vendor: Part | undefined, ours: Part | undefined): readonly string[] {
  if (!vendor || !ours) return [];
  return [
    ...(vendor.type === ours.type ? [] : [`${name}: ${vendor.type} → ${ours.type}`]),
    ...(vendor.required === ours.required ? [] : [`${name}: ${need(vendor)} → ${need(ours)}`]),
  ];
}

function need(part: Part): string {
  return part.required ? "required" : "optional";
}
