import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { callTool, planCall } from "../../../src/runtime/call/call-tool.ts";
import type { ToolAnswer } from "../../../src/runtime/call/answer.ts";
import type { Pagination } from "../../../src/definition/pagination.ts";
import type { Deployment } from "../../../src/runtime/deployment.ts";
import { defineTool } from "../../../src/runtime/define-tool.ts";
import { encodeCursor } from "../../../src/runtime/page/cursor.ts";
import { context, deploy, problemOf } from "./deploy.ts";
import { pageOfRows, rows, startVendor, type SeenRequest, type Vendor, type VendorReply } from "./vendor.ts";

interface List {
  readonly items: readonly { readonly id: number }[];
  readonly next_cursor?: string;
  readonly total?: number;
  readonly partial?: boolean;
  readonly reason?: string;
  readonly notice?: string;
}

const listInput = {
  limit: z.int().min(1).max(500).default(30),
  cursor: z.string().optional(),
};

function listTool(pagination: Pagination, query: Readonly<Record<string, `$page.${string}`>>) {
  return defineTool({
    name: "list",
    title: "T",
    description: "D",
    annotations: { readOnlyHint: true },
    input: z.strictObject({ status: z.string().optional(), ...listInput }),
    request: { method: "GET", path: "/tickets", server: "api", query: { status: "$inputs.status", ...query } },
    pagination,
  });
}

const byLink = listTool(
  { items: "$response.body#/tickets", size: { max: 100 }, end: { by: "link" } },
  { page: "$page.number", per_page: "$page.size" },
);

let vendor: Vendor;
afterEach(() => vendor.close());

const page = (request: SeenRequest) => Number(request.query.get("page"));
const size = (request: SeenRequest) => Number(request.query.get("per_page"));

/** A vendor that pages `count` rows by number and tells of the next page in a Link header. */
async function linkVendor(
  count: number,
  change?: (request: SeenRequest, reply: VendorReply) => VendorReply | undefined,
) {
  const all = rows(count);
  vendor = await startVendor((request) => {
    const more = page(request) * size(request) < count;
    const link = `< ${vendor.url}/tickets?per_page=${size(request)}&page=${page(request) + 1}>;rel="next"`;
    const reply = {
      body: { tickets: pageOfRows(all, page(request), size(request)) },
      ...(more && { headers: { link } }),
    };
    return change ? change(request, reply) : reply;
  });
  return deploy(vendor.url, { list: byLink });
}

async function list(deployment: Deployment, args: object, more = {}): Promise<List> {
  const answer: ToolAnswer = await callTool(deployment, "list", args, context(more));
  expect(JSON.parse(answer.text)).toEqual(answer.value);
  return answer.value as unknown as List;
}

/** Walks to the end, with limits taken in turn. */
async function walk(deployment: Deployment, limits: readonly number[], args: object = {}) {
  const ids: number[] = [];
  let cursor: string | undefined;
  for (let call = 0; call < 100; call++) {
    const answer = await list(deployment, {
      ...args,
      limit: limits[call % limits.length],
      ...(cursor !== undefined && { cursor }),
    });
    ids.push(...answer.items.map(({ id }) => id));
    cursor = answer.next_cursor;
    if (cursor === undefined) return ids;
  }
  throw new Error("the list has no end");
}

const everyId = (count: number) => rows(count).map(({ id }) => id);

test("250 items by 40 come once each, in pages of one size", async () => {
  const deployment = await linkVendor(250);
  expect(await walk(deployment, [40])).toEqual(everyId(250));
  expect(vendor.seen.map((request) => `${page(request)}×${size(request)}`)).toEqual([
    "1×40",
    "2×40",
    "3×40",
    "4×40",
    "5×40",
    "6×40",
    "7×40",
  ]);
});

test("a caller who changes limit on the way gets every item once", async () => {
  expect(await walk(await linkVendor(250), [40, 100, 3, 250])).toEqual(everyId(250));
});

test("a limit of several pages reads them, tells of its progress and cuts the last", async () => {
  const told: unknown[] = [];
  const deployment = await linkVendor(450);
  const answer = await list(deployment, { limit: 250 }, { progress: (done: number) => void told.push(done) });
  expect(answer.items.map(({ id }) => id)).toEqual(everyId(250));
  expect(vendor.seen.map((request) => `${page(request)}×${size(request)}`)).toEqual(["1×100", "2×100", "3×100"]);
  expect(told).toEqual([100, 200, 250]);
});

