import { describe, expect, test } from "vitest";
import { select } from "../../src/sandbox/list.ts";
import { cut } from "../../src/sandbox/page.ts";
import type { ListOperation } from "../../src/sandbox/grammar/list.ts";
import { NOW, smallCollections, smallFile } from "./small-vendor.ts";

const collections = smallCollections();
const { language, paging } = smallFile();

function operation(parts: Readonly<Record<string, unknown>>): ListOperation {
  const file = smallFile({ operations: { listTickets: { list: "tickets", as: "tickets", page: "link", ...parts } } });
  return file.operations["listTickets"] as ListOperation; // it has `list`
}

const find = (parts: Readonly<Record<string, unknown>>, query: Readonly<Record<string, unknown>> = {}, path = {}) =>
  select(operation(parts), { path, query }, { collections, language, now: NOW }).map(({ id }) => id);

describe("selecting", () => {
  const status = { where: { status: {} } };
  const query = { where: { query: { op: "language", fields: ["tag", "email", "created_at"], custom: "fields" } } };
  const since = { where: { since: { field: "created_at", op: ">=" } } };
  const search = { where: { q: { op: "search", fields: ["subject", "plain"] } } };
  const email = {
    where: { email: { field: "person_id", through: { collection: "people", match: "email", give: "id" } } },
  };

  test.each([
    ["everything, in the order it came in", {}, {}, [7, 8]],
    ["by a field", status, { status: 4 }, [8]],
    ["not at all without the parameter", status, {}, [7, 8]],
    ["by a default", { where: { status: { default: 2, any: 0 } } }, {}, [7]],
    ["by the value that stands for all", { where: { status: { default: 2, any: 0 } } }, { status: 0 }, [7, 8]],
    ["by a time", since, { since: "2026-11-01T00:00:00Z" }, [7]],
    ["by a time of another zone", since, { since: "2026-09-02T03:00:00Z" }, [7]],
    ["by another collection", email, { email: "john@acme.com" }, [7]],
    ["by somebody who does not exist: nothing", email, { email: "nobody@acme.com" }, []],
    ["by words in any field", search, { q: "monday SCREEN" }, [7]],
    ["by words of which one is nowhere", search, { q: "monday sound" }, []],
    ["by a named query", { where: { f: { cases: { mine: "person_id:31" } } } }, { f: "mine" }, [7]],
    ["by fixed values", { only: { status: 4 } }, {}, [8]],
    ["within a window", { window: { field: "created_at", days: 30, unless: ["since"] } }, {}, [7]],
    [
      "beyond the window when asked",
      { window: { field: "created_at", days: 30, unless: ["since"] } },
      { since: 1 },
      [7, 8],
    ],
    ["sorted", { sort: { by: "created_at", direction: "asc" } }, {}, [8, 7]],
    [
      "sorted as asked",
      { sort: { by: "created_at", parameter: "order", direction: "asc" } },
      { order: "desc" },
      [7, 8],
    ],
    ["by an alias of the query language", query, { query: "\"tag:'vpn'\"" }, [7]],
    ["by an alias into another collection", query, { query: "\"email:'john@acme.com'\"" }, [7]],
    ["by a custom field", query, { query: '"floor:>3"' }, [7]],
  ])("%s", (_, parts, parameters, ids) => expect(find(parts, parameters)).toEqual(ids));

  test("by a parameter of the path", () => {
    const notes = { list: "notes", where: { ticket: { in: "path", field: "ticket_id" } } };
    expect(find(notes, {}, { ticket: 7 })).toEqual([1, 2, 3]);
    expect(find(notes, {}, { ticket: 8 })).toEqual([]);
  });

  test.each([
    ["tag:'vpn'", 'must stand in " quotes'],
    ['"', 'must stand in " quotes'],
    [`"${"x".repeat(41)}"`, "is longer than 40 characters"],
    ['"status:2"', "there is no field status"], // a field, and not one that this parameter knows
    ['"__proto__:2"', "there is no field __proto__"],
  ])("the query %s is refused", (text, message) => expect(() => find(query, { query: text })).toThrow(message));
});

describe("pages", () => {
  const rows = Array.from({ length: 65 }, (_, i) => ({ id: i + 1 }));
  const meta = { meta: { meta: { items: "{total}", pages: "{pages}", at: "{page}" } } };
  const fixed = { page: "link", fixed: { when: ["q"], size: 30, pages: 40 } };
  test.each([
    ["link, the default size", "link", {}, [1, 30], {}, 2],
    ["link, asked for", "link", { page: 2, per_page: 50 }, [51, 65], {}, undefined],
    ["link, to the last row", "link", { page: 1, per_page: 65 }, [1, 65], {}, undefined],
    ["link, beyond the end", "link", { page: 9 }, [], {}, undefined],
    [
      "total, which has one size",
      { total: "count", size: 30 },
      { page: 3, per_page: 5 },
      [61, 65],
      { count: 65 },
      undefined,
    ],
    ["meta", meta, { page: 2 }, [31, 60], { meta: { items: 65, pages: 3, at: 2 } }, undefined],
    ["none", "none", { page: 2 }, [1, 65], {}, undefined],
  ])("%s", (_, page, query, [first, last = first], beside, next) => {
    const found = cut(rows, operation({ page }), query, paging);
    expect([found.rows[0]?.["id"], found.rows.at(-1)?.["id"]]).toEqual([first, last]);
    expect(found).toMatchObject({ beside, next });
  });

  test("a parameter may fix the size, and end it all", () => {
    expect(cut(rows, operation(fixed), { q: "x", per_page: 5 }, paging)).toMatchObject({ next: undefined });
    expect(cut(rows, operation(fixed), { q: "x", per_page: 5 }, paging).rows).toHaveLength(30);
    expect(cut(rows, operation(fixed), { per_page: 5 }, paging).rows).toHaveLength(5);
    expect(() => cut(rows, operation(fixed), { q: "x", page: 41 }, paging)).toThrow("there is no page after 40");
  });
});
