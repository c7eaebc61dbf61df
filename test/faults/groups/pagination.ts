import { expect } from "vitest";
import { serve } from "../bench.ts";
import type { Row } from "../row.ts";
import { type Fault, http } from "../vendor.ts";
import { sendJson } from "./answers.ts";

/** A list whose pages are made by number, from 1, with a token of the next. */
function pages(page: (number: number, origin: string) => object | number): Fault {
  return http((response, attempt, request) => {
    const made = page(attempt, `http://${request.headers.host}`);
    if (typeof made === "number") response.writeHead(made).end();
    else sendJson(response, JSON.stringify(made));
  });
}
const things = (...ids: readonly number[]) => ids.map((id) => ({ id }));
const ids = (count: number) => things(...Array.from({ length: count }, (_, index) => index + 1));

/** Links to a page at another host, which nothing may reach. */
const linkedElsewhere: Fault = async () => {
  const other = await http((response) => sendJson(response, "{}"))();
  const vendor = await pages((number) => ({ things: things(number), next: `${other.url}/linked?page=2` }))();
  const close = async () => void (await Promise.all([vendor.close(), other.close()]));
  return { ...vendor, close, strayed: other.attempts };
};

/** Faults of lists that are read page by page. They only read. */
export const PAGINATION: readonly Row[] = [
  {
    number: 60,
    fault: "the link to the next page leads to another host",
    reading: {
      tool: "list_linked",
      vendor: linkedElsewhere,
      attempts: 1,
      value: { items: things(1), partial: true, reason: "the link to the next page leads to another server" },
      note: "what was read, `partial`; nothing goes there",
    },
  },
  {
    number: 61,
    fault: "the same token again, or a circle of them",
    reading: {
      tool: "list_things",
      vendor: pages((number) => ({ things: things(number, 10 + number), next: number % 2 === 1 ? "a" : "b" })),
      attempts: 3,
      value: { partial: true, reason: "the pages lead back to one that was read already" },
      note: "what was read, `partial`",
    },
  },
  {
    number: 62,
    fault: "pages without an end",
    reading: {
      tool: "list_things",
      vendor: pages((number) => ({ things: things(number * 2 - 1, number * 2), next: `t${number}` })),
      attempts: 10,
      value: { items: ids(20), next_cursor: expect.any(String) as string },
      note: "ten pages and a cursor",
    },
  },
  {
    number: 63,
    fault: "page 3 fails",
    reading: {
      tool: "list_things",
      vendor: pages((number) =>
        number === 3 ? 500 : { things: things(number * 2 - 1, number * 2), next: `t${number}` },
      ),
      attempts: 3,
      value: {
        items: ids(4),
        partial: true,
        next_cursor: expect.any(String) as string,
        reason: expect.stringContaining("page 3 could not be read") as string,
      },
      note: "pages 1 and 2, `partial`, and a cursor to go on",
    },
  },
  {
    number: 64,
    fault: "empty pages that say there is more",
    reading: {
      tool: "list_things",
      vendor: pages((number) => ({ things: number === 1 ? things(1) : [], next: `t${number}` })),
      attempts: 4,
      value: { items: things(1), partial: true, next_cursor: expect.any(String) as string },
      note: "three in a row, then `partial` with a cursor",
    },
  },
  {
    number: 65,
    fault: "a cursor that the client changed",
    reading: { says: "not asked: `invalid_cursor`", prove: tamperedCursor },
  },
  {
    number: 66,
    fault: "items move between two pages while they are read",
    reading: {
      tool: "list_things",
      vendor: pages((number) => (number === 1 ? { things: things(1, 2), next: "t" } : { things: things(2, 3) })),
      attempts: 2,
      value: { items: things(1, 2, 2, 3) },
      note: "as the vendor says it, an item twice where he says so",
    },
    differs:
      "No setting drops an item that came twice: where one item moved back by a page, another was passed over, and the second copy is the only sign of it (measured by this row: the vendor's own pages say 1 2, 2 3).",
  },
];

async function tamperedCursor(): Promise<void> {
  const vendor = await pages((number) => ({ things: things(number * 2 - 1, number * 2), next: `t${number}` }))();
  const served = await serve(vendor);
  const { value } = await served.call("list_things", { limit: 2 });
  const cursor = String(value?.["next_cursor"]);
  const place = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown[];
  place[2] = 7; // another page, under the digest of this one
  const forged = [Buffer.from(JSON.stringify(place)).toString("base64url"), `${cursor.slice(0, -2)}AA`, "x", ""];
  const before = vendor.attempts();
  for (const era of ["modern", "legacy"] as const) {
    for (const given of forged) {
      const called = await served.call("list_things", { limit: 2, cursor: given }, { era });
      expect(called).toMatchObject({ status: 200, isError: true });
      expect(called.text).toMatch(/^cursor: not one that list_things gave out/);
    }
  }
  expect(vendor.attempts()).toBe(before);
  expect((await served.call("list_things", { limit: 2, cursor })).value).toMatchObject({ items: things(3, 4) });
  await served.close();
  await vendor.close();
}
