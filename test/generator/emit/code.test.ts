import { describe, expect, test } from "vitest";
import { comment, id, join, key, ts } from "../../../src/generator/emit/code.ts";

describe("ts quotes whatever is not code", () => {
  const cases = [
    { given: "plain", want: '"plain"' },
    { given: 'say "hi"', want: `'say "hi"'` },
    { given: `it's "x"`, want: `"it's \\"x\\""` },
    { given: 'mail from "Bo"', want: '"mail from \\"Bo\\""' },
    { given: 'a\\"b', want: `'a\\\\"b'` },
    { given: "`${x}`", want: '"`${x}`"' },
    { given: "a\nb\r\t", want: '"a\\nb\\r\\t"' },
    { given: "\u2028\u2029", want: '"\\u2028\\u2029"' },
    { given: "\u202e\u200b\ufeff\u{e0041}", want: '"\\u202e\\u200b\\ufeff\\udb40\\udc41"' },
    { given: "\ud800", want: '"\\ud800"' },
    { given: "family 👨‍👩‍👧 日本", want: '"family 👨‍👩‍👧 日本"' },
    { given: 1.5, want: "1.5" },
    { given: true, want: "true" },
    { given: null, want: "null" },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    const { text } = ts`${given}`;
    expect(text).toBe(want);
    expect(new Function(`return ${text}`)()).toBe(given);
  });
});

test("code goes in as it is", () => {
  expect(ts`f(${join([ts`a`, ts`${"b"}`], ts`, `)})`.text).toBe('f(a, "b")');
});

test("a number that JSON has no word for is refused", () => {
  expect(() => ts`${Number.NaN}`).toThrow(TypeError);
  expect(() => ts`${Infinity}`).toThrow(TypeError);
});

test.each(["a", "_a1", "$", "listTickets"])("%s is an identifier", (name) => expect(id(name).text).toBe(name));
test.each(["", "1a", "a-b", "a b", "a;alert(1)", "class", "await", "é", "a\u2028"])("%j is no identifier", (name) => {
  expect(() => id(name)).toThrow(TypeError);
});

test.each([
  { given: "a", want: "a" },
  { given: "class", want: "class" },
  { given: "a-b", want: '"a-b"' },
  { given: "1", want: '"1"' },
  { given: "__proto__", want: '["__proto__"]' },
  { given: "a]: 1, [b", want: '"a]: 1, [b"' },
])("the key $given is written $want", ({ given, want }) => {
  expect(key(given).text).toBe(want);
  const made = new Function(`return { ${key(given).text}: 1 }`)() as object;
  expect(Object.keys(made)).toEqual([given]);
});

test.each([
  { given: "a */ b", want: "a * / b" },
  { given: "a **// b", want: "a ** // b" },
  { given: "two\nlines\u2028three", want: "two lines three" },
  { given: "\u202eturned", want: "turned" },
])("a comment stays one line and cannot close: $given", ({ given, want }) => {
  expect(comment(given).text).toBe(want);
  expect(new Function(`/* ${comment(given).text} */ return 1`)()).toBe(1);
});
