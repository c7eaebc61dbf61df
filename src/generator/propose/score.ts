import type { Operation } from "../../spec/operation.ts";
import { headOf, type PathNoun } from "./path.ts";

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
  add: 12,
  delete: 4,
  remove: 2,
  replace: 8,
  set: 8,
};
const ASIDE =
  /^(?:admin|internal|debug|health|healthz|ping|status|meta|oauth2?|token|auth|login|logout|session|enterprise|setting|settings|config|test|legacy|beta|experimental|webhook|hook|graphql|swagger|openapi|sandbox|migration|billing|scim|saml|sso|audit|export|import|batch|bulk|schema|template|custom|migration|zen|emoji|marketplace|classroom|feed)$/;
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
  const weight = centrality(operations);
  const scores = new Map(
    operations.map((one, index) => [index, scoreOf(one, weight)] as const).filter(([index]) => allowed(index)),
  );
  const chosen = new Set<number>();
  const resources = new Map<string, number>();
  while (chosen.size < MOST_ON && scores.size > 0) {
    let best: number | undefined;
    let bestScore = -Infinity;
    for (const [index, score] of scores) {
      const one = operations[index];
      const repeated = one ? (resources.get(resourceOf(one)) ?? 0) : 0;
      const now = score - 5 * repeated;
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

function scoreOf({ operation, verb, nouns }: Weighed, weight: ReadonlyMap<string, number>): number {
  const depth = nouns.filter(({ words }) => words.join() !== "me").length;
  const demanded = operation.parameters.filter((one) => one.required && one.in !== "path").length;
  const heads = nouns.map(headOf);
  const aside = nouns.some(({ words }) => ASIDE.test(words.join("_")) || words.some((word) => ASIDE.test(word)));
  const verbScore = VERBS[verb] ?? 8;
  const [own, first] = [heads.at(-1), heads[0]].map((head) => Math.log2(1 + (weight.get(head ?? "") ?? 0)));
  return (
    verbScore +
    5 * (own ?? 0) +
    2 * (first ?? 0) -
    9 * Math.max(0, depth - 1) -
    3 * Math.max(0, demanded - 2) -
    (operation.deprecated ? 100 : 0) -
    (aside ? 25 : 0)
  );
}

/** How many operations are about each thing: what most of them are about is what the API is for. */
function centrality(operations: readonly Weighed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { nouns } of operations)
    for (const head of new Set(nouns.map(headOf))) counts.set(head, (counts.get(head) ?? 0) + 1);
  return counts;
}

function resourceOf({ nouns }: Weighed): string {
  const last = nouns.at(-1);
  return last ? headOf(last) : "";
}
