import type { Method } from "../../definition/request.ts";
import { droppedOf, endsInOne, isMany, type PathNoun } from "./path.ts";
import { compose, fit, idName, saidBeside, saidObject } from "./name-text.ts";
import { objectsOf } from "./objects.ts";
import { fits, isOnlyVerb, isReading, oppositeOf, verbOf } from "./verbs.ts";
import { isPlural, lastWord, plural, singular, wordsOf } from "./words.ts";

/** What a name is made of. */
export interface Nameable {
  readonly method: Method;
  readonly path: string;
  readonly nouns: readonly PathNoun[];
  readonly summary: string;
  readonly operationId: string | undefined;
  /** Whether it answers a list; undefined: the description does not say. */
  readonly list: boolean | undefined;
  /** Another method of the same path changes a part of what this one replaces. */
  readonly replaces: boolean;
}

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
 */
export function nameOperation(one: Nameable): NameCandidates {
  const { verb, objects, tail } = actionOf(one) ?? plainOf(one);
  const context = objectsOf(objects, verb);
  const named = [2, 3, context.length].map((nouns) => compose(verb, context.slice(-nouns), tail));
  const [begins = ""] = wordsOf(one.summary);
  const object = verbOf(begins) === undefined ? [] : saidObject(one.summary).filter((word) => verbOf(word) !== verb);
  const id = idName(one.operationId);
  const instead = object.length > 0 ? fit(verb, object) : id;
  const base = named.map((name) => (name.endsWith("_root") ? (instead ?? name) : name));
  const said = saidBeside(one.summary, base[0] ?? "");
  const dropped = droppedOf(one.path);
  const parameters = one.nouns.flatMap(({ parameter }) => (parameter === undefined ? [] : wordsOf(parameter)));
  const names = [
    ...base,
    said.length > 0 ? fit(verb, [...context.slice(-2).flat(), ...tail, ...said]) : (base[0] ?? ""),
    id ?? base[2] ?? "",
    fit(verb, [...context.flat(), ...tail, ...dropped.slice(-1)]),
    fit(verb, [...context.flat(), ...tail, ...dropped]),
    fit(verb, [...context.flat(), ...tail, ...(parameters.length > 0 ? ["by", ...parameters.slice(-2)] : [])]),
    fit(verb, [...context.flat(), ...tail, "with", one.method.toLowerCase()]),
    fit(verb, [...context.flat(), ...tail, ...(parameters.length > 0 ? ["by", ...parameters] : []), ...dropped]),
  ];
  return { verb, names };
}

interface Parts {
  readonly verb: string;
  readonly objects: readonly (readonly string[])[];
  readonly tail: readonly string[];
}

/** A path that says what is done: `/tickets/{id}/close`, `/search/issues`, `/pets/findByStatus`. */
function actionOf(one: Nameable): Parts | undefined {
  const { nouns, method } = one;
  const last = nouns.at(-1);
  if (!last) return undefined;
  const [first = ""] = wordsOf(one.summary);
  const before = nouns.slice(0, -1);
  const [word = "", ...rest] = last.words;
  // A verb that we do not know is one when the summary or the operationId begins with it.
  const begins = stem(first) === stem(word) || wordsOf(one.operationId ?? "")[0] === word;
  const adjective = word === "new" && isMany(last); // `new_hires` are things, `newSecret` is a call
  const verb = adjective
    ? undefined
    : (verbOf(word) ?? (method === "POST" && begins && !isMany(last) ? word : undefined));
  // `postMessage` is a call; `sign-requests` are things.
  const camel =
    method === "POST" && rest.length > 0 && /(?:^|[/.:])[a-z]+(?:[A-Z][a-z0-9]*)+$/.test(one.path) && !isMany(last);
  const certain = isOnlyVerb(word) || begins || camel;
  if (
    verb !== undefined &&
    certain &&
    word !== "search" &&
    last.parameter === undefined &&
    fits(verb, method) &&
    before.length + rest.length > 0
  ) {
    const done = word === "post" ? word : method === "DELETE" ? oppositeOf(verb) : verb;
    return around(done, { before, rest, one });
  }
  const asks = nouns.findIndex(({ words }) => words[0] === "search" && words.length === 1);
  if (asks >= 0 && (isSafe(method) || method === "POST") && !endsInOne(nouns)) {
    const others = nouns
      .filter((_, index) => index !== asks)
      .map(({ words, parameter }, index, all) =>
        parameter === undefined && index === all.length - 1 ? lastWord(words, plural) : oneOf(words),
      );
    return { verb: "search", objects: others, tail: [] };
  }
  // `/accounts/get`, `postMessage`: the path itself is a call.
  const end = verbOf(last.words.at(-1) ?? "");
  if (
    end !== undefined &&
    last.words.length > 1 &&
    isOnlyVerb(last.words.at(-1) ?? "") &&
    method === "POST" &&
    last.parameter === undefined
  ) {
    const own = last.words.slice(0, -1);
    const how =
      own.length === 1 && !isReading(end) && /^(?:force|bulk|batch|mass|soft|hard)$/.test(own[0] ?? "") ? own : [];
    const objects = [...before.map(({ words }) => oneOf(words)), ...(how.length > 0 ? [] : [own])];
    return { verb: [...how, end].join("_"), objects, tail: [] };
  }
  return undefined;
}

