import { isSafe } from "../plan/annotations.ts";
import type { Nameable, Parts } from "./nameable.ts";
import { endsInOne, isMany, oneOf, type PathNoun } from "./path.ts";
import { objectSaid, saysList, saysMany, saysOne, saysPlural, verbSaid } from "./said.ts";
import { fits, isPlainVerb, isReading, plainVerb } from "./verbs.ts";
import { lastWord, plural, singular, stem, wordsOf } from "./words.ts";

const LOOKING = /^(?:get|list|find|query|filter|search|lookup|match|order)$/;

/** What the method does to what the path names. */
export function plainOf(one: Nameable): Parts {
  const { nouns } = one;
  const last = nouns.at(-1);
  const verb = chooseVerb(one);
  const objects = nouns.map((noun) => (noun === last ? lastObject(verb, noun, one) : oneOf(noun)));
  // `unlock` of `/issues/{n}/lock` is about the issue.
  const [head = ""] = objects.at(-1) ?? [];
  const about =
    objects.length > 1 &&
    objects.at(-1)?.length === 1 &&
    (verb.endsWith(head) ||
      (!isPlainVerb(verb) &&
        [verb, stem(verb.replace(/^un/, ""))].some((root) => root.length > 2 && head.startsWith(root))));
  const tail = one.method === "OPTIONS" && verb === "get" ? ["options"] : []; // what may be asked for, and not the thing
  return { verb, objects: about ? objects.slice(0, -1) : objects, tail };
}

/** What a verb is about, in the number that it has there. */
function lastObject(verb: string, noun: PathNoun, one: Nameable): string[] {
  const { summary, list } = one;
  const single = noun.parameter !== undefined;
  if (verb === "list" && single) return saysPlural(summary, noun) ? lastWord(noun.words, plural) : oneOf(noun);
  if (single) return saysMany(summary, noun) && verb !== "get" ? pluralOf(noun.words) : oneAsSaid(noun, summary);
  if (verb === "list" && (list === true || isListed(one)))
    return isMany(noun) || isMass(noun, one.holdsMany) ? [...noun.words] : pluralOf(noun.words);
  if (verb === "get" && list === false && isMany(noun) && saysOne(summary, noun)) return oneOf(noun);
  const adds = one.method === "POST" || verb === "create";
  if (!adds || isReading(verb) || verb === "set" || verb === "replace" || plainVerb(verb) !== verb)
    return [...noun.words];
  const about = objectSaid(summary).at(-1) === noun.words.at(-1) && saysPlural(summary, noun);
  const many = saysMany(summary, noun) || (verb !== "create" && about);
  return many ? [...noun.words] : oneAsSaid(noun, summary);
}

/** Where a preposition stands; before it is the word that counts: files under retention. */
function prepositionIn(words: readonly string[]): number {
  return words.findIndex(
    (word, index) => index > 0 && index < words.length - 1 && /^(?:under|on|in|of|for|by|with|to|from|at)$/.test(word),
  );
}

function isRelated({ words }: PathNoun): boolean {
  return prepositionIn(words) >= 0;
}

/** Many of what words name. */
function pluralOf(words: readonly string[]): string[] {
  const at = prepositionIn(words);
  if (/^(?:by|from|to)$/.test(words.at(-1) ?? "")) return [...words]; // blocked by
  return at < 0 ? lastWord(words, plural) : [...lastWord(words.slice(0, at), plural), ...words.slice(at)];
}

/** One of them: `credentials` has a singular where the vendor speaks of one credential. */
function oneAsSaid(noun: PathNoun, summary: string): string[] {
  const head = noun.words.at(-1) ?? "";
  const one = head.slice(0, -1);
  const said = head.length > 5 && head.endsWith("s") && singular(head) === head && wordsOf(summary).includes(one);
  return said ? lastWord(noun.words, () => one) : oneOf(noun);
}

