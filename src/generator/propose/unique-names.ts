import { toolNameProblem } from "../plan/names.ts";
import type { NameCandidates } from "./name-operation.ts";
import { isReading } from "./verbs.ts";

/** An operation that wants a name. */
export interface Claim extends NameCandidates {
  /** Among those that want the same name, the one with the shortest path may have it. */
  readonly pathLength: number;
  /** Its segments decide when words no longer do; of operations at one path, or of two ways to one thing, the first may have a name. */
  readonly path: string;
}

const WORDS_FIRST = 7; // rounds in which only more words tell operations apart

/**
 * Gives every operation a name of its own, capitals not counted. Who shares a name with others gets one with more words,
 * but the one that is nearest to the top keeps it.
 */
export function uniqueNames(claims: readonly Claim[]): string[] {
  const given = new Map<number, string>();
  const taken = new Set<string>();
  const give = (index: number, name: string): void => {
    given.set(index, name);
    taken.add(name);
  };
  const rounds = Math.max(0, ...claims.map(({ names }) => names.length));
  for (let round = 0; round < rounds; round++) {
    const wanted = new Map<string, number[]>();
    for (const [index, { names }] of claims.entries()) {
      const name = allowed(names[round] ?? "");
      if (given.has(index) || taken.has(name)) continue;
      wanted.set(name, [...(wanted.get(name) ?? []), index]);
    }
    for (const [name, group] of wanted) {
      const lengthOf = (index: number): number => {
        const { pathLength = 0, path = "" } = claims[index] ?? {};
        return pathLength * 1000 + (round < WORDS_FIRST ? 0 : path.split("/").length);
      };
      const shortest = Math.min(...group.map(lengthOf));
      const alike = group.filter((index) => lengthOf(index) === shortest);
      const nearest = preferred(alike, claims);
      if (nearest.length === 1 && nearest[0] !== undefined) give(nearest[0], name);
    }
  }
  for (const [index, { names }] of claims.entries()) {
    if (given.has(index)) continue;
    const base = allowed(names[0] ?? "").slice(0, 60);
    let number = 2;
    while (taken.has(`${base}_${number}`)) number += 1;
    give(index, taken.has(base) ? `${base}_${number}` : base);
  }
  return claims.map((_, index) => given.get(index) ?? "");
}

/** Of two ways to ask at one path, as `GET` and `POST /search`, the first goes before, and what an id chooses before what `/users(mail='{mail}')` does. */
function preferred(indexes: readonly number[], claims: readonly Claim[]): readonly number[] {
  const pathOf = (index: number): string => claims[index]?.path ?? "";
  const asks = indexes.every((index) => isReading(claims[index]?.verb ?? ""));
  if (asks && new Set(indexes.map(pathOf)).size === 1) return indexes.slice(0, 1);
  const plain = indexes.filter((index) => !pathOf(index).includes("("));
  return plain.length === 1 ? plain : indexes;
}

/** A name that every client and every file system takes. */
function allowed(name: string): string {
  const spelled = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_")
    .replaceAll(/__+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  const whole = spelled === "" ? "call_operation" : /^[a-z]/.test(spelled) ? spelled : `call_${spelled}`;
  return toolNameProblem(whole) === undefined ? whole : `${whole.slice(0, 58)}_item`;
}
