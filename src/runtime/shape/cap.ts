import { type Capped, capObject } from "./cap-object.ts";

/** Characters of JSON that an answer may hold; a model reads about four of them as one token. */
export const MAX_ANSWER_CHARACTERS = 40_000;

/** A list that was read, with what is needed to go on from any place in it. */
export interface ListContent {
  readonly items: readonly unknown[];
  /** The cursor that goes on after the first `count` items; undefined when nothing comes after them. */
  readonly cursorAfter: (count: number) => string | undefined;
  readonly total?: number | undefined;
  /** Why the list ends before it should; undefined when it does not. */
  readonly stopped?: string | undefined;
}

/**
 * Builds the answer of a list: as many items as fit. The cursor goes on after the last one shown, so that nothing is lost.
 *
 *     40 items of 2,000 characters → 19 items, next_cursor of item 20, and a notice that says so
 */
export function capList(list: ListContent, maxCharacters = MAX_ANSWER_CHARACTERS): Capped {
  const whole = render(list, list.items, list.items.length);
  if (whole.text.length <= maxCharacters) return whole;
  for (let count = fitting(list.items, maxCharacters); count > 0; count--) {
    const some = render(list, list.items.slice(0, count), count, notice(count, list.items.length, maxCharacters));
    if (some.text.length <= maxCharacters) return some;
  }
  return oneCutItem(list, maxCharacters);
}

/** Not even the first item fits: it is shown in part, or the list could never be got past. */
function oneCutItem(list: ListContent, maxCharacters: number): Capped {
  const frame = render(list, [], 1, notice(1, list.items.length, maxCharacters)).text.length;
  const [first] = list.items;
  const object = typeof first === "object" && first !== null && !Array.isArray(first) ? { ...first } : { item: first };
  return render(list, [capObject(object, maxCharacters - frame).value], 1, notice(1, list.items.length, maxCharacters));
}

function render(list: ListContent, items: readonly unknown[], count: number, notice?: string): Capped {
  const cursor = list.cursorAfter(count);
  const value = {
    items,
    ...(cursor !== undefined && { next_cursor: cursor }),
    ...(list.total !== undefined && { total: list.total }),
    ...(list.stopped !== undefined && { partial: true, reason: list.stopped }),
    ...(notice !== undefined && { notice }),
  };
  return { value, text: JSON.stringify(value), ...(notice !== undefined && { truncated: true }) };
}

/** How many items fit if nothing else were there: where the search begins. */
function fitting(items: readonly unknown[], maxCharacters: number): number {
  let length = 0;
  const count = items.findIndex((item) => (length += JSON.stringify(item).length + 1) > maxCharacters);
  return count === -1 ? items.length : count;
}

function notice(shown: number, read: number, maxCharacters: number): string {
  const most = maxCharacters.toLocaleString("en-US");
  if (read === 1) return `The item is cut: an answer holds at most ${most} characters.`;
  return `Shows ${shown} of the ${read} items read, since an answer holds at most ${most} characters. Call again with cursor set to next_cursor for the rest.`;
}
