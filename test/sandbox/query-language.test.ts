import { describe, expect, test } from "vitest";
import { parseQuery } from "../../src/sandbox/query-language.ts";

const ROWS = [
  {
    id: 1,
    status: 2,
    priority: 3,
    tags: ["vpn", "net"],
    name: "O'Neil",
    due: "2026-11-20T10:00:00Z",
    owner: null,
    spam: false,
  },
  { id: 2, status: 2, priority: 1, tags: [], name: "Miller", due: "2026-12-01T10:00:00Z", owner: 9, spam: false },
  { id: 3, status: 4, priority: 4, tags: ["VPN"], name: "Patel", due: null, owner: 9, spam: true },
];
const reader = (name: string) =>
  Object.hasOwn(ROWS[0] ?? {}, name) ? (row: Record<string, unknown>) => row[name] : undefined;
const find = (query: string) => ROWS.filter(parseQuery(query, reader)).map(({ id }) => id);

test.each([
  ["status:2", [1, 2]],
  ["priority:>3", [1, 3]], // at least
  ["priority:<3", [1, 2]], // at most
  ["priority:-1", []],
  ["owner:null", [1]],
  ["tags:null", [2]], // an empty list is nothing
  ["spam:true", [3]],
  ["spam:false", [1, 2]],
  ["tags:'vpn'", [1, 3]], // in any case, within lists
  ["name:'miller'", [2]],
  [String.raw`name:'O\'Neil'`, [1]],
  ["due:>'2026-12-01'", [2]],
  ["due:<'2026-12-01'", [1]], // what is null is in no range
  ["status:'2'", []], // a text is no number
  ["~[name]:'pa'", [3]],
  ["~[name|due]:'2026-11'", [1]],
  ["  status:2   AND priority:1 ", [2]],
  ["name:'AND (x) OR'", []],
])("%s finds %j", (query, ids) => expect(find(query)).toEqual(ids));

describe("precedence", () => {
  test.each([
    ["status:4 OR status:2 AND priority:1", [2, 3]], // AND binds before OR
    ["(status:4 OR status:2) AND priority:1", [2]],
    ["priority:1 AND (status:4 OR (status:2 AND owner:9))", [2]],
    ["status:2 AND priority:1 OR status:4 AND priority:4", [2, 3]],
    ["((status:2))", [1, 2]],
  ])("%s", (query, ids) => expect(find(query)).toEqual(ids));
});

test.each([
  ["", "a condition such as name:value is expected at the end"],
  ["status", "a condition such as name:value is expected at status"],
  ["status:", "a value is missing at the end"],
  ["colour:2", "there is no field colour"],
  ["constructor:2", "there is no field constructor"],
  ["~[name|colour]:'x'", "there is no field colour"],
  ["~[name]:3", "a text is expected after ~[ ]:"],
  ["name:Miller", "texts and dates stand in single quotes: 'Miller'"],
  ["due:>2026-12-01", "texts and dates stand in single quotes: '2026-12-01'"],
  ["status:2 and priority:3", "AND or OR is expected before and"],
  ["status:2 priority:3", "AND or OR is expected before priority:"],
  ["(status:2", "a ) is missing"],
  ["status:2)", "AND or OR is expected before )"],
  ["status:2 AND", "a condition such as name:value is expected at the end"],
  ["NOT status:2", "a condition such as name:value is expected at NOT"],
  ["name:'Miller", "it cannot be read from character 6"],
  ["status:2 AND 'x'", "a condition such as name:value is expected at 'x'"],
])("%j cannot be read: %s", (query, message) => expect(() => find(query)).toThrow(message));
