import { expect, test } from "vitest";
import type { Pagination } from "../../../src/definition/pagination.ts";
import { firstPosition, type Position } from "../../../src/runtime/page/position.ts";
import { type Page, type Walk, walkPages } from "../../../src/runtime/page/walk.ts";
import { Problem } from "../../../src/runtime/problem.ts";
import { context } from "../call/deploy.ts";

const all = Array.from({ length: 250 }, (_, index) => index + 1);
const flexible: Pagination = { items: "$response.body", size: { max: 100 }, end: { by: "link" } };
const fixed: Pagination = { items: "$response.body", size: { max: 30, fixed: true }, end: { by: "link" } };

/** A vendor with 250 items that remembers which windows it was asked for. */
function vendor(fault?: (at: Position) => Page | undefined) {
  const asked: string[] = [];
  return {
    asked,
    readPage: async (at: Position): Promise<Page> => {
      asked.push(`${at.number}×${at.size}`);
      const own = fault?.(at);
      if (own) return own;
      const items = all.slice((at.number - 1) * at.size, at.number * at.size);
      const next =
        at.number * at.size < all.length
          ? { ...at, number: at.number + 1, offset: at.offset + items.length, skip: 0 }
          : undefined;
      return { items, next };
    },
  };
}

const rows = [
  { pagination: flexible, limit: 40, asked: ["1×40"], next: { number: 2, size: 40, skip: 0 } },
  { pagination: flexible, limit: 100, asked: ["1×100"], next: { number: 2, size: 100, skip: 0 } },
  { pagination: flexible, limit: 150, asked: ["1×100", "2×100"], next: { number: 2, size: 100, skip: 50 } },
  { pagination: flexible, limit: 250, asked: ["1×100", "2×100", "3×100"], next: undefined },
  { pagination: fixed, limit: 10, asked: ["1×30"], next: { number: 1, size: 30, skip: 10 } },
  { pagination: fixed, limit: 30, asked: ["1×30"], next: { number: 2, size: 30, skip: 0 } },
  { pagination: fixed, limit: 70, asked: ["1×30", "2×30", "3×30"], next: { number: 3, size: 30, skip: 10 } },
] as const;

test.each(rows)(
  "limit $limit of pages of $pagination.size.max asks for $asked",
  async ({ pagination, limit, asked, next }) => {
    const own = vendor();
    const walk = await walkPages({ pagination, limit, from: undefined, context: context(), readPage: own.readPage });
    expect(walk.items).toEqual(all.slice(0, limit));
    expect(own.asked).toEqual(asked);
    const after = walk.positionAfter(limit);
    expect(after && { number: after.number, size: after.size, skip: after.skip }).toEqual(next);
  },
);

test.each([
  { name: "the same limit all the way", pagination: flexible, limits: [40] },
  { name: "a limit that changes on the way", pagination: flexible, limits: [40, 7, 100, 1, 33] },
  { name: "fixed pages and a small limit", pagination: fixed, limits: [7] },
  { name: "fixed pages and a limit that changes", pagination: fixed, limits: [10, 45, 1] },
])("$name returns every item once", async ({ pagination, limits }) => {
  const { readPage } = vendor();
  const got: unknown[] = [];
  let from: Position | undefined;
  let call = 0;
  do {
    const limit = limits[call++ % limits.length] ?? 1;
    const walk: Walk = await walkPages({ pagination, limit, from, context: context(), readPage });
    expect(walk.items.length).toBeLessThanOrEqual(limit);
    got.push(...walk.items);
    from = walk.positionAfter(walk.items.length);
  } while (from);
  expect(got).toEqual(all);
});

test("every item has a place to go on after it", async () => {
  const { readPage } = vendor();
  const walk = await walkPages({ pagination: flexible, limit: 250, from: undefined, context: context(), readPage });
  for (const count of [0, 1, 99, 100, 101, 249]) {
    const rest = await walkPages({
      pagination: flexible,
      limit: 1,
      from: walk.positionAfter(count),
      context: context(),
      readPage,
    });
    expect(rest.items).toEqual([count + 1]);
  }
});

test("progress is told after each page when there is more than one, and only grows", async () => {
  const told: unknown[] = [];
  const progress = (...args: unknown[]) => void told.push(args);
  const { readPage } = vendor();
  await walkPages({ pagination: flexible, limit: 250, from: undefined, context: context({ progress }), readPage });
  expect(told).toEqual([
    [100, undefined, "100 items read"],
    [200, undefined, "200 items read"],
    [250, undefined, "250 items read"],
  ]);
  await walkPages({ pagination: flexible, limit: 100, from: undefined, context: context({ progress }), readPage });
  expect(told).toHaveLength(3);
});

