import type { OperationEntry } from "../../spec/operation.ts";
import type { Nameable } from "./nameable.ts";
import { isCaller } from "./objects.ts";
import { droppedOf, versionRank, withoutVersion, type PathNoun } from "./path.ts";
import { learnSpelling } from "./spelling.ts";
import { isOnlyVerb, verbOf } from "./verbs.ts";
import { isPlural, lastWord, plural, singular, wordsOf } from "./words.ts";

/** What is learned from a whole description before one of its operations is named, so that all are named alike. */
export interface Habits {
  /** Nouns with words taken apart, verbs and names marked. */
  readonly apply: (nouns: readonly PathNoun[]) => readonly PathNoun[];
  /** What other operations tell of one. */
  readonly beside: (entry: OperationEntry) => Pick<Nameable, "replaces" | "holdsMany" | "hasSearch" | "version">;
}

/** An operation, as far as habits are learned from it. */
interface Example {
  readonly entry: OperationEntry;
  readonly nouns: readonly PathNoun[];
  readonly summary: string;
}

const VERBS_AT_ONCE = 3; // different verbs at the same place of paths: what stands there is a verb

/** Learns how a vendor spells, what it calls by a plural, and where its paths hold verbs. */
export function learnHabits(examples: readonly Example[]): Habits {
  const spell = learnSpelling(examples.map(({ summary }) => summary));
  const names = productNames(examples);
  const verbs = verbPlaces(examples);
  const paths = new Set(examples.map(({ entry }) => `${entry.method} ${shapeOf(entry.path)}`));
  const versions = new Set(examples.map(({ entry }) => droppedOf(entry.path).join(" ")));
  const newest = new Map<string, number>();
  for (const { entry } of examples) {
    const key = `${entry.method} ${shapeOf(withoutVersion(entry.path))}`;
    newest.set(key, Math.max(newest.get(key) ?? -Infinity, versionRank(entry.path)));
  }
  const isNewest = (method: string, path: string): boolean =>
    newest.get(`${method} ${shapeOf(withoutVersion(path))}`) === versionRank(path);
  const scope = commonScope(examples);
  const chosen = new Set(
    examples.flatMap(({ nouns }) => (nouns.at(-1)?.parameter === undefined ? [] : [keyOf(nouns)])),
  );
  const isOnly = (nouns: readonly PathNoun[]): boolean => {
    const last = nouns.at(-1);
    const head = last?.words.at(-1) ?? "";
    return nouns.length === 1 && last?.parameter === undefined && isCaller(head) && chosen.has(keyOf(nouns, plural));
  };
  return {
    apply: (nouns) =>
      (nouns.length > 1 && nouns[0]?.words.join(" ") === scope && !isOnlyVerb(nouns.at(-1)?.words.at(-1) ?? "")
        ? withoutFirst(nouns)
        : nouns
      ).map((noun, index, all) => ({
        ...noun,
        words: [...(index === all.length - 1 && isOnly(nouns) ? ["current"] : []), ...noun.words.flatMap(spell)],
        ...(isInside(noun, index, all) && names.has(noun.words.join(" ")) && { isName: true as const }),
        ...(isVerbAt(all, index, verbs) && { isVerb: true as const }),
      })),
    beside: ({ method, path }) => {
      const shape = shapeOf(path);
      return {
        replaces: method === "PUT" && paths.has(`PATCH ${shape}`),
        holdsMany: paths.has(`GET ${shape}/{}`),
        version: versions.size > 1 ? droppedOf(isNewest(method, path) ? withoutVersion(path) : path) : [],
        hasSearch: method === "GET" && paths.has(`POST ${shape}`),
      };
    },
  };
}

/** What nouns name, however the parameters are called. */
function keyOf(nouns: readonly PathNoun[], last: (word: string) => string = (word) => word): string {
  return nouns
    .map(({ words }, index) => (index === nouns.length - 1 ? lastWord(words, last) : words).join(" "))
    .join("/");
}