interface Kind {
  readonly name: string;
  readonly tool: ReturnType<typeof listTool>;
  readonly answer: (request: SeenRequest, all: readonly { readonly id: number }[]) => VendorReply;
  readonly total?: number;
}

const number = { page: "$page.number" } as const;
const sized = { page: "$page.number", per_page: "$page.size" } as const;
const items = "$response.body#/rows";
const COUNT = 95;
const kinds: readonly Kind[] = [
  {
    name: "total, pages of 30",
    tool: listTool(
      { items, size: { max: 30, fixed: true }, end: { by: "total", at: "$response.body#/total" } },
      number,
    ),
    answer: (request, all) => ({ body: { rows: pageOfRows(all, page(request), 30), total: all.length } }),
    total: COUNT,
  },
  {
    name: "total in a header, by offset, from a vendor that hands out fewer than asked",
    tool: listTool(
      { items, size: { max: 50 }, end: { by: "total", at: "$response.header.X-Total" } },
      { start: "$page.offset", count: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = Number(query.get("start"));
      return {
        headers: { "x-total": String(all.length) },
        body: { rows: all.slice(start, start + Math.min(20, Number(query.get("count")))) },
      };
    },
    total: COUNT,
  },
  {
    name: "number of pages, total elsewhere",
    tool: listTool(
      {
        items,
        size: { max: 40 },
        end: { by: "pages", at: "$response.body#/meta/total_pages" },
        total: "$response.body#/meta/total_items",
      },
      sized,
    ),
    answer: (request, all) => ({
      body: {
        rows: pageOfRows(all, page(request), size(request)),
        meta: { total_pages: Math.ceil(all.length / size(request)), total_items: all.length },
      },
    }),
    total: COUNT,
  },
  {
    name: "short page",
    tool: listTool({ items, size: { max: 30, fixed: true }, maxPages: 40, end: { by: "short-page" } }, number),
    answer: (request, all) => ({ body: { rows: pageOfRows(all, page(request), 30) } }),
  },
  {
    name: "token",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "token", at: "$response.body#/next" } },
      { after: "$page.token", limit: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = Number(query.get("after") ?? 0);
      const end = start + Number(query.get("limit"));
      return { body: { rows: all.slice(start, end), next: end < all.length ? String(end) : null } };
    },
  },
  {
    name: "flag, by offset",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "flag", at: "$response.body#/has_more" } },
      { start: "$page.offset", count: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = Number(query.get("start"));
      const end = start + Number(query.get("count"));
      return { body: { rows: all.slice(start, end), has_more: end < all.length } };
    },
  },
  {
    name: "the id of the last item",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "flag", at: "$response.body#/has_more" }, lastItem: "/id" },
      { starting_after: "$page.token", limit: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = all.findIndex(({ id }) => String(id) === query.get("starting_after")) + 1;
      const end = start + Number(query.get("limit"));
      return { body: { rows: all.slice(start, end), has_more: end < all.length } };
    },
  },
  {
    name: "the URL of the next page, by number",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "link", at: "$response.body#/links/next" } },
      { page: "$page.index", per_page: "$page.size" },
    ),
    answer: (request, all) => {
      const rowsHere = pageOfRows(all, page(request) + 1, size(request));
      const more = (page(request) + 1) * size(request) < all.length;
      return { body: { rows: rowsHere, links: { next: more ? `/tickets?page=${page(request) + 1}` : null } } };
    },
  },
  {
    name: "the URL of the next page, with a token in it",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "link", at: "$response.body#/next", token: "cursor" } },
      { cursor: "$page.token", limit: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = Number(query.get("cursor")?.slice(2) ?? 0);
      const end = start + Number(query.get("limit"));
      return {
        body: {
          rows: all.slice(start, end),
          ...(end < all.length && { next: `${vendor.url}/t?limit=9&cursor=a%2F${end}` }),
        },
      };
    },
  },
  {
    name: "the URL of the next page, by number and token, which the vendor wants together",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "link", at: "$response.body#/next", token: "PageToken" } },
      { Page: "$page.index", PageToken: "$page.token", PageSize: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const [number, length] = [Number(query.get("Page")), Number(query.get("PageSize"))];
      const mark = number === 0 ? null : `PA${number * length}`;
      if (query.get("PageToken") !== mark) return { status: 400, body: { message: "Page and PageToken differ" } };
      const end = (number + 1) * length;
      const next = `/t?PageSize=${length}&Page=${number + 1}&PageToken=PA${end}`;
      return { body: { rows: all.slice(number * length, end), next: end < all.length ? next : null } };
    },
  },
  {
    name: "a Link header with a token in it",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "link", token: "after" } },
      { after: "$page.token", limit: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = Number(query.get("after") ?? 0);
      const end = start + Number(query.get("limit"));
      const link = `<${vendor.url}/tickets?after=${end}>; rel="next"`;
      return { body: { rows: all.slice(start, end) }, ...(end < all.length && { headers: { link } }) };
    },
  },
  {
    name: "the number of the first item, from 1",
    tool: listTool(
      { items, size: { max: 40 }, end: { by: "total", at: "$response.body#/total" } },
      { startIndex: "$page.start", count: "$page.size" },
    ),
    answer: ({ query }, all) => {
      const start = Number(query.get("startIndex")) - 1;
      return { body: { rows: all.slice(start, start + Number(query.get("count"))), total: all.length } };
    },
    total: COUNT,
  },
  {
    name: "single",
    tool: listTool({ items: ["$response.body", items], size: { max: 100 }, end: { by: "single" } }, {}),
    answer: (_request, all) => ({ body: { rows: all } }),
    total: COUNT,
  },
];

