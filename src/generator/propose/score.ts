import type { Operation } from "../../spec/operation.ts";
import { headOf, versionRank, type PathNoun } from "./path.ts";
import { plainVerb } from "./verbs.ts";
import { singular } from "./words.ts";

/** What is known of an operation when it is weighed. */
export interface Weighed {
  readonly operation: Operation;
  readonly verb: string;
  readonly nouns: readonly PathNoun[];
}

const VERBS: Readonly<Record<string, number>> = {
  list: 24,
  search: 24,
  get: 22,
  create: 20,
  update: 17,
  send: 18,
  upload: 14,
  reply: 16,
  add: 12,
  delete: 4,
  remove: 2,
  replace: 8,
  set: 8,
};
const ASIDE =
  /^(?:admin|internal|debug|health|healthz|ping|status|meta|oauth2?|token|auth|login|logout|session|enterprise|setting|settings|config|test|legacy|beta|experimental|webhook|hook|graphql|swagger|openapi|sandbox|migration|billing|scim|saml|sso|audit|export|import|batch|bulk|schema|template|custom|migration|zen|emoji|marketplace|classroom|feed)$/;
/** Things that say how something is set up; beside what they belong to they are seldom wanted. */
const SETUP =
  /^(?:field|type|template|category|setting|settings|config|configuration|option|metric|log|key|token|mapping|policy|rule|version|preset|permission|role|details|info|group|folder)$/;
const CORE = 5; // things that may have several tools among the first
const HUB = 0.2; // share of the operations under one thing: what is below it is as near as what is at the top
const MOST_ON = 20; // tools: as many as models choose well among, with room for what a person adds

/**
 * Chooses the operations that most people want first: the core resources, reading before changing, near the top before deep below,
 * and several resources rather than everything about one.
 *
 * @returns indexes of the chosen ones.
 */
export function chooseMostUseful(
  operations: readonly Weighed[],
  allowed: (index: number) => boolean,
): ReadonlySet<number> {
  const standing = standingOf(operations);
  const scores = new Map(
    operations.map((one, index) => [index, scoreOf(one, standing)] as const).filter(([index]) => allowed(index)),
  );
  const chosen = new Set<number>();
  const resources = new Map<string, number>();
  while (chosen.size < MOST_ON && scores.size > 0) {
    let best: number | undefined;
    let bestScore = -Infinity;
    for (const [index, score] of scores) {
      const one = operations[index];
      const repeated = one ? (resources.get(resourceOf(one)) ?? 0) : 0;
      // Of what the API is for, people read and write; of the rest they mostly want to see what there is.
      const now = score - (one && standing.core.has(resourceOf(one)) ? 3 : 7) * repeated;
      if (now > bestScore) [best, bestScore] = [index, now];
    }
    if (best === undefined || bestScore < -60) break;
    const one = operations[best];
    if (one) resources.set(resourceOf(one), (resources.get(resourceOf(one)) ?? 0) + 1);
    chosen.add(best);
    scores.delete(best);
  }
  return chosen;
}

function scoreOf({ operation, verb, nouns }: Weighed, { weight, hubs }: Standing): number {
  const keys = nouns.map(keyOf);
  const depth = nouns.filter(({ words }) => words.join() !== "me").length;
  const demanded = operation.parameters.filter((one) => one.required && one.in !== "path").length;
  const aside = nouns.some(({ words }) => ASIDE.test(words.join("_")) || words.some((word) => ASIDE.test(word)));
  const last = nouns.at(-1);
  const setup = last !== undefined && SETUP.test(headOf(last)) && nouns.flatMap(({ words }) => words).length > 1;
  const verbScore = VERBS[plainVerb(verb)] ?? 8;
  const [own, first] = [keys.at(-1), keys[0]].map((key) => Math.log2(1 + (weight.get(key ?? "") ?? 0)));
  const below = hubs.has(keys[0] ?? "") && depth > 1 ? 9 * (depth - 2) + 4 : 9 * Math.max(0, depth - 1);
  return (
    verbScore +
    5 * (own ?? 0) +
    2 * (first ?? 0) -
    below -
    3 * Math.max(0, demanded - 2) -
    (operation.deprecated ? 100 : 0) -
    (aside ? 25 : 0) -
    (setup ? 10 : 0) -
    (/^(?:OPTIONS|HEAD|TRACE)$/.test(operation.method) ? 40 : 0) -
    (operation.path.length > 1 && operation.path.endsWith("/") ? 20 : 0) - // an index, where the others end in none
    (versionRank(operation.path) < 0 ? 15 : 0) -
    (plainVerb(verb) === verb ? 0 : 10)
  );
}

/** What a description is about. */
interface Standing {
  readonly weight: ReadonlyMap<string, number>;
  readonly hubs: ReadonlySet<string>;
  /** The things that most operations are about. */
  readonly core: ReadonlySet<string>;
}

/**
 * How many operations are about each thing: what most of them are about is what the API is for. `ticket_types` and the like
 * count a little for tickets too.
 */
function standingOf(operations: readonly Weighed[]): Standing {
  const counts = new Map<string, number>();
  const under = new Map<string, number>();
  for (const { nouns } of operations) {
    for (const key of new Set(nouns.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
    const [first] = nouns;
    if (first && nouns.length > 1) under.set(keyOf(first), (under.get(keyOf(first)) ?? 0) + 1);
  }
  const weight = new Map(counts);
  for (const [key, count] of counts) {
    const words = key.split(" ");
    for (const length of words.slice(1).keys()) {
      const shorter = words.slice(0, length + 1).join(" ");
      if (counts.has(shorter)) weight.set(shorter, (weight.get(shorter) ?? 0) + count / 4);
    }
  }
  const hubs = [...under].flatMap(([key, count]) => (count >= operations.length * HUB ? [key] : []));
  const core = [...weight]
    .filter(([key]) => !hubs.includes(key))
    .filter(([key]) => !key.split(" ").some((word) => ASIDE.test(word) || SETUP.test(word)))
    .sort(([, one], [, other]) => other - one)
    .slice(0, CORE)
    .map(([key]) => key);
  return { weight, hubs: new Set(hubs), core: new Set([...hubs, ...core]) };
}

/** What a noun names, in the singular. */
function keyOf({ words }: PathNoun): string {
  return words.map(singular).join(" ");
}

function resourceOf({ nouns }: Weighed): string {
  const last = nouns.at(-1);
  return last ? keyOf(last) : "";
}
