import { actionOf } from "./name-action.ts";
import { plainOf } from "./name-plain.ts";
import { compose, fit, idName, saidBeside } from "./name-text.ts";
import type { Nameable } from "./nameable.ts";
import { objectsOf } from "./objects.ts";
import { objectSaid } from "./said.ts";
import { isPlainVerb } from "./verbs.ts";
import { singular, wordsOf } from "./words.ts";

/** Names of an operation, the best first, later ones with more words for those that share the first. */
export interface NameCandidates {
  readonly verb: string;
  readonly names: readonly string[];
}

/**
 * Proposes `verb_noun` names from method, path and summary.
 *
 *     GET /tickets → list_tickets   GET /tickets/{id} → get_ticket   GET /tickets/{id}/notes → list_ticket_notes
 *     POST /tickets/{id}/close → close_ticket   GET /tickets/search → search_tickets   PUT /gists/{id}/star → star_gist
 *
 * @param spoken The summary is the operationId in words, for want of another: a verb of its own then brings its own object.
 */
export function nameOperation(one: Nameable, spoken = false): NameCandidates {
  const action = actionOf(one);
  const { verb, objects, tail, outer = [] } = action ?? plainOf(one);
  const named = objectsOf(objects, verb);
  const object = objectSaid(one.summary);
  // `/send` "Send an SMS": the verb alone is about nothing.
  const inner = [named, [object]].find((words) => words.flat().some((word) => word !== verb)) ?? [
    one.nouns.length > 0 ? [] : wordsOf(one.path),
  ];
  const context = [...outer, ...inner];
  const base = [Math.min(2, inner.length), 3, context.length].map((nouns) =>
    compose(verb, context.slice(-nouns), tail),
  );
  const plain = base[0] ?? ""; // whoever has nothing more to say asks for it again: the others may have more
  const said = saidBeside(one.summary, plain);
  const id = idName(one.operationId);
  const parameters = one.nouns.flatMap(({ scope = "", parameter = "" }) => [...wordsOf(scope), ...wordsOf(parameter)]);
  const by = parameters.length > 0 ? ["by", ...parameters.slice(-2)] : [];
  const all = [...context.flat(), ...tail];
  const method = one.method.toLowerCase();
  // A verb of the vendor's own brings its own object, and a path that names nothing has none.
  const nameless = one.nouns.length === 0 && !object.some((word) => wordsOf(one.path).includes(word));
  const whole = (spoken && !action && !isPlainVerb(verb)) || nameless;
  const names = [
    ...base.slice(0, 1).map((name) => (whole ? (id ?? name) : name)),
    ...base.slice(1),
    (spoken ? undefined : nameSaid(verb, plain, one.summary)) ?? plain,
    said.length > 0 ? fit(verb, [...context.slice(-2).flat(), ...tail, ...said]) : plain,
    scopedName(verb, [...context.slice(-2).flat(), ...tail], one) ?? plain,
    fit(verb, [...all, ...one.version.slice(-1)]),
    fit(verb, [...all, ...one.version]),
    id ?? base[2] ?? "",
    fit(verb, [...all, ...by]),
    fit(verb, [...all, "with", method]),
    fit(verb, [...all, ...by, "with", method]),
    fit(verb, [...all, ...(parameters.length > 0 ? ["by", ...parameters] : []), ...one.version]),
  ];
  return { verb, names };
}

/** A name in the words of the summary, when it says the same and more: `get_authenticated_app`. */
function nameSaid(verb: string, base: string, summary: string): string | undefined {
  const said = objectSaid(summary);
  const told = base.split("_").slice(verb.split("_").length);
  const head = told.at(-1) ?? "";
  const includes = told.every((word) => said.some((other) => singular(other) === singular(word)));
  if (!includes || said.length <= told.length || singular(said.at(-1) ?? "") !== singular(head)) return undefined;
  return fit(verb, [...said.slice(0, -1), head]);
}

/** A name with the thing that a parameter of its own names: `/oauth2/{authorizationServerId}/keys` is for an authorization server. */
function scopedName(verb: string, words: readonly string[], { nouns }: Nameable): string | undefined {
  const told = new Set(nouns.flatMap(({ words: own }) => own.map(singular)));
  const scope = nouns
    .flatMap(({ parameter, scope: outer }) => [outer, parameter])
    .map((parameter) => wordsOf(parameter ?? "").filter((word) => !/^(?:id|gid|sid|uuid|guid|name|key)$/.test(word)))
    .find((own) => own.length > 1 && own.every((word) => !told.has(singular(word))));
  return scope === undefined ? undefined : fit(verb, [...words, "for", ...scope]);
}
