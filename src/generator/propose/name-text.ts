import { isOnlyVerb, verbOf } from "./verbs.ts";
import { isPlural, singular, wordsOf } from "./words.ts";

const AIM = 48; // characters: what clients show whole; 64 is the most that they take

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
  if (kept.length === 0) kept = verb === "search" || verb === "list" ? ["all"] : ["root"];
  while (kept.length > 1 && [verb, ...kept].join("_").length > AIM) kept = kept.slice(1);
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
  if (operationId === undefined || operationId.length > 60 || /[^A-Za-z0-9_./-]|__|\d{3,}/.test(operationId))
    return undefined;
  const words = wordsOf(operationId);
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
