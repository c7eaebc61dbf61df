import { expect, test } from "vitest";
import { arrange } from "../../../src/runtime/page/arrange.ts";

const asItIs = (item: unknown) => item;
const rows = [
  { Ticket: "T10", Client: "Acorn Construction", Opened: "2026-08-03T07:40:00", Hours: 2, Closed: false },
  { Ticket: "T9", Client: "Bluebird", Opened: "2026-07-14T13:00:00", Hours: 12, Closed: false },
  { Ticket: "T2", Client: "ACORN Construction", Opened: "2026-11-18T10:20:00", Hours: null, Closed: true },
  { Ticket: "T1", Client: null, Opened: "", Hours: 1, Closed: false },
];
const tickets = (items: readonly unknown[]) => items.map((row) => (row as { Ticket: string }).Ticket); // the rows above

test("with nothing asked the list is the same list", () => {
  expect(arrange(rows, asItIs, {})).toBe(rows);
});

test.each([
  [{ Client: "acorn" }, ["T10", "T2"]],
  [{ client: "Construction", Closed: false }, ["T10"]],
  [{ Closed: true }, ["T2"]],
  [{ Closed: "false" }, ["T10", "T9", "T1"]],
  [{ Hours: 12 }, ["T9"]],
  [{ Hours: "1" }, ["T9", "T1"]],
  [{ Client: null }, ["T1"]],
  [{ Opened: "" }, ["T1"]],
  [{ Client: "nobody" }, []],
])("filter %j keeps %j", (filter, kept) => {
  expect(tickets(arrange(rows, asItIs, { filter }))).toEqual(kept);
});

test.each([
  ["Opened", ["T9", "T10", "T2", "T1"]],
  ["-Opened", ["T2", "T10", "T9", "T1"]],
  ["ticket", ["T1", "T2", "T9", "T10"]],
  ["Hours", ["T1", "T10", "T9", "T2"]],
  ["-Hours", ["T9", "T10", "T1", "T2"]],
  ["Closed", ["T10", "T9", "T1", "T2"]],
])("sort %s gives %j: what is empty comes last, equals stay in order", (sort, order) => {
  expect(tickets(arrange(rows, asItIs, { sort }))).toEqual(order);
});

test("names are those that the model sees, and the vendor's items come back", () => {
  const vendor = [{ u: { n: "b" } }, { u: { n: "a" } }];
  const seen = (item: unknown) => ({ name: (item as (typeof vendor)[number]).u.n }); // the two above
  expect(arrange(vendor, seen, { sort: "name" })).toEqual([vendor[1], vendor[0]]);
  expect(() => arrange(vendor, seen, { sort: "u" })).toThrow('sort: no item has a field "u". There are name.');
});

test("a field whose name begins with a hyphen is that field, not an order", () => {
  expect(arrange([{ "-n": 2 }, { "-n": 1 }], asItIs, { sort: "-n" })).toEqual([{ "-n": 1 }, { "-n": 2 }]);
});

test("a name that is not there is told with those that are, however many", () => {
  const wide = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`column ${index}`, index]));
  expect(() => arrange([wide], asItIs, { filter: { "colunm 7": 1 } })).toThrow(
    /no item has a field "colunm 7".*column 39 and 20 more/,
  );
});

test("an empty list has no fields, and no problem", () => {
  expect(arrange([], asItIs, { filter: { any: 1 }, sort: "thing" })).toEqual([]);
});

test("what an object inherits is no field of it", () => {
  expect(() => arrange(rows, asItIs, { sort: "constructor" })).toThrow("no item has a field");
});

test("100,000 rows are narrowed and sorted in a moment", { retry: 2 }, () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({
    id: index,
    day: `2026-01-${String((index * 7) % 28)}`,
  }));
  const started = performance.now();
  const [first] = arrange(many, asItIs, { filter: { day: "14" }, sort: "-id" });
  expect(performance.now() - started).toBeLessThan(5_000); // generous: the machine is shared
  expect(first).toEqual({ id: 99_998, day: "2026-01-14" });
});
