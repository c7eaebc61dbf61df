import type { Operation } from "../../spec/operation.ts";
import { answerOf, isList } from "../plan/answer-schema.ts";
import { idObject } from "./name-text.ts";
import { nounsOf, type PathNoun } from "./path.ts";
import { isOnlyVerb } from "./verbs.ts";
import { wordsOf } from "./words.ts";

/**
 * The nouns of an operation's path, with what the answer and the operationId tell of them.
 *
 * @param path Its path, without the beginning that all have in common.
 */
export function nounsOfOperation(operation: Operation, path: string): readonly PathNoun[] {
  const nouns = nounsOf(path);
  const last = nouns.at(-1);
  const chosen =
    last && choosesOnly(operation, last)
      ? [...nouns.slice(0, -1), { ...last, parameter: undefined, scope: last.parameter ?? "" }]
      : nouns;
  return ofNamed(chosen, operation);
}

/** `/boards/{id}/cards/{filter}` answers a list: what it ends in says which, and is no thing. */
function choosesOnly(operation: Operation, { parameter = "" }: PathNoun): boolean {
  const answer = answerOf(operation);
  return (
    /^(?:filter|type|kind|status|state|scope|view|mode|category|period)$/i.test(parameter) &&
    answer !== undefined &&
    isList(answer)
  );
}

/** Parameters that hold the name of anything. */
const ANY = /^(?:[a-z_]+\.)?(?:name|parent|resource|id|scope|uri|value|target)(?:_\d+)?$/i;

/** A path such as `/v1/{parent}/books` or `/v1/{name}:cancel` does not say what its first parameter is; the operationId may. */
function ofNamed(nouns: readonly PathNoun[], { path, operationId }: Operation): readonly PathNoun[] {
  const [first, ...rest] = nouns;
  if (first?.parameter === undefined || !ANY.test(first.parameter)) return nouns;
  if (first.words.length > 0 && first.words.join("") !== wordsOf(first.parameter).join("")) return nouns;
  const [act = ""] = rest.at(-1)?.words ?? [];
  const acts = rest.length === 1 && (isOnlyVerb(act) || /\}:[^/]*$/.test(path));
  if (rest.length > 0 && !acts) return rest;
  const words = idObject(operationId, acts);
  return words.length === 0 ? nouns : [{ ...first, words }, ...rest];
}
