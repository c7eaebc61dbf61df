import type { Operation } from "../../spec/operation.ts";
import { answerOf, follow, isList, item, property, propertyNames, type AnswerSchema } from "../plan/answer-schema.ts";
import { members } from "../plan/schema.ts";
import { openSchema } from "../plan/inline-schema.ts";
import { singular, wordsOf } from "./words.ts";

/** Names that vendors give to the list in an answer that holds one. */
const ENVELOPE =
  /^(?:d|data|items?|results?|records?|entries|values?|list|rows|contents?|hits|elements?|objects|resources?|collection|nodes|documents|docs|members|payload|matches)$/i;

/** Parameters that hardly any operation has but one that answers a page of a list. */
const ASKS_PAGE = /^(?:cursor|per_?page|page_?(?:size|token|num(?:ber)?)|page|offset|max_?results|start_?at)$/i;

const MOST_BESIDE = 10; // members of an answer that holds a list and tells of its pages; a thing of its own has more

/** The list of an answer. */
export interface AnswerList {
  readonly pointer: string;
  /** The member that holds it; undefined when the answer is the list. */
  readonly name: string | undefined;
  /** One item; undefined when the description leaves it open. */
  readonly item: AnswerSchema | undefined;
  /** No other list stands beside it, so that nobody need say where it is. */
  readonly only: boolean;
}

/**
 * Finds the list that an operation answers: the answer itself, or the member of it that is named like the path or like an envelope.
 *
 * @param owner What the path names before that; a member of its name counts when there is no other: `usage_records` of `/records/daily`.
 */
export function listOf(
  operation: Operation,
  nouns: readonly string[],
  owner: readonly string[] = [],
): AnswerList | undefined {
  const answer = answerOf(operation);
  if (!answer) return undefined;
  if (isList(answer)) return found(answer, { pointer: "", name: undefined, only: true });
  const names = propertyNames(answer);
  const lists = names.flatMap((name) => pointersAt(answer, name));
  const [outer] = names.length === 1 || lists.length === 1 ? lists : [];
  const single = lists.filter(({ pointer }) => pointer.split("/").length === 2).length === 1;
  const namedLike = (given: readonly string[]): ListAt | undefined => {
    const heads = new Set(given.map(singular));
    return lists.find(({ name }) => wordsOf(name).some((word) => heads.has(singular(word)) && isManyOf(name)));
  };
  const wrapped = lists.find(({ name }) => ENVELOPE.test(name));
  const paged =
    lists.length > 0 &&
    (names.some((name) =>
      /^(?:next|has_?more|total|page|cursor|count|meta|paging|pagination|links|response_?meta)/i.test(name),
    ) ||
      operation.parameters.some(({ in: place, name }) => place === "query" && ASKS_PAGE.test(name))) &&
    names.length <= 8
      ? outer
      : undefined;
  const head = singular(owner.at(-1) ?? "");
  const owned =
    names.length <= MOST_BESIDE ? lists.find(({ name }) => singular(wordsOf(name).at(-1) ?? "") === head) : undefined;
  const chosen = namedLike(nouns) ?? wrapped ?? paged ?? owned;
  if (!chosen || !writable(chosen.pointer)) return undefined;
  const { pointer, name, list } = chosen;
  return found(list, { pointer, name, only: single && pointer.split("/").length === 2 });
}

function isManyOf(name: string): boolean {
  const last = wordsOf(name).at(-1) ?? "";
  return singular(last) !== last || /list$/i.test(name) || last === singular(last);
}

interface ListAt {
  readonly name: string;
  readonly pointer: string;
  readonly list: AnswerSchema;
}

/** A list at a member, or one level below it: `/tickets`, `/data/tickets`. */
function pointersAt(answer: AnswerSchema, name: string): ListAt[] {
  const here = property(answer, name);
  if (typeof here === "string") return [];
  const pointer = `/${escape(name)}`;
  if (isList(here)) return [{ name, pointer, list: here }];
  if (!ENVELOPE.test(name) && name !== "_embedded" && name !== "response") return [];
  return propertyNames(here).flatMap((inner): ListAt[] => {
    const list = property(here, inner);
    return typeof list === "string" || !isList(list)
      ? []
      : [{ name: inner, pointer: `${pointer}/${escape(inner)}`, list }];
  });
}

function found(list: AnswerSchema, where: Pick<AnswerList, "pointer" | "name" | "only">): AnswerList {
  const one = item(list);
  return { ...where, item: typeof one === "string" ? undefined : one };
}

/** Whether tools.yaml can say a pointer. */
function writable(pointer: string): boolean {
  return !/[{}]/.test(pointer);
}

function escape(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Pointers to the plain values of an answer that are no part of its items, at most two levels down, with the type of each. */
export function figuresOf(
  operation: Operation,
): { readonly pointer: string; readonly types: readonly string[]; readonly format: string }[] {
  const answer = answerOf(operation);
  if (!answer || isList(answer)) return [];
  const figures: { pointer: string; types: readonly string[]; format: string }[] = [];
  const walk = (here: AnswerSchema, pointer: string, depth: number): void => {
    for (const name of propertyNames(here)) {
      const value = property(here, name);
      const at = `${pointer}/${escape(name)}`;
      if (typeof value === "string" || isList(value) || !writable(at)) continue;
      const open = openSchema(value.schema, value.definitions);
      const inner = propertyNames(value);
      if (inner.length > 0) {
        if (depth < 2) walk(value, at, depth + 1);
      } else
        figures.push({
          pointer: at,
          types: typesIn(open),
          format: typeof open["format"] === "string" ? open["format"] : "",
        });
    }
  };
  walk(answer, "", 0);
  return figures;
}

function typesIn(open: Readonly<Record<string, unknown>>): readonly string[] {
  const type = open["type"];
  const list: readonly unknown[] = Array.isArray(type) ? type : [type];
  const inner = ["anyOf", "oneOf", "allOf"].flatMap((keyword) =>
    Array.isArray(open[keyword]) ? (open[keyword] as readonly { type?: unknown }[]).map((one) => one.type) : [],
  ); // ours: read as JSON Schema
  return [...list, ...inner].filter((one) => typeof one === "string" && one !== "null") as string[]; // filtered to texts
}

/** The properties of one item with their schemas, references followed. */
export function itemProperties(one: AnswerSchema): { readonly name: string; readonly value: AnswerSchema }[] {
  return propertyNames(one).flatMap((name) => {
    const value = follow(one, `/${escape(name)}`);
    return typeof value === "string"
      ? []
      : [{ name, value: { ...value, schema: openSchema(value.schema, value.definitions) } }];
  });
}

/** How many properties an object has by name. */
export function width(one: AnswerSchema | undefined): number {
  return one ? Math.max(propertyNames(one).length, Object.keys(members(one.schema, "properties")).length) : 0;
}