test.each(kinds)("paging by $name returns every item once", async ({ tool, answer, total }) => {
  const all = rows(COUNT);
  vendor = await startVendor((request) => answer(request, all));
  const deployment = deploy(vendor.url, { list: tool });
  for (const limits of [[10], [30], [200], [7, 50, 1]]) expect(await walk(deployment, limits)).toEqual(everyId(COUNT));
  const { total: told } = await list(deployment, { limit: 5 });
  expect(told).toBe(total);
});

test.each([
  { row: { name: "no id" }, next: undefined, says: "the last item has no /id" },
  { row: { id: "https://evil.example/" }, next: undefined, says: "is an address" },
])("a last item that cannot be gone on from ends the list: $row", async ({ row, says }) => {
  vendor = await startVendor(() => ({ body: { rows: [row], has_more: true } }));
  const tool = listTool(
    { items, size: { max: 40 }, end: { by: "flag", at: "$response.body#/has_more" }, lastItem: "/id" },
    { starting_after: "$page.token" },
  );
  expect((await list(deploy(vendor.url, { list: tool }), { limit: 5 })).reason).toContain(says);
  expect(vendor.seen).toHaveLength(1);
});

test.each([
  ["https://evil.example/t?cursor=1", "another server"],
  ["/t?page=2", "has no cursor"],
])("T13 the URL of the next page in the body is not followed: %s", async (next, says) => {
  vendor = await startVendor(() => ({ body: { rows: rows(40), next } }));
  const tool = listTool(
    { items, size: { max: 40 }, end: { by: "link", at: "$response.body#/next", token: "cursor" } },
    { cursor: "$page.token" },
  );
  expect((await list(deploy(vendor.url, { list: tool }), { limit: 100 })).reason).toContain(says);
  expect(vendor.seen).toHaveLength(1);
});

test("pages that the vendor does not serve are named, not passed over in silence", async () => {
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(rows(500), page(request), 30) } }));
  const tool = listTool({ items, size: { max: 30, fixed: true }, maxPages: 3, end: { by: "short-page" } }, number);
  const answer = await list(deploy(vendor.url, { list: tool }), { limit: 200 });
  expect(answer).toMatchObject({
    partial: true,
    reason: "there are no more than 3 pages to be had of this list; narrow the search to see the rest",
  });
  expect(answer.items).toHaveLength(90);
  expect(answer.next_cursor).toBeUndefined();
});

test.each([
  "https://evil.example/tickets?page=2",
  "//evil.example/tickets?page=2",
  "http://127.0.0.1:1/tickets?page=2",
  "http://good@evil.example/",
  "http://127.0.0.1.evil.example/",
])("T13, row 60: a next link to another host ends the list: %s", async (address) => {
  const deployment = await linkVendor(250, (_request, reply) => ({
    ...reply,
    headers: { link: `<${address}>; rel="next"` },
  }));
  const answer = await list(deployment, { limit: 250 });
  expect(answer).toMatchObject({ partial: true, reason: "the link to the next page leads to another server" });
  expect(answer.items).toHaveLength(100);
  expect(answer.next_cursor).toBeUndefined();
  expect(vendor.seen).toHaveLength(1);
});

