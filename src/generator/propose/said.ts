import type { PathNoun } from "./path.ts";
import { bulkVerb, isOnlyVerb, isPlainVerb, verbOf } from "./verbs.ts";
import { plural, singular, wordsOf } from "./words.ts";

/** `Draft invoices are fully editable.` tells of drafts; it does not say what to do. */
const STATEMENT = /^\S+ (?!if\b|whether\b|that\b)(?:\S+ ){0,2}(?:is|are|was|were|can|will|must|may|should|has|have)\b/i;
const FILLER =
  /^(?:a|an|the|its|this|that|these|your|all|any|each|every|given|specific|specified|particular|existing|new|single|individual|available|multiple|several|one|more|collection|list|of)$/;
const PREPOSITION =
  /^(?:for|by|in|of|from|with|to|on|using|as|without|at|into|via|within|under|that|which|who|per|whether|if|and|or|is|are|has|when|based)$/;

/** The verb that a summary begins with: `Lists all tickets` → list, `Bulk delete tickets` → bulk_delete. A title such as `Ticket list` has none. */
export function verbSaid(summary: string): string | undefined {
  const words = wordsOf(summary);
  const [first = "", second = ""] = words;
  const backward = words.length === 2 && isPlainVerb(second); // `Tag Delete`
  if (!isOnlyVerb(first) && (backward || STATEMENT.test(summary))) return undefined;
  const verb = bulkVerb(words) ?? verbOf(first);
  return words.length > 1 || isOnlyVerb(first) ? verb : undefined;
}

/** Whether a summary is a label made of the path, `/authorize`, which says nothing that the path does not. */
export function isLabel(summary: string): boolean {
  return /^\/\S*$/.test(summary.trim());
}

/** Whether a summary speaks of a list: `List of tickets`, `Returns a list of tickets`. */
export function saysList(summary: string): boolean {
  return /^(?:[a-z]+ )?(?:a |the )?list of\b/i.test(summary);
}

/** Whether a summary speaks of many of what a noun is, and not of one. */
export function saysPlural(summary: string, { words }: PathNoun): boolean {
  const head = words.at(-1) ?? "";
  const said = wordsOf(summary);
  return plural(head) !== singular(head) && said.includes(plural(head)) && !said.includes(singular(head));
}

/** Whether a summary says outright that it is about several at once. */
export function saysMany(summary: string, noun: PathNoun): boolean {
  return saysPlural(summary, noun) && /\b(?:bulk|batch|multiple|many|several|all|list of)\b/i.test(summary);
}

/** Whether a summary speaks of one of what a noun is, and not of many. */
export function saysOne(summary: string, { words }: PathNoun): boolean {
  const said = wordsOf(summary);
  return said.includes(singular(words.at(-1) ?? "")) && !said.includes(words.at(-1) ?? "");
}

/** What a summary's verb is about, without articles and what follows a preposition: `Get the authenticated app of a key` → authenticated, app. */
export function objectSaid(summary: string): readonly string[] {
  if (verbSaid(summary) === undefined) return [];
  const [verb = "", ...words] = wordsOf(
    (summary.split(/[.(,;:]/)[0] ?? "").replace(/\b(?:list|collection|details) of\b/i, ""),
  );
  const after = words.slice(bulkVerb([verb, ...words]) !== undefined || words[0] === "for" ? 1 : 0);
  const end = after.findIndex((word) => PREPOSITION.test(word));
  const own = (end < 0 ? after : after.slice(0, end)).filter((word) => !FILLER.test(word));
  return own.length <= 4 ? own : [];
}
