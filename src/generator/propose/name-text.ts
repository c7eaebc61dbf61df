import { bulkVerb, isOnlyVerb, isPlainVerb, verbOf } from "./verbs.ts";
import { isPlural, lastWord, singular, wordsOf } from "./words.ts";

const AIM = 48; // characters: what clients show whole; 64 is the most that they take
const AIM_APART = 52; // characters: words that tell operations apart are worth some more

/** A name of a verb and its objects; those that come first give way when it is too long. */
export function compose(verb: string, objects: readonly (readonly string[])[], tail: readonly string[]): string {
  let shown = objects;
  while (shown.length > 1 && [verb, ...shown.flat(), ...tail].join("_").length > AIM) shown = shown.slice(1);
  return fit(verb, [...shown.flat(), ...tail]);
}

/** Cuts a name that is too long at a word, from the front: the end says what it is about. */
export function fit(verb: string, words: readonly string[]): string {
  let kept = words.filter((word, index) => word !== words[index - 1]);
  if (kept[0] === verb) kept = kept.slice(1);
  if (kept.length === 0 && !isPlainVerb(verb)) return verb; // `/login`, `/sync`
  if (kept.length === 0) kept = verb === "search" || verb === "list" ? ["all"] : ["root"];
  while (kept.length > 1 && [verb, ...kept].join("_").length > AIM_APART) kept = kept.slice(1);
  return [verb, ...kept].join("_").slice(0, 64).replace(/_+$/, "");
}

/** What a summary says after `for`, `by`, `in` and the like, which the path may not. */
export function saidBeside(summary: string, name: string): string[] {
  const match = /\b(?:for|by|in|of|from|with|to|on|using|as|without)\s+.*$/i.exec(
    (summary.split(/[.(,;:]/)[0] ?? "").slice(0, 120),
  );
  const words = wordsOf(match?.[0] ?? "").filter(
    (word) =>
      !/^(?:a|an|the|its|this|that|your|given|specific|specified|particular|all|one|or|more|is|are)$/.test(word),
  );
  const told = new Set(name.split("_").map(singular));
  const meant = words.filter(
    (word) => !told.has(singular(word)) && !/^(?:for|by|in|of|from|with|to|on|using|as|without)$/.test(word),
  );
  return meant.length === 0 || words.length > 5 ? [] : words;
}

/** A clean operationId as a name; undefined for one that a machine mangled. */
export function idName(operationId: string | undefined): string | undefined {
  const spelled = operationId?.replace(/Using(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:_\d+)?$/, "");
  if (spelled === undefined || spelled.length > 60 || /[^A-Za-z0-9_./-]|__|\d{3,}|[-_]\d+$/.test(spelled))
    return undefined;
  const words = wordsOf(spelled);
  const bulk = bulkVerb(words);
  if (bulk !== undefined) return words.length > 8 || words.length < 3 ? undefined : fit(bulk, words.slice(2));
  const at = words.findIndex((word) => isOnlyVerb(word));
  if (at < 0 || words.length < 2 || words.length > 8) return undefined;
  const mangled =
    words.at(-1) === "id" ||
    /^(?:put|post|patch)$/.test(words[0] ?? "") ||
    words.some(
      (word, index) => singular(words[index - 1] ?? "") === word || /^(?:controller|handler|v\d+)$/.test(word),
    );
  if (mangled) return undefined;
  const verb = verbOf(words[at] ?? "") ?? "";
  if (verb === "list" && !words.some((word) => isPlural(word))) return undefined;
  return fit(verb, [...words.slice(0, at), ...words.slice(at + 1)]);
}

const STOP = /^(?:for|by|in|of|from|with|to|on|using|as|without|at|or|and|that|which|when|if|per|via|is|are|was|id)$/;

/**
 * What an operationId is about: the noun behind its verb, or the group that it is in.
 *
 *     "pubsub.projects.topics.patch" → topic   "LibraryService_UpdateBook" → book   "Resources_GetById" → resource
 *
 * @param grouped The path says what is done, so that the group says to what.
 */
export function idObject(operationId: string | undefined, grouped: boolean): string[] {
  const parts = (operationId ?? "").split(/[._/]/).map(wordsOf);
  const group = (parts.at(-2) ?? []).filter((word) => !/^(?:service|services|api|controller|resource)$/.test(word));
  const last = parts.at(-1) ?? [];
  const own = verbOf(last[0] ?? "") === undefined ? [] : last.slice(1);
  const end = own.findIndex((word) => STOP.test(word));
  const noun = end === -1 ? own : own.slice(0, end);
  const chosen = (grouped && group.length > 0) || noun.length === 0 ? group : noun;
  return chosen.length > 3 ? [] : lastWord(chosen, singular);
}
