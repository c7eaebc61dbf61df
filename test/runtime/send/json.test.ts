import { expect, test } from "vitest";
import { JsonError, parseJson } from "../../../src/runtime/send/json.ts";

test.each([
  // 51 and T46: integers beyond 2^53 survive
  ['{"id":9007199254740993}', { id: "9007199254740993" }],
  ['{"id":-9007199254740993}', { id: "-9007199254740993" }],
  ["[9007199254740991,9007199254740992]", [9007199254740991, "9007199254740992"]],
  ["123456789012345678901234567890", "123456789012345678901234567890"],
  [
    '{"a":1.1234567890123457,"b":1e30,"c":1000000000000000000.5}',
    { a: 1.1234567890123457, b: 1e30, c: 1e18 }, // fractions stay numbers
  ],
  // digits within texts are text
  [
    '{"a":"9007199254740993, \\"9007199254740993","9007199254740993":9007199254740993}',
    { a: '9007199254740993, "9007199254740993', "9007199254740993": "9007199254740993" },
  ],
  ['["\\\\",9007199254740993]', ["\\", "9007199254740993"]],
  ['["\\\\\\"",9007199254740993,"x"]', ['\\"', "9007199254740993", "x"]],
  [" { } ", {}],
  ["null", null],
])("reads %s", (text, want) => {
  expect(parseJson(text)).toEqual(want);
});

test.each([
  "",
  '{"a":',
  "NaN",
  '{"a":Infinity}',
  "undefined",
  '"9007199254740993',
  "a9007199254740993",
  "+9007199254740993",
  "09007199254740993",
  "9007199254740993.",
  '9007199254740993"a"',
  "{9007199254740993:1}x",
])("40 and 52: %j is no JSON", (text) => {
  expect(() => parseJson(text)).toThrow(JsonError);
});

test("T07 prototype pollution: __proto__ members are dropped, spelled in any way", () => {
  for (const key of ["__proto__", "\\u005f_proto__", "__prot\\u006f__"]) {
    const value = parseJson(`{"a":[{"${key}":{"polluted":1},"ok":2}],"constructor":{"x":1}}`) as { a: object[] };
    expect(Object.keys(value.a[0] ?? {})).toEqual(["ok"]);
    expect(Object.getPrototypeOf(value.a[0])).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  }
});

test("48 depth: 200 is read, more is refused without a crash", () => {
  const deep = "[".repeat(200) + "]".repeat(200);
  expect(JSON.stringify(parseJson(deep))).toBe(deep);
  expect(() => parseJson("[".repeat(201) + "]".repeat(201))).toThrow(JsonError);
  expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow(JsonError);
  expect(parseJson(`["${"[".repeat(500)}"]`)).toEqual(["[".repeat(500)]);
});

test("10 MB of backslashes and quotes take no time", { retry: 2 }, () => {
  const start = performance.now();
  expect(() => parseJson(`9007199254740993${'"\\'.repeat(5_000_000)}`)).toThrow(JsonError);
  expect(() => parseJson(`9007199254740993"${"\\".repeat(10_000_000)}`)).toThrow(JsonError);
  expect(performance.now() - start).toBeLessThan(2_000);
});