/**
 * The word that nearly all paths begin with and that says nothing of what they are about: `/oauth2/clients`, `/oauth2/{serverId}/keys`.
 * Where a parameter chooses one of it, it says something.
 */
function commonScope(examples: readonly Example[]): string | undefined {
  if (examples.length < 8) return undefined; // too few to tell a habit
  const counts = new Map<string, number>();
  for (const { nouns } of examples) {
    const [first] = nouns;
    if (!first || nouns.length < 2) continue;
    const own = wordsOf(first.parameter ?? "").some((word) => singular(first.words.at(-1) ?? "") === singular(word));
    const id = /^(?:id|key|name|uuid|slug|code)$/i.test(first.parameter ?? "");
    const key = first.words.join(" ");
    counts.set(key, (counts.get(key) ?? 0) + (own || id ? -examples.length : 1));
  }
  return [...counts].find(([, count]) => count >= examples.length * 0.85)?.[0];
}

function withoutFirst([first, next, ...rest]: readonly PathNoun[]): readonly PathNoun[] {
  if (!next) return [];
  return [first?.parameter === undefined ? next : { ...next, scope: first.parameter }, ...rest];
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, "{}").replace(/\/$/, "");
}

/** Whether a noun stands between others, and nobody chooses one of it. */
function isInside({ parameter }: PathNoun, index: number, nouns: readonly PathNoun[]): boolean {
  return parameter === undefined && index < nouns.length - 1;
}

const NAMED_OFTEN = 5; // sentences that use a name: once is a coincidence

/** Plurals that the vendor's own sentences write as a name, `GitHub Actions cache`, and hardly ever in the singular. */
function productNames(examples: readonly Example[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { nouns, summary } of examples) {
    const said = new Set(wordsOf(summary));
    for (const [index, noun] of nouns.entries()) {
      const head = noun.words.at(-1) ?? "";
      if (!isInside(noun, index, nouns) || !isPlural(head)) continue;
      const key = noun.words.join(" ");
      const named = new RegExp(`\\w ${head.charAt(0).toUpperCase()}${head.slice(1)}(?: [a-z]|$)`).test(summary);
      counts.set(key, (counts.get(key) ?? 0) + (named ? 1 : 0) - (said.has(singular(head)) ? 4 : 0));
    }
  }
  return new Set([...counts].flatMap(([key, count]) => (count >= NAMED_OFTEN ? [key] : [])));
}

/** Beginnings of paths after which several verbs follow: `/integrations` of `/integrations/import/acme` and `/integrations/export/acme`. */
function verbPlaces(examples: readonly Example[]): ReadonlySet<string> {
  const found = new Map<string, Set<string>>();
  for (const { nouns } of examples)
    for (const [index, { words, parameter }] of nouns.entries()) {
      const [word = "", ...rest] = words;
      if (index === 0 || index === nouns.length - 1 || parameter !== undefined || rest.length > 0) continue;
      if (verbOf(word) === undefined || isPlural(word)) continue;
      const key = placeOf(nouns, index);
      found.set(key, (found.get(key) ?? new Set()).add(word));
    }
  return new Set(
    [...found].flatMap(([key, verbs]) => (verbs.size >= VERBS_AT_ONCE && [...verbs].some(isOnlyVerb) ? [key] : [])),
  );
}

function isVerbAt(nouns: readonly PathNoun[], index: number, places: ReadonlySet<string>): boolean {
  const noun = nouns[index];
  return (
    noun !== undefined &&
    noun.parameter === undefined &&
    noun.words.length === 1 &&
    verbOf(noun.words[0] ?? "") !== undefined &&
    index < nouns.length - 1 &&
    places.has(placeOf(nouns, index))
  );
}

function placeOf(nouns: readonly PathNoun[], index: number): string {
  return JSON.stringify(nouns.slice(0, index).map(({ words }) => lastWord(words, singular)));
}