test("row 61: the same page again stops the walk, and its items are not handed out twice", async () => {
  const { readPage, asked } = vendor((at) => ({ items: [1, 2, 3], next: { ...at, number: at.number + 1 } }));
  const walk = await walkPages({ pagination: flexible, limit: 50, from: undefined, context: context(), readPage });
  expect(asked).toHaveLength(2);
  expect(walk).toMatchObject({ items: [1, 2, 3], stopped: "the same page came twice" });
  expect(walk.positionAfter(3)).toBeUndefined();
});

test("row 61: marks of pages that lead in a circle stop the walk", async () => {
  const circle: Record<string, string> = { start: "a", a: "b", b: "a" };
  const { readPage, asked } = vendor((at) => ({
    items: [`item of ${at.token ?? "start"}`],
    next: { ...at, number: at.number + 1, token: circle[at.token ?? "start"] },
  }));
  const walk = await walkPages({ pagination: flexible, limit: 50, from: undefined, context: context(), readPage });
  expect(asked).toHaveLength(3);
  expect(walk.items).toEqual(["item of start", "item of a", "item of b"]);
  expect(walk.stopped).toBe("the pages lead back to one that was read already");
});

test("row 62: endless pages end after ten of them, with a place to go on", async () => {
  let item = 0;
  const { readPage, asked } = vendor((at) => ({ items: [item++], next: { ...at, number: at.number + 1 } }));
  const walk = await walkPages({ pagination: flexible, limit: 500, from: undefined, context: context(), readPage });
  expect(asked).toHaveLength(10);
  expect(walk.items).toHaveLength(10);
  expect(walk.stopped).toBeUndefined();
  expect(walk.positionAfter(10)).toMatchObject({ number: 11, skip: 0 });
});

test("row 64: three empty pages with a next one stop the walk, with a place to go on", async () => {
  const { readPage, asked } = vendor((at) => ({ items: [], next: { ...at, number: at.number + 1 } }));
  const walk = await walkPages({ pagination: flexible, limit: 50, from: undefined, context: context(), readPage });
  expect(asked).toHaveLength(3);
  expect(walk).toMatchObject({ items: [], stopped: "3 pages in a row were empty" });
  expect(walk.positionAfter(0)).toMatchObject({ number: 4 });
});

test("two empty pages on the way are passed over", async () => {
  const { readPage } = vendor((at) =>
    at.number === 2 || at.number === 3 ? { items: [], next: { ...at, number: at.number + 1 } } : undefined,
  );
  const walk = await walkPages({ pagination: fixed, limit: 50, from: undefined, context: context(), readPage });
  expect(walk.items).toEqual([...all.slice(0, 30), ...all.slice(90, 110)]);
  expect(walk.stopped).toBeUndefined();
});

test("row 63: a later page that fails keeps what was read, with the reason and the place to go on", async () => {
  const { readPage } = vendor((at) => {
    if (at.number === 3) throw new Problem("upstream_unreachable", "Acme failed.");
    return undefined;
  });
  const walk = await walkPages({ pagination: flexible, limit: 250, from: undefined, context: context(), readPage });
  expect(walk.items).toEqual(all.slice(0, 200));
  expect(walk.stopped).toBe("page 3 could not be read. Acme failed.");
  expect(walk.positionAfter(200)).toMatchObject({ number: 3, size: 100, skip: 0 });
  await expect(
    walkPages({
      pagination: flexible,
      limit: 10,
      from: { ...firstPosition(100), number: 3 },
      context: context(),
      readPage,
    }),
  ).rejects.toThrow("Acme failed.");
});

test("row 77: a cancelled walk reads no further page and hands out nothing", async () => {
  const abort = new AbortController();
  const { readPage, asked } = vendor((at) => {
    if (at.number === 2) {
      abort.abort();
      throw new Problem("timeout", "gone");
    }
    return undefined;
  });
  const walk = walkPages({
    pagination: flexible,
    limit: 250,
    from: undefined,
    context: context({ signal: abort.signal }),
    readPage,
  });
  await expect(walk).rejects.toThrow("gone");
  expect(asked).toEqual(["1×100", "2×100"]);
});
