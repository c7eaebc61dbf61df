import type { Pagination } from "../../definition/pagination.ts";
import { at as valueAt } from "../request/pointer.ts";
import { linkTo, nextLink } from "./link-header.ts";
import type { Position } from "./position.ts";

/** One page as the vendor answered it. */
export interface PageAnswer {
  /** The items, and how many of them there are before any are skipped. */
  readonly count: number;
  /** The last item; undefined on an empty page. */
  readonly last: unknown;
  readonly headers: Headers;
  /** The request says how many items come before the page, not which page it is. */
  readonly byOffset: boolean;
  /** Evaluates an expression of the pagination against the answer. */
  readonly read: (expression: string) => unknown;
}

/** What comes after a page: another one, nothing, or something that we do not go after. */
export interface PageEnding {
  readonly next: Position | undefined;
  /** Why the list ends here although the vendor says that there is more. */
  readonly stopped?: string;
}

/**
 * Works out from the vendor's answer whether there is another page, and where it begins.
 *
 *     { by: "total", at: "$response.body#/total" }, page 2 of 30, total 70 → page 3
 *
 * @param base URL of the server, for the origin of `Link` headers.
 */
export function pageEnding(pagination: Pagination, at: Position, answer: PageAnswer, base: URL): PageEnding {
  const ending = endingOf(pagination, at, answer, base);
  const { maxPages } = pagination;
  if (!ending.next || maxPages === undefined || ending.next.number <= maxPages) return ending;
  return {
    next: undefined,
    stopped: `there are no more than ${maxPages} pages to be had of this list; narrow the search to see the rest`,
  };
}

function endingOf(pagination: Pagination, at: Position, answer: PageAnswer, base: URL): PageEnding {
  const { end } = pagination;
  const following = { ...at, number: at.number + 1, offset: at.offset + answer.count, skip: 0 };
  if (end.by === "token") return afterToken(following, at, answer.read(end.at));
  if (end.by === "link") {
    const link = end.at ? linkTo(answer.read(end.at), base) : nextLink(answer.headers.get("link"), base);
    if (link === "none") return { next: undefined };
    if (link === "elsewhere") return { next: undefined, stopped: "the link to the next page leads to another server" };
    if (end.token === undefined) return { next: following };
    return mustGoOn(
      afterToken(following, at, link.searchParams.get(end.token)),
      `the link to the next page has no ${end.token}`,
    );
  }
  if (!hasMore(pagination, at, answer)) return { next: undefined };
  const { lastItem } = pagination;
  if (lastItem === undefined) return { next: following };
  return mustGoOn(afterToken(following, at, valueAt(answer.last, lastItem)), `the last item has no ${lastItem}`);
}

/** There is more, so that an end without a reason is one that we do not know how to go past. */
function mustGoOn(ending: PageEnding, reason: string): PageEnding {
  return ending.next || ending.stopped !== undefined ? ending : { next: undefined, stopped: reason };
}

function hasMore({ end, size }: Pagination, at: Position, { count, byOffset, read }: PageAnswer): boolean {
  // A vendor that does not tell how many there are is taken at his pages: behind a full one there may be another.
  const isFull = count >= Math.min(at.size, size.max);
  switch (end.by) {
    case "short-page":
      return isFull;
    case "total": {
      const total = numberOf(read(end.at));
      if (total === undefined) return isFull;
      // By offset, the next page begins after what came; by number, after what a page holds, however few came.
      return (byOffset ? at.offset + count : at.number * at.size) < total;
    }
    case "pages": {
      const pages = numberOf(read(end.at));
      return pages === undefined ? isFull : at.number < pages;
    }
    case "flag":
      return ["true", "1"].includes(String(read(end.at))); // as JSON, or as the text of a header
    case "single":
    case "link":
    case "token":
      return false;
  }
}

function afterToken(following: Position, at: Position, token: unknown): PageEnding {
  const text = typeof token === "number" ? String(token) : token;
  if (typeof text !== "string" || text === "") return { next: undefined };
  if (text === at.token) return { next: undefined, stopped: "the mark of the next page is the one of this page" };
  // A token is handed out in our cursor and comes back from the model: what looks like an address must not travel like that.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return { next: undefined, stopped: "the mark of the next page is an address, and those are not followed" };
  return { next: { ...following, token: text } };
}

/** A count that the vendor tells, as a number or as digits. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