/** The verb of an operation: what the summary says where the method allows it, otherwise what the method does. */
function chooseVerb(one: Nameable): string {
  const { method, nouns, summary } = one;
  const said = verbSaid(summary);
  const usable = said !== undefined && fits(said, method) ? said : undefined;
  if (isSafe(one)) return readingVerb(one, usable);
  switch (method) {
    case "DELETE":
      return usable ?? "delete";
    case "PATCH":
      return usable === undefined || usable === "set" || usable === "replace" ? "update" : usable;
    case "PUT":
      if (usable === "create" || usable === "add")
        return /\b(?:or|and) (?:update|replace|edit)/i.test(summary) ? "set" : usable;
      return usable === undefined || usable === "update" ? puttingVerb(one, usable) : usable;
    case "POST":
      if (usable !== undefined && isMadeBy(usable, one)) return "create";
      return usable ?? (endsInOne(nouns) ? "update" : "create");
    default: // a method of the vendor's own is a verb: LINK, PURGE
      return usable ?? method.toLowerCase().replaceAll(/[^a-z]+/g, "_");
  }
}

function readingVerb(one: Nameable, usable: string | undefined): string {
  const { method, nouns, summary } = one;
  if (usable !== undefined && !LOOKING.test(usable)) return usable;
  const last = nouns.at(-1);
  const single = endsInOne(nouns);
  if (method === "OPTIONS") return "get";
  if (method === "HEAD") return "check"; // answers no more than whether there is one
  if (last && usable === "list" && !isRelated(last) && ((!single && isMany(last)) || saysPlural(summary, last)))
    return "list";
  if (last && isState(last) && !one.holdsMany && !saysList(summary)) return "get";
  const list = saysList(summary) ? true : one.list;
  const many = list ?? (!single && last !== undefined && (isMany(last) || isListed(one)));
  if (many && !single) return usable === "search" || method === "QUERY" ? "search" : "list";
  return many && usable === "list" ? "list" : "get";
}

/** How something is, which is one answer though it may list several things: `/health`. */
function isState({ words, parameter }: PathNoun): boolean {
  return parameter === undefined && /^(?:status|health|ping|readiness|liveness|heartbeat)$/.test(words.at(-1) ?? "");
}

function puttingVerb({ replaces, nouns }: Nameable, said: string | undefined): string {
  if (replaces) return "replace";
  const last = nouns.at(-1);
  return endsInOne(nouns) || said !== undefined || !last || !isMany(last) ? "update" : "set";
}

/** Whether all are answered, by the words of the vendor or because one of them has a path of its own. */
function isListed({ summary, list, holdsMany, nouns }: Nameable): boolean {
  const last = nouns.at(-1);
  if (saysList(summary)) return true;
  if (last && verbSaid(summary) === "list" && saysPlural(summary, last)) return true;
  return list === undefined && holdsMany && summary === "";
}

/** Whether a path names what a verb makes: `POST /task_assignments` assigns a task, and creates an assignment. */
function isMadeBy(verb: string, { nouns }: Nameable): boolean {
  const last = nouns.at(-1);
  const root = stem(verb);
  if (last === undefined || last.words.length < 2 || !isMany(last) || root.length < 3) return false;
  return last.words.at(-1)?.startsWith(root) === true;
}

const COUNTED =
  /^(?:mapping|listing|posting|meeting|booking|recording|rating|reading|building|setting|offering|warning|finding|filing|holding|ranking|heading|hearing|thing|string)$/;

/** A word of no number: history, data, cached. What one can be had of has a number. */
function isMass({ words }: PathNoun, countable: boolean): boolean {
  const head = words.at(-1) ?? "";
  return (
    plural(head) === head ||
    (!COUNTED.test(head) && /(?:ing|ship|ware|[^e]ed|^free|^available|^total|^me)$/.test(head)) ||
    (!countable && head.endsWith("ty"))
  );
}