test("T13 a next link to another path is never followed: the next page is asked for in our own words", async () => {
  const deployment = await linkVendor(150, (request, reply) => ({
    ...reply,
    ...(page(request) === 1 && { headers: { link: '</../admin?page=9>; rel="next"' } }),
  }));
  expect((await list(deployment, { limit: 150 })).items).toHaveLength(150);
  expect(vendor.seen.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual([
    "/tickets?page=1&per_page=100",
    "/tickets?page=2&per_page=100",
  ]);
});

test("T13 a page token that is an address is not handed on", async () => {
  vendor = await startVendor(() => ({ body: { rows: rows(3), next: "https://evil.example/?after=3" } }));
  const tool = listTool(
    { items, size: { max: 40 }, end: { by: "token", at: "$response.body#/next" } },
    { after: "$page.token" },
  );
  const answer = await list(deploy(vendor.url, { list: tool }), {});
  expect(answer).toMatchObject({
    partial: true,
    reason: "the mark of the next page is an address, and those are not followed",
  });
  expect(JSON.stringify(answer)).not.toContain("evil");
});

test("row 61: the same page token again stops the list", async () => {
  vendor = await startVendor((_request, count) => ({ body: { rows: [{ id: count }], next: "same" } }));
  const tool = listTool(
    { items, size: { max: 40 }, end: { by: "token", at: "$response.body#/next" } },
    { after: "$page.token" },
  );
  const answer = await list(deploy(vendor.url, { list: tool }), {});
  expect(answer).toMatchObject({
    items: [{ id: 1 }, { id: 2 }],
    partial: true,
    reason: "the mark of the next page is the one of this page",
  });
  expect(vendor.seen).toHaveLength(2);
});

test("row 62: endless pages end after ten requests, with a cursor", async () => {
  vendor = await startVendor((_request, count) => ({ body: { rows: [{ id: count }], more: true } }));
  const tool = listTool({ items, size: { max: 40 }, end: { by: "flag", at: "$response.body#/more" } }, number);
  const answer = await list(deploy(vendor.url, { list: tool }), { limit: 500 });
  expect(answer.items).toHaveLength(10);
  expect(answer.next_cursor).toMatch(/^[\w-]{20,}$/);
  expect(vendor.seen).toHaveLength(10);
});

test("T20 pages of 3 MB end after four of them, with a cursor that loses none", async () => {
  const all = rows(20, { body: "x".repeat(1_500_000) });
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(all, page(request), 2) } }));
  const tool = {
    ...listTool({ items, size: { max: 2, fixed: true }, end: { by: "short-page" } }, number),
    result: { fields: ["id"] },
  };
  const deployment = deploy(vendor.url, { list: tool });
  expect((await list(deployment, { limit: 20 })).items).toHaveLength(8);
  expect(vendor.seen).toHaveLength(4);
  expect(await walk(deployment, [20])).toEqual(everyId(20));
});

test("row 63: page 3 fails with 500: pages 1 and 2 are kept, and the cursor resumes", async () => {
  let broken = true;
  const deployment = await linkVendor(250, (request, reply) =>
    broken && page(request) === 3 ? { status: 500, body: { description: "oops" } } : reply,
  );
  const answer = await list(deployment, { limit: 250 });
  expect(answer.items.map(({ id }) => id)).toEqual(everyId(200));
  expect(answer.partial).toBe(true);
  expect(answer.reason).toMatch(/^page 3 could not be read\. /);
  broken = false;
  const rest = await list(deployment, { limit: 250, cursor: answer.next_cursor });
  expect(rest.items.map(({ id }) => id)).toEqual(everyId(250).slice(200));
});

test("a limit of ours that stops page 2 keeps page 1", async () => {
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(rows(90), page(request), 30) } }));
  const tool = listTool({ items, size: { max: 30, fixed: true }, end: { by: "short-page" } }, number);
  const answer = await list(deploy(vendor.url, { list: tool }, { api: { limits: { upstream: ["1/minute"] } } }), {
    limit: 60,
  });
  expect(answer.items).toHaveLength(30);
  expect(answer.reason).toContain("page 2 could not be read. The local limit of 1 request a minute");
  expect(answer.next_cursor).toMatch(/^[\w-]{20,}$/);
});

