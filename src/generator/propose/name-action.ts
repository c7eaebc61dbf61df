import { isSafe } from "../plan/annotations.ts";
import type { Nameable, Parts } from "./nameable.ts";
import { endsInOne, isMany, oneOf, type PathNoun } from "./path.ts";
import { says } from "./qualify.ts";
import { saysOne, saysPlural, verbSaid } from "./said.ts";
import { bulkVerb, fits, isOnlyVerb, isPlainVerb, isReading, oppositeOf, plainVerb, verbOf } from "./verbs.ts";
import { lastWord, plural, singular, stem, wordsOf } from "./words.ts";

/** A path that says what is done: `/tickets/{id}/close`, `/search/issues`, `/pets/findByStatus`; undefined for one that names things only. */
export function actionOf(one: Nameable): Parts | undefined {
  return bulkOf(one) ?? endOf(one) ?? middleOf(one) ?? searchOf(one) ?? callOf(one);
}

/** `/messages/bulk-delete`, `/members/bulk` "Update several members". */
function bulkOf(one: Nameable): Parts | undefined {
  const last = one.nouns.at(-1);
  if (!last || last.parameter !== undefined || isSafe(one)) return undefined;
  const [word = "", what = ""] = last.words;
  if (one.nouns.length < 2 && !isOnlyVerb(what)) return undefined; // `bulk_rates` may be things
  const said = plainVerb(verbSaid(one.summary) ?? "");
  const alone =
    /^(?:bulk|batch)$/.test(word) && last.words.length === 1 && said !== "" && said !== word && fits(said, one.method);
  const verb = alone ? `${word}_${said}` : bulkVerb(last.words);
  return verb === undefined
    ? undefined
    : around(verb, { before: one.nouns.slice(0, -1), rest: last.words.slice(2), one });
}

/** `/tickets/{id}/close`: the path ends in a verb. */
function endOf(one: Nameable): Parts | undefined {
  const { nouns, method } = one;
  const last = nouns.at(-1);
  if (!last || last.parameter !== undefined) return undefined;
  const before = nouns.slice(0, -1);
  const [word = "", ...rest] = last.words;
  const spoken = wordsOf(one.summary);
  const begins = /^\S+ [A-Za-z]/.test(one.summary.replace(/^\W+/, "")) && stem(spoken[0] ?? "") === stem(word);
  const adjective = word === "new" && isMany(last); // `new_hires` are things, `newSecret` is a call
  // `login_links` are things where somebody speaks of a login link.
  const thing = rest.length > 0 && isMany(last) && !begins && says(one.summary, last.words);
  // A verb that we do not know is one when the summary begins with it.
  const verb =
    adjective || thing || word === "search"
      ? undefined
      : (verbOf(word) ?? (method === "POST" && begins && !isMany(last) ? word : undefined));
  if (verb === undefined || before.length + rest.length === 0) return undefined;
  // `postMessage` is a call; `sign-requests` are things.
  const camel =
    method === "POST" && rest.length > 0 && /(?:^|[/.:])[a-z]+(?:[A-Z][a-z0-9]*)+$/.test(one.path) && !isMany(last);
  const known = begins || wordsOf(one.operationId ?? "")[0] === word;
  if (!isOnlyVerb(word) && !known && !camel) return undefined;
  if (!fits(verb, method) && !(begins && isOnlyVerb(word)) && !(rest.length === 0 && insists(word, one)))
    return undefined;
  const said = verbSaid(one.summary) ?? verb;
  if (method === "DELETE" && said !== verb && !isPlainVerb(said) && fits(said, method)) return undefined; // "Cancel the merge"
  const done = method === "DELETE" && !begins ? oppositeOf(verb) : verb;
  return around(word === "post" || word === "insert" ? word : done, { before, rest, one });
}

/** Whether a path means its verb though nobody changes anything by GET: `/tickets/{id}/restore`. */
function insists(word: string, { method, summary }: Nameable): boolean {
  return isOnlyVerb(word) && isSafe({ method }) && !isReading(verbSaid(summary) ?? "");
}