interface Around {
  readonly before: readonly PathNoun[];
  readonly rest: readonly string[];
  readonly one: Nameable;
}

/** A verb with what stands before it in the path, and the words after it: `verify_customer_email`, `mark_charge_as_spam`. */
function around(verb: string, { before, rest, one }: Around): Parts {
  const many =
    verb === "list" ||
    verb === "search" ||
    (one.list === true && verb !== "get") ||
    /^(?:bulk|batch|all|by|many|multiple)$/.test(rest[0] ?? "");
  const parents = before.map((noun, index) => {
    if (index < before.length - 1) return oneOf(noun.words);
    const untouched =
      noun.parameter === undefined &&
      (many || (rest.length === 0 && saysAll(one, noun)) || (one.list === true && verb === "get"));
    return untouched
      ? lastWord(noun.words, plural)
      : noun.parameter === undefined && isReading(verb) && !saysOne(one, noun)
        ? [...noun.words]
        : oneOf(noun.words);
  });
  if (rest.length === 0) return { verb, objects: parents, tail: [] };
  if (/^(?:by|with|for|to|as|from|of|in|all|on|at|without|off|out|up|down)$/.test(rest[0] ?? ""))
    return { verb, objects: parents, tail: rest };
  const own = rest.map((word) => word);
  const told = parents.filter((words) => !words.every((word) => own.some((mine) => singular(mine) === singular(word))));
  return { verb, objects: [...told, own], tail: [] };
}

/** What the method does to what the path names. */
function plainOf(one: Nameable): Parts {
  const { nouns, method } = one;
  const last = nouns.at(-1);
  const single = endsInOne(nouns);
  const verb = chooseVerb(one);
  const keepsMany =
    verb === "list" ||
    verb === "search" ||
    verb === "count" ||
    verb === "set" ||
    verb === "replace" ||
    !["POST"].includes(method);
  const objects = nouns.map((noun) => {
    if (noun !== last) return oneOf(noun.words);
    if (single) return oneOf(noun.words);
    if (verb === "list" && one.list === true)
      return isMany(noun) || isMass(noun) ? [...noun.words] : lastWord(noun.words, plural);
    if (verb === "get" && one.list === false && isMany(noun) && saysOne(one, noun)) return oneOf(noun.words);
    return keepsMany || saysMany(one, noun) ? [...noun.words] : oneOf(noun.words);
  });
  // `unlock` of `/issues/{n}/lock` is about the issue.
  const [head = ""] = objects.at(-1) ?? [];
  const plainVerb = /^(?:get|list|set|add|create|update|delete|search|check)$/.test(verb);
  const about =
    objects.length > 1 &&
    objects.at(-1)?.length === 1 &&
    (verb.endsWith(head) ||
      (!plainVerb && [verb, stem(verb.replace(/^un/, ""))].some((root) => root.length > 2 && head.startsWith(root))));
  return { verb, objects: about ? objects.slice(0, -1) : objects, tail: method === "OPTIONS" ? ["options"] : [] };
}