test("row 64: three empty pages in a row stop the list", async () => {
  vendor = await startVendor(() => ({ body: { rows: [], more: true } }));
  const tool = listTool({ items, size: { max: 40 }, end: { by: "flag", at: "$response.body#/more" } }, number);
  const answer = await list(deploy(vendor.url, { list: tool }), {});
  expect(answer).toMatchObject({ items: [], partial: true, reason: "3 pages in a row were empty" });
  expect(vendor.seen).toHaveLength(3);
});

test("T33, row 65: a cursor that was tampered with, or is of another call, costs nothing", async () => {
  const limits = { calls: ["2/minute"] };
  const deployment = { ...(await linkVendor(250)) };
  const limited = deploy(vendor.url, { list: byLink, other: { ...byLink, name: "other" } }, { api: { limits } });
  const { next_cursor: cursor = "" } = await list(deployment, { limit: 40, status: "open" });
  vendor.seen.length = 0;
  const flipped = cursor.slice(0, 9) + (cursor[9] === "A" ? "B" : "A") + cursor.slice(10);
  const forged = Buffer.from(JSON.stringify([1, 0, 2, 40, 40, 0, null, "x"])).toString("base64url");
  for (const args of [
    { status: "open", cursor: flipped },
    { status: "open", cursor: forged },
    { status: "closed", cursor },
    { cursor: "" },
  ]) {
    expect((await problemOf(callTool(limited, "list", args, context()))).code).toBe("invalid_cursor");
    expect((await problemOf(planCall(limited, "list", args))).code).toBe("invalid_cursor");
  }
  expect((await problemOf(callTool(limited, "other", { status: "open", cursor }, context()))).code).toBe(
    "invalid_cursor",
  );
  expect(vendor.seen).toEqual([]);
  await callTool(limited, "list", { status: "open", cursor }, context());
  await callTool(limited, "list", { status: "open", cursor, limit: 3 }, context());
});

test("T33 a forged cursor with the right digest still asks for nothing that a call of ours would not", async () => {
  const deployment = await linkVendor(250);
  const subject = { api: "acme", tool: "list", inputs: {} };
  const position = { number: 2, offset: 40, token: undefined, size: 40, skip: 0 };
  const cursor = (more: object, route = 0) => encodeCursor({ route, position: { ...position, ...more } }, subject);
  for (const forged of [cursor({ size: 10_000 }), cursor({ size: 101 }), cursor({}, 1)]) {
    expect((await problemOf(callTool(deployment, "list", { cursor: forged }, context()))).code).toBe("invalid_cursor");
    expect((await problemOf(planCall(deployment, "list", { cursor: forged }))).code).toBe("invalid_cursor");
  }
  expect(vendor.seen).toEqual([]);
  expect((await list(deployment, { cursor: cursor({}) })).items[0]).toEqual({ id: 41 });
});

test("a deadline that passes on page 2 keeps page 1", async () => {
  const all = rows(250);
  vendor = await startVendor((request) =>
    page(request) === 1
      ? { body: { rows: pageOfRows(all, 1, size(request)), more: true } }
      : new Promise(() => undefined),
  );
  const tool = listTool({ items, size: { max: 40 }, end: { by: "flag", at: "$response.body#/more" } }, sized);
  const answer = await list(deploy(vendor.url, { list: tool }), { limit: 80 }, { deadlineAt: Date.now() + 400 });
  expect(answer.items).toHaveLength(40);
  expect(answer).toMatchObject({ partial: true, reason: expect.stringMatching(/^page 2 could not be read\. /) });
  expect(answer.next_cursor).toMatch(/^[\w-]{20,}$/);
});

