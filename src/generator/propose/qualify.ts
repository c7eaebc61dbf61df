import { isAdjective, type PathNoun } from "./path.ts";
import { isOnlyVerb, verbOf } from "./verbs.ts";
import { isPlural, singular, stem, wordsOf } from "./words.ts";

const MOST_WORDS = 3; // of what only says which ones: more of them are a thing of its own

/**
 * Puts a part of a path that only says which ones before the noun that it tells apart, where a person would put it.
 *
 *     /metadata_templates/global "List all global metadata templates" → global metadata templates
 *     /Usage/Records/Daily, which answers `usage_records`             → daily usage records
 *
 * @param list Name of the member that holds the list of the answer; undefined when there is none.
 */
export function qualify(nouns: readonly PathNoun[], summary: string, list: string | undefined): readonly PathNoun[] {
  const [last, owner] = [nouns.at(-1), nouns.at(-2)];
  if (!last || !owner || last.words.length > MOST_WORDS || last.words.join() === "me" || isDone(last, summary))
    return nouns;
  const outer = nouns.slice(0, -2);
  if (last.parameter === undefined && list !== undefined && !isPlural(last.words.at(-1) ?? "")) {
    const listed = wordsOf(list);
    if (endsAlike(listed, owner.words) && !endsAlike(listed, last.words)) {
      const scope = outer.at(-1);
      const scoped =
        scope !== undefined && scope.parameter === undefined && sameThing(listed, [...scope.words, ...owner.words]);
      const words = scoped ? listed : owner.words;
      return [...(scoped ? outer.slice(0, -1) : outer), { words: before(last.words, words), parameter: undefined }];
    }
  }
  const whole = isPlural(last.words.at(-1) ?? "") && !isPlural(owner.words.at(-1) ?? ""); // `/stubbed/plans`
  if (owner.parameter === undefined && !whole && says(summary, [...last.words, ...owner.words]))
    return [...outer, { words: before(last.words, owner.words), parameter: last.parameter }];
  return nouns;
}

/** Whether a part of a path is what is done: `/models/import` "Import a model". */
function isDone({ words: [word = ""] }: PathNoun, summary: string): boolean {
  return isOnlyVerb(word) || (verbOf(word) !== undefined && stem(wordsOf(summary)[0] ?? "") === stem(word));
}

/** `local` before `available phone numbers` is available local phone numbers. */
function before(qualifier: readonly string[], words: readonly string[]): readonly string[] {
  const own = words.findIndex((word) => !isAdjective(word));
  return [...words.slice(0, Math.max(0, own)), ...qualifier, ...words.slice(Math.max(0, own))];
}

/** Whether a summary has words one after another, whatever the number of the last one. */
export function says(summary: string, words: readonly string[]): boolean {
  const said = wordsOf(summary);
  return said.some((_, start) => sameThing(said.slice(start, start + words.length), words));
}

/** Whether words are the same but for the number of the last one. */
function sameThing(one: readonly string[], other: readonly string[]): boolean {
  return (
    one.length === other.length &&
    one.every((word, at) => (at === one.length - 1 ? singular(word) === singular(other[at] ?? "") : word === other[at]))
  );
}

function endsAlike(words: readonly string[], end: readonly string[]): boolean {
  return sameThing(words.slice(-end.length), end);
}
