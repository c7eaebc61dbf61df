import type { Pagination } from "../../definition/pagination.ts";
import { isOver } from "../clock.ts";
import type { CallContext } from "../deployment.ts";
import { Problem } from "../problem.ts";
import { firstPosition, type Position } from "./position.ts";

/** Pages that one call reads at most; the cursor leads on from there. */
const MAX_PAGES = 10;
/** Bytes of all pages of one call, after which no other is asked for: an answer shows a few hundredths of that. */
const MAX_BYTES = 10 * 1024 * 1024;
/** Pages without a single item that are passed over before we stop believing that there are more. */
const MAX_EMPTY_PAGES = 3;

/** One page, read. */
export interface Page {
  readonly items: readonly unknown[];
  readonly next: Position | undefined;
  readonly stopped?: string | undefined;
  readonly total?: number | undefined;
  /** Size of the vendor's answer. */
  readonly bytes?: number;
}

/** What a walk needs to know. */
export interface WalkOptions {
  readonly pagination: Pagination;
  /** One request of one page. Retries are its own business. */
  readonly readPage: (at: Position) => Promise<Page>;
  /** Items wanted: at least 1. Counts items, not pages. */
  readonly limit: number;
  /** Where to go on. Undefined: at the beginning. */
  readonly from: Position | undefined;
  readonly context: CallContext;
}

/** Items in the vendor's order, and how to go on after any of them. */
export interface Walk {
  readonly items: readonly unknown[];
  /** Where the item after the first `count` stands; undefined when there is none. */
  readonly positionAfter: (count: number) => Position | undefined;
  readonly total: number | undefined;
  /** Why the walk ended before it should; undefined when it did not. */
  readonly stopped: string | undefined;
}

interface ReadPage {
  readonly at: Position;
  /** Items without the skipped ones. */
  readonly items: readonly unknown[];
}

/**
 * Collects items of a list page by page, up to a limit.
 *
 * Pages are asked for one after another and all have the same size: vendors compute `offset = (page - 1) * size`, so a smaller last
 * page would return the wrong window.
 *
 *     limit 40, size at most 100   →  page 1 of 40; the cursor goes on at page 2 of 40
 *     limit 250, size at most 100  →  pages 1, 2, 3 of 100; the cursor goes on in page 3, after 50
 *     limit 10, size always 30     →  page 1; the cursor goes on in page 1, after 10
 *
 * When a later page fails, what was read is kept, with the reason and the place to go on.
 *
 * @throws {Problem} of the first page; `cancelled` whenever the caller gives up.
 */
export async function walkPages(options: WalkOptions): Promise<Walk> {
  const { limit, context } = options;
  const read: ReadPage[] = [];
  const guard = repetitionGuard();
  const start = options.from ?? firstPosition(pageSize(options.pagination, limit));
  let next: Position | undefined = start;
  let count = 0;
  let bytes = 0;
  let total: number | undefined;
  let stopped: string | undefined;
  while (next && count < limit && read.length < MAX_PAGES && bytes < MAX_BYTES) {
    const at: Position = next;
    const page: Page | Problem = await readOrFail(options, at, read.length === 0);
    if (page instanceof Problem) {
      stopped = `page ${at.number} could not be read. ${page.message}`;
      break;
    }
    const doubt = guard(at, page);
    const items = doubt?.drop ? [] : page.items.slice(at.skip);
    read.push({ at, items });
    count += items.length;
    bytes += page.bytes ?? 0;
    total = page.total ?? total;
    [next, stopped] = doubt ? [doubt.goOn ? page.next : undefined, doubt.reason] : [page.next, page.stopped];
    if (doubt) break;
    if (items.length > 0 && (read.length > 1 || (next && count < limit))) {
      const done = Math.min(count, limit);
      const left = total === undefined ? undefined : Math.min(limit, total - start.offset - start.skip);
      context.progress(done, left === undefined ? undefined : Math.max(done, left), `${done} items read`);
    }
  }
  const items = read.flatMap((page) => page.items).slice(0, limit);
  return {
    items,
    positionAfter: (after) => positionAfter(read, after, next),
    total,
    stopped: count > limit ? undefined : stopped,
  };
}

/** The size of every page of a walk: no more than is wanted, no more than the vendor allows. */
export function pageSize({ size }: Pagination, limit: number): number {
  return size.fixed ? size.max : Math.min(limit, size.max);
}

/** A page, or the problem of one that comes after others; the problem of the first page is the caller's. */
async function readOrFail({ readPage, context }: WalkOptions, at: Position, isFirst: boolean): Promise<Page | Problem> {
  try {
    return await readPage(at);
  } catch (error) {
    if (isFirst || !(error instanceof Problem)) throw error;
    // A deadline that passes is a reason to hand over what there is; a client that has gone is not.
    if (!isOver(context.deadlineAt) && (error.code === "cancelled" || context.signal.aborted)) throw error;
    return error;
  }
}

/** Why a walk should not go on by itself. */
interface Doubt {
  readonly reason: string;
  /** The items were there before. */
  readonly drop: boolean;
  /** A caller who wants to may still go on. */
  readonly goOn: boolean;
}

/** Tells a vendor that goes in circles: a page as the one before, a mark that was there already, nothing but empty pages. */
function repetitionGuard(): (at: Position, page: Page) => Doubt | undefined {
  const tokens = new Set<string>();
  let last: readonly unknown[] = [];
  let empty = 0;
  return (at, { items, next }) => {
    empty = items.length === 0 ? empty + 1 : 0;
    if (next && empty >= MAX_EMPTY_PAGES)
      return { reason: `${empty} pages in a row were empty`, drop: false, goOn: true };
    if (same(items, last)) return { reason: "the same page came twice", drop: true, goOn: false };
    last = items;
    if (at.token !== undefined) tokens.add(at.token);
    if (next?.token === undefined || !tokens.has(next.token)) return undefined;
    return { reason: "the pages lead back to one that was read already", drop: false, goOn: false };
  };
}

function same(items: readonly unknown[], others: readonly unknown[]): boolean {
  if (items.length === 0 || items.length !== others.length) return false;
  return JSON.stringify(items) === JSON.stringify(others);
}

/** The place of the item after the first `count`: within a page that was read, or where the next one begins. */
function positionAfter(read: readonly ReadPage[], count: number, next: Position | undefined): Position | undefined {
  let before = 0;
  for (const { at, items } of read) {
    if (count < before + items.length) return { ...at, skip: at.skip + count - before };
    before += items.length;
  }
  return next;
}