test("row 77: a call cancelled between pages asks for no further one", async () => {
  const abort = new AbortController();
  const deployment = await linkVendor(450, (request, reply) => {
    if (page(request) === 2) abort.abort();
    return reply;
  });
  expect((await problemOf(callTool(deployment, "list", { limit: 450 }, context({ signal: abort.signal })))).code).toBe(
    "cancelled",
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(vendor.seen).toHaveLength(2);
});

test.each([{ tickets: { id: 1 } }, { data: [] }, [], "text"])(
  "a body without the list is refused: %j",
  async (body) => {
    const deployment = await linkVendor(1, () => ({ body: JSON.stringify(body) }));
    const { code, message } = await problemOf(callTool(deployment, "list", {}, context()));
    expect(code).toBe("invalid_response");
    expect(message).toMatch(/^Acme answered, but without a list at \/tickets\./);
  },
);

test.each([{ body: { tickets: null } }, { body: {} }, { status: 204 }, { body: "" }])(
  "a list that is not there because it is empty: %j",
  async (reply) => {
    expect(await list(await linkVendor(1, () => reply), {})).toEqual({ items: [] });
  },
);

test("a list of which the vendor tells that it has no items may be left out", async () => {
  vendor = await startVendor((_request, count) => ({ body: { total: count === 1 ? 0 : 7 } }));
  const tool = listTool({ items, size: { max: 30 }, end: { by: "total", at: "$response.body#/total" } }, sized);
  const deployment = deploy(vendor.url, { list: tool });
  expect(await list(deployment, {})).toEqual({ items: [], total: 0 });
  expect((await problemOf(callTool(deployment, "list", {}, context()))).code).toBe("invalid_response");
});

test.each([
  { by: "total", at: "$response.body#/total" },
  { by: "pages", at: "$response.body#/pages" },
] as const)("paging by $by goes on behind a full page when the vendor does not tell it", async (end) => {
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(rows(95), page(request), 30) } }));
  const deployment = deploy(vendor.url, { list: listTool({ items, size: { max: 30, fixed: true }, end }, number) });
  expect(await walk(deployment, [95])).toEqual(everyId(95));
});

test("a vendor that hands out more than it was asked for loses nothing", async () => {
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(rows(450), page(request), 200) } }));
  const tool = listTool({ items, size: { max: 100 }, end: { by: "short-page" } }, sized);
  expect(await walk(deploy(vendor.url, { list: tool }), [150])).toEqual(everyId(450));
});

test("progress is told of what this call reads, not of the whole list", async () => {
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(rows(250), page(request), 30), total: 250 } }));
  const tool = listTool(
    { items, size: { max: 30, fixed: true }, end: { by: "total", at: "$response.body#/total" } },
    number,
  );
  const deployment = deploy(vendor.url, { list: tool });
  const told: unknown[] = [];
  const progress = (done: number, total: number | undefined) => void told.push([done, total]);
  const { next_cursor: cursor } = await list(deployment, { limit: 190 });
  await list(deployment, { limit: 100, cursor }, { progress });
  expect(told).toEqual([
    [20, 60],
    [50, 60],
    [60, 60],
  ]);
});

test("T21 an answer that is too long drops items from its end and loses none", async () => {
  const all = rows(120, { body: "x".repeat(1_500) });
  vendor = await startVendor((request) => ({ body: { rows: pageOfRows(all, page(request), 30), total: all.length } }));
  const tool = listTool(
    { items, size: { max: 30, fixed: true }, end: { by: "total", at: "$response.body#/total" } },
    number,
  );
  const deployment = deploy(vendor.url, { list: tool });
  const first = await list(deployment, { limit: 120 });
  expect(first.items).toHaveLength(26);
  expect(first.notice).toContain("Shows 26 of the 120 items read");
  expect(await walk(deployment, [120])).toEqual(everyId(120));
});

test("items are shaped one by one", async () => {
  vendor = await startVendor(() => ({ body: { rows: [{ id: 1, a: { b: 2, c: 3 }, d: null }, { id: 2 }] } }));
  const tool = {
    ...listTool({ items, size: { max: 40 }, end: { by: "single" } }, {}),
    result: { fields: ["id", "a.b", "d"] },
  };
  expect((await list(deploy(vendor.url, { list: tool }), {})).items).toEqual([{ id: 1, a: { b: 2 } }, { id: 2 }]);
});

test("a dry run shows the page that a cursor names", async () => {
  const deployment = await linkVendor(250);
  const { next_cursor: cursor } = await list(deployment, { limit: 40 });
  const url = `${vendor.url}/tickets?page=1&per_page=7`;
  expect(await planCall(deployment, "list", { limit: 7 })).toMatchObject({ url });
  const second = `${vendor.url}/tickets?page=2&per_page=40`;
  expect(await planCall(deployment, "list", { limit: 7, cursor })).toMatchObject({ url: second });
});
