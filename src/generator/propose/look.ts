import type { Operation, OperationEntry } from "../../spec/operation.ts";
import { resolveOperation } from "../../spec/resolve-operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { answerOf, isList, propertyNames } from "../plan/answer-schema.ts";
import { listOf, type AnswerList } from "./answer.ts";
import { learnHabits, type Habits } from "./habits.ts";
import type { Looked } from "./looked.ts";
import { nameOperation } from "./name-operation.ts";
import { idName } from "./name-text.ts";
import { findPaging } from "./paging.ts";
import { nounsOfOperation } from "./operation-nouns.ts";
import { commonPrefix, endsInOne, withoutPrefix, type PathNoun } from "./path.ts";
import { plainText } from "./plain-text.ts";
import { readsOnly } from "./propose-tool.ts";
import { qualify } from "./qualify.ts";
import { isLabel } from "./said.ts";
import { isOnlyVerb } from "./verbs.ts";
import { wordsOf } from "./words.ts";

/** Looks at every operation of a description: what it is about, what it answers, how it pages, what it may be called. */
export function lookAtAll(spec: Spec): Looked[] {
  const resolved = spec.entries.map((entry) => ({ entry, operation: resolveOperation(spec, entry).operation }));
  const paths = resolved.map(({ operation }) => operation.path);
  const prefix = commonPrefix(paths);
  const common = commonBeginning(paths, prefix);
  const read = resolved.map(({ entry, operation }) => {
    const nouns = nounsOfOperation(operation, withoutPrefix(operation.path, prefix, common));
    return { entry, operation, ...summaryOf(operation), nouns };
  });
  const habits = learnHabits(read);
  const placed = read.map((one) => place(one, habits));
  // Operations of one path are about the same thing, whichever of them tells which.
  const qualified = new Map(placed.flatMap(({ entry, nouns, own }) => (nouns === own ? [] : [[entry.path, nouns]])));
  return placed.map((one) => look({ ...one, nouns: qualified.get(one.entry.path) ?? one.nouns }, habits));
}

interface Read {
  readonly entry: OperationEntry;
  readonly operation: Operation;
  readonly nouns: readonly PathNoun[];
  readonly summary: string;
  /** The summary is the operationId in words. */
  readonly spoken: boolean;
}

interface Placed extends Read {
  /** What the path names, before a part that only says which ones goes to its noun. */
  readonly own: readonly PathNoun[];
  readonly found: AnswerList | undefined;
}

/** Finds what an operation is about, and the list that it answers. */
function place(one: Read, habits: Habits): Placed {
  const own = ofCaller(habits.apply(one.nouns), one.operation.summary);
  const [last, owner] = [own.at(-1), own.at(-2)];
  const found = listOf(one.operation, last?.words ?? [], last?.parameter === undefined ? (owner?.words ?? []) : []);
  return { ...one, own, found, nouns: qualify(own, one.summary, found?.name) };
}

function look({ entry, operation, summary, spoken, nouns, found }: Placed, habits: Habits): Looked {
  const asks = entry.method === "GET" || entry.method === "POST" || entry.method === "QUERY";
  const paging = asks ? findPaging(operation, found) : { rule: undefined, remark: undefined };
  const positioned = paging.rule !== undefined && paging.kind !== "whole";
  // One thing that holds a list of something is no list, unless it is read page by page.
  const list = found && asks && (positioned || found.pointer === "" || !endsInOne(nouns)) ? found : undefined;
  const answer = answerOf(operation);
  const known = answer !== undefined && (isList(answer) || propertyNames(answer).length > 0);
  const candidates = nameOperation(
    {
      method: entry.method,
      path: operation.path,
      nouns,
      summary,
      operationId: entry.operationId,
      list: known ? list !== undefined : undefined,
      ...habits.beside(entry),
    },
    spoken,
  );
  const lists = entry.method === "GET" && candidates.verb === "list";
  const remark = paging.rule === undefined ? paging.remark : undefined;
  const reads = list !== undefined && readsOnly({ entry, nouns, verb: candidates.verb });
  return {
    entry,
    operation,
    nouns,
    list: reads ? list : undefined,
    paging: reads ? paging : { rule: undefined, remark: lists && !found ? remark : undefined },
    ...candidates,
  };
}

/** What the vendor says is done, in one sentence; an operationId that reads like words where nothing else is said. */
function summaryOf({ summary, description, operationId }: Operation): Pick<Read, "summary" | "spoken"> {
  const label = isLabel(summary) ? "" : summary;
  const said = plainText(label || description.split(/(?<=\.)\s/)[0] || "");
  const words = wordsOf(operationId ?? "");
  const numbered = /[A-Za-z]\d+$/.test(operationId ?? ""); // `duplicate3`: one of several of the same name
  const speaks =
    said === "" &&
    !numbered &&
    idName(operationId) !== undefined &&
    isOnlyVerb(words[0] === "bulk" ? (words[1] ?? "") : (words[0] ?? ""));
  return speaks ? { summary: words.join(" "), spoken: true } : { summary: said, spoken: false };
}

/** `/user/repos` of an API where that is who calls: my repos. */
function ofCaller(nouns: readonly PathNoun[], summary: string): readonly PathNoun[] {
  const [first, ...rest] = nouns;
  const own =
    first?.words.join() === "user" &&
    first.parameter === undefined &&
    !(rest.length === 1 && isOnlyVerb(rest[0]?.words[0] ?? "")) &&
    /\b(?:authenticated|current|logged[- ]in|calling) user\b/i.test(summary);
  const me = { words: ["me"], parameter: undefined };
  return own ? [...(rest.length === 0 ? [first] : []), me, ...rest] : nouns;
}

/** The beginning that most paths share, written without the names of parameters. */
function commonBeginning(paths: readonly string[], length: number): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const key = path
      .split("/")
      .slice(1, length + 1)
      .join("/")
      .replaceAll(/\{[^{}]*\}/g, "{}");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "";
}