/** `/integrations/import/acme`, `/watch/pods`: a verb stands before what it is about. */
function middleOf(one: Nameable): Parts | undefined {
  const [first = ""] = wordsOf(one.summary);
  const at = one.nouns.findLastIndex(
    ({ words: [word = "", ...rest], parameter, isVerb }, index) =>
      index < one.nouns.length - 1 &&
      parameter === undefined &&
      rest.length === 0 &&
      word !== "search" &&
      (isVerb === true || (verbOf(word) !== undefined && stem(first) === stem(word))) &&
      (isVerb === true || fits(verbOf(word) ?? word, one.method)),
  );
  const word = one.nouns[at]?.words[0] ?? "";
  const after = one.nouns.slice(at + 1);
  const last = after.at(-1);
  if (at < 0 || !last) return undefined;
  const verb = word === "post" ? word : (verbOf(word) ?? word);
  const outer = one.nouns.slice(0, at).map(oneOf);
  const many = last.parameter === undefined && (one.list ?? (one.holdsMany || isMany(last)));
  if (verb === "get" && many)
    return { verb: "list", objects: objectsOf(after, (words) => lastWord(words, plural)), tail: [], outer };
  return { verb, objects: objectsOf(after, (words) => [...words]), tail: [], outer };
}

function objectsOf(nouns: readonly PathNoun[], all: (words: readonly string[]) => string[]): string[][] {
  return nouns.map((noun, index) =>
    index === nouns.length - 1 && noun.parameter === undefined ? all(noun.words) : oneOf(noun),
  );
}

/** `/search/issues`, `/tickets/search`. */
function searchOf(one: Nameable): Parts | undefined {
  const { nouns, method } = one;
  const asks = nouns.findIndex(({ words }) => words[0] === "search" && words.length === 1);
  if (asks < 0 || (!isSafe(one) && method !== "POST") || endsInOne(nouns)) return undefined;
  const others = nouns.filter((_, index) => index !== asks);
  // Where POST searches the same path, a GET that says something else lists.
  const lists = one.hasSearch && verbSaid(one.summary) !== "search" && one.summary !== "";
  return { verb: lists ? "list" : "search", objects: objectsOf(others, (words) => lastWord(words, plural)), tail: [] };
}

/** `/accounts/get`, `postMessage`: the path itself is a call. */
function callOf({ nouns, method }: Nameable): Parts | undefined {
  const last = nouns.at(-1);
  const word = last?.words.at(-1) ?? "";
  const verb = verbOf(word);
  if (!last || verb === undefined || last.words.length < 2 || !isOnlyVerb(word)) return undefined;
  if (method !== "POST" || last.parameter !== undefined) return undefined;
  const own = last.words.slice(0, -1);
  // `forceReboot` says how, `messageSend` what.
  const how = own.length === 1 && !isReading(verb) && /^(?:force|mass|soft|hard)$/.test(own[0] ?? "");
  const before = nouns.slice(0, -1).map(oneOf);
  return how
    ? { verb: `${own[0] ?? ""}_${verb}`, objects: before, tail: [] }
    : { verb, objects: [...before, own], tail: [] };
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
    plainVerb(verb) !== verb ||
    (one.list === true && verb !== "get") ||
    /^(?:bulk|batch|all|by|many|multiple)$/.test(rest[0] ?? "");
  const parents = before.map((noun, index) => {
    if (index < before.length - 1) return oneOf(noun);
    const all = rest.length === 0 && isMany(noun) && saysPlural(one.summary, noun); // `Delete stopped containers`
    const untouched = noun.parameter === undefined && (many || all || (one.list === true && verb === "get"));
    return untouched
      ? lastWord(noun.words, plural)
      : noun.parameter === undefined && isReading(verb) && !saysOne(one.summary, noun)
        ? [...noun.words]
        : oneOf(noun);
  });
  if (rest.length === 0) return { verb, objects: parents, tail: [] };
  if (/^(?:by|with|for|to|as|from|of|in|all|on|at|without|off|out|up|down)$/.test(rest[0] ?? ""))
    return { verb, objects: parents, tail: rest };
  const includes = (words: readonly string[], other: readonly string[]): boolean =>
    words.every((word) => other.some((mine) => singular(mine) === singular(word)));
  // `/project_templates/{id}/instantiateProject` is about the template.
  const owner = parents.at(-1);
  if (owner && rest.length < owner.length && owner[0] === rest[0] && includes(rest, owner))
    return { verb, objects: parents, tail: [] };
  return { verb, objects: [...parents.filter((words) => !includes(words, rest)), [...rest]], tail: [] };
}