function chooseVerb(one: Nameable): string {
  const { method, nouns } = one;
  const single = endsInOne(nouns);
  const list = one.list === true || /^[a-z]+ (?:a |the )?list of\b/i.test(one.summary) ? true : one.list;
  const said = verbSaid(one.summary);
  const usable = said !== undefined && fits(said, method) ? said : undefined;
  switch (method) {
    case "HEAD": // answers no more than whether there is one
      return usable !== undefined && !["get", "list", "find", "search"].includes(usable) ? usable : "check";
    case "GET":
    case "OPTIONS":
    case "TRACE":
    case "QUERY": {
      if (
        usable !== undefined &&
        !["get", "list", "find", "query", "filter", "search", "lookup", "match", "order"].includes(usable)
      )
        return usable;
      const many =
        list ?? (!single && nouns.at(-1) !== undefined && isMany(nouns.at(-1) ?? { words: [], parameter: undefined }));
      if (many && !single) return usable === "search" || method === "QUERY" ? "search" : "list";
      return many && usable === "list" ? "list" : "get";
    }
    case "DELETE":
      return usable ?? "delete";
    case "PATCH":
      return usable === undefined || usable === "set" || usable === "replace" ? "update" : usable;
    case "PUT":
      if (usable === "create" || usable === "add")
        return /\b(?:or|and) (?:update|replace|edit)/i.test(one.summary) ? "set" : usable;
      if (usable === undefined || usable === "update" || usable === "put")
        return one.replaces
          ? "replace"
          : single || usable !== undefined || !isMany(nouns.at(-1) ?? { words: [], parameter: undefined })
            ? "update"
            : "set";
      return usable;
    case "POST":
      if (usable !== undefined && isMadeBy(usable, one)) return "create";
      return usable ?? (single ? "update" : "create");
    default: // a method of the vendor's own is a verb: LINK, PURGE
      return usable ?? method.toLowerCase().replaceAll(/[^a-z]+/g, "_");
  }
}

/** The verb that a summary begins with: `Lists all tickets` → list. A title such as `Ticket list` has none. */
function verbSaid(summary: string): string | undefined {
  const words = wordsOf(summary);
  const [first = ""] = words;
  return words.length > 1 ? verbOf(first) : isOnlyVerb(first) ? verbOf(first) : undefined;
}

function saysMany({ summary }: Nameable, { words }: PathNoun): boolean {
  const head = words.at(-1) ?? "";
  const said = wordsOf(summary);
  return (
    said.includes(plural(head)) &&
    !said.includes(singular(head)) &&
    /\b(?:bulk|batch|multiple|many|several|all|list of)\b/i.test(summary)
  );
}

/** `Delete stopped containers`, and no word of one container. */
function saysAll({ summary }: Nameable, { words }: PathNoun): boolean {
  const head = words.at(-1) ?? "";
  const said = wordsOf(summary);
  return isPlural(head) && said.includes(head) && !said.includes(singular(head));
}

function saysOne({ summary }: Nameable, { words }: PathNoun): boolean {
  const said = wordsOf(summary);
  return said.includes(singular(words.at(-1) ?? "")) && !said.includes(words.at(-1) ?? "");
}

/** Whether a path names what a verb makes: `POST /task_assignments` assigns a task, and creates an assignment. */
function isMadeBy(verb: string, { nouns }: Nameable): boolean {
  const last = nouns.at(-1);
  const root = stem(verb);
  if (last === undefined || last.words.length < 2 || !isMany(last) || root.length < 3) return false;
  return last.words.at(-1)?.startsWith(root) === true;
}

/** A word of no number: history, data, cached. */
function isMass({ words }: PathNoun): boolean {
  const head = words.at(-1) ?? "";
  return plural(head) === head || /(?:ing|ty|ship|ware|[^e]ed|^free|^available|^total|^me)$/.test(head);
}

function oneOf(words: readonly string[]): string[] {
  return lastWord(words, singular);
}

function stem(word: string): string {
  return word.replace(/(?:ies|y)$/, "i").replace(/(?:ings?|ed|es|s|e)$/, "");
}

function isSafe(method: Method): boolean {
  return ["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"].includes(method);
}
